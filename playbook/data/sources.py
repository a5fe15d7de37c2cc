"""Connections to where the rows are: which driver, how it is opened, what it says when it fails."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playbook.data import engine
from playbook.data.source_address import PASSWORD_VARIABLE, Address
from playbook.errors import PlaybookError
from playbook.text import gettext as _

CONNECT_SECONDS = 10
LONGEST_REASON = 300
QUIET = """
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c: %m%n
"""
_NAMES = {
    "bigquery": "BigQuery",
    "clickhouse": "ClickHouse",
    "duckdb": "DuckDB",
    "postgresql": "Postgres",
    "snowflake": "Snowflake",
    "spark": "Spark",
    "trino": "Trino",
}
_EXTRAS = {"postgresql": "playbook[postgres]", "spark": "playbook[spark]"}
_DRIVERS = frozenset(
    {"psycopg", "py4j", "pyspark", "duckdb", "_duckdb"}
    | {"google", "snowflake", "clickhouse_connect", "trino", "requests"}
)


def name_of(address: Address) -> str:
    """The engine by the name that people know."""
    return _NAMES[address.engine]


def open_source(address: Address, folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    """An Ibis connection to a source; nothing is ever written there.

    Args:
        address: Where it is.
        folder: Data folder of the engagement; Spark on this machine spills beside it.

    Raises:
        PlaybookError: A driver is missing, nobody answers, or the source refuses.
    """
    with explained(address):
        return _OPEN[address.engine](address, folder)


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Turn what a source and its driver refuse into one sentence."""
    try:
        yield
    except ImportError as error:
        raise _no_driver(address) from error
    except Exception as error:
        if not _is_of_driver(error):
            raise
        words = _("{engine} refused: {reason}").format(
            engine=name_of(address), reason=_reason(error)
        )
        advice = _("Source: {address}. A password goes into the environment: {variable}.")
        raise PlaybookError(
            words, advice=advice.format(address=address.text, variable=PASSWORD_VARIABLE)
        ) from error


def _no_driver(address: Address) -> PlaybookError:
    package = _EXTRAS.get(address.engine, f"ibis-framework[{address.engine}]")
    return PlaybookError(
        _("{engine} needs a driver that is not installed.").format(engine=name_of(address)),
        advice=_("Install it: pip install '{package}'").format(package=package),
    )


def _is_of_driver(error: Exception) -> bool:
    import ibis.common.exceptions as ibis_errors

    kinds = (ibis_errors.TableNotFound, ibis_errors.IbisInputError)
    packages = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    return isinstance(error, kinds) or bool(packages & _DRIVERS)


def _reason(error: Exception) -> str:
    """The line of an error that says something, without the password."""
    import ibis.common.exceptions as ibis_errors

    if isinstance(error, ibis_errors.TableNotFound):
        return _("there is no table {name}").format(name=error)
    lines = [line.strip(" :\t") for line in str(error).splitlines()] or [type(error).__name__]
    telling = [line for line in lines if line and not line.startswith("An error occurred while")]
    text = (telling or lines)[0][:LONGEST_REASON]
    secret = os.environ.get(PASSWORD_VARIABLE)
    return text.replace(secret, "•••") if secret else text


def _password() -> dict[str, str]:
    secret = os.environ.get(PASSWORD_VARIABLE)
    return {"password": secret} if secret else {}


def _postgres(address: Address, _folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    """Postgres, read only; libpq finds PGPASSWORD and ~/.pgpass by itself."""
    import ibis
    import psycopg  # noqa: F401 - says by itself that it is missing

    if address.port and address.server:
        _knock(address)
    stated = {key: address.stated[key] for key in ("schema", "sslmode") if key in address.stated}
    given = {
        "host": address.server,
        "port": address.port,
        "user": address.user,
        "database": address.path.strip("/"),
    }
    connection = ibis.postgres.connect(
        **{key: value for key, value in given.items() if value},
        **_password(),
        **stated,
        connect_timeout=CONNECT_SECONDS,
        application_name="playbook",
    )
    with connection.begin() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute("SET cursor_tuple_fraction = 1")  # all rows are wanted, not the first ones
    return connection


def _spark(address: Address, folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    """Spark on this machine, or a cluster whose driver runs here; one session in a process."""
    import ibis
    from pyspark.sql import SparkSession

    is_local = address.host.startswith("local")
    _look_for_java()
    if not is_local and address.port:
        _knock(address)
    master = _master(address, is_local=is_local)
    running = SparkSession.getActiveSession()
    if running is not None and running.sparkContext.master != master:
        running.stop()
    builder = SparkSession.builder.appName("playbook").master(master)
    for key, value in _spark_settings(folder, is_local=is_local).items():
        builder = builder.config(key, value)
    return ibis.pyspark.connect(builder.getOrCreate())


def _spark_settings(folder: Path, *, is_local: bool) -> dict[str, str]:
    """What Spark is told; on this machine it keeps to our memory and our place to spill."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
    }
    if not is_local:
        return settings
    place = folder / engine.SPILL / f"{os.getpid()}-spark"  # swept away after a kill
    place.mkdir(parents=True, exist_ok=True)
    quiet = place / "log4j2.properties"
    quiet.write_text(QUIET, encoding="utf-8")
    return settings | {
        "spark.driver.memory": engine.memory_limit().replace(" ", "").lower().rstrip("ib"),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{quiet}",
        "spark.local.dir": str(place),
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        "spark.sql.warehouse.dir": str(place / "warehouse"),
    }


def _master(address: Address, *, is_local: bool) -> str:
    """How Spark itself writes where it runs."""
    if is_local:
        return address.host if "[" in address.host else "local[*]"
    return f"spark://{address.host}" if address.port else address.host


def _look_for_java() -> None:
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        raise PlaybookError(
            _("Spark needs Java 17 or newer, and there is none on this machine."),
            advice=_("Install it, for example: apt-get install openjdk-17-jre-headless"),
        )


def _knock(address: Address) -> None:
    """Ask whether anybody listens: Spark itself would try for minutes.

    Raises:
        PlaybookError: Nobody does.
    """
    place = (address.server.strip("[]"), address.port)
    try:
        socket.create_connection(place, CONNECT_SECONDS).close()
    except OSError as error:
        words = _("Nobody answers at {host}: {reason}.")
        raise PlaybookError(
            words.format(host=address.host, reason=_silence(error)),
            advice=_(
                "See that host and port are right, that the server runs, and that this machine"
                " may reach it."
            ),
        ) from error


def _silence(error: OSError) -> str:
    """Why nobody answers."""
    match error:
        case ConnectionRefusedError():
            return _("no server listens at this port")
        case socket.gaierror():
            return _("no machine of this name is known here")
        case TimeoutError():
            return _("no answer within {n} seconds").format(n=CONNECT_SECONDS)
    return error.strerror or str(error)


def _duckdb(address: Address, folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    """A DuckDB file, opened for reading; with a path to Parquet files an empty one in memory."""
    import ibis

    name = f"{address.host}{address.path}"
    if not name:
        return ibis.duckdb.connect(memory_limit=engine.memory_limit())
    path = Path(name).expanduser()
    if not path.is_file():
        raise PlaybookError(
            _("There is no file {path}.").format(path=path),
            advice=_("Write the whole path: duckdb:///folder/file.db?table=receipts"),
        )
    return ibis.duckdb.connect(path, read_only=True, memory_limit=engine.memory_limit())


def _bigquery(address: Address, _folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    import ibis

    return ibis.bigquery.connect(project_id=address.host, dataset_id=address.path.strip("/"))


def _clickhouse(address: Address, _folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    import ibis

    stated = {"port": address.port} if address.port else {}
    return ibis.clickhouse.connect(
        host=address.server,
        user=address.user or "default",
        database=address.path.strip("/") or "default",
        **stated,
        **_password(),
    )


def _snowflake(address: Address, _folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    import ibis

    stated = {"warehouse": address.stated["warehouse"]} if "warehouse" in address.stated else {}
    return ibis.snowflake.connect(
        user=address.user,
        account=address.host,
        database=address.path.strip("/"),
        create_object_udfs=False,
        **stated,
        **_password(),
    )


def _trino(address: Address, _folder: Path) -> Any:  # noqa: ANN401 - Ibis has no common type
    import ibis

    catalog, _slash, schema = address.path.strip("/").partition("/")
    secret = os.environ.get(PASSWORD_VARIABLE)
    return ibis.trino.connect(
        user=address.user or "playbook",
        host=address.server,
        port=address.port or 8080,
        database=catalog,
        schema=schema or None,
        auth=secret,
    )


_OPEN = {
    "bigquery": _bigquery,
    "clickhouse": _clickhouse,
    "duckdb": _duckdb,
    "postgresql": _postgres,
    "snowflake": _snowflake,
    "spark": _spark,
    "trino": _trino,
}
