"""Which tables a source has, where the one that was stated is not there."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playbook.data.source_address import Address
from playbook.errors import PlaybookError
from playbook.text import gettext as _

MOST = 10  # tables that are named
_SYSTEM = ("information_schema", "pg_catalog", "pg_toast")


@contextmanager
def explained(address: Address, connection: Any) -> Iterator[None]:  # noqa: ANN401 - any of Ibis
    """Name the tables that there are where the stated one is not.

    Args:
        address: The source.
        connection: An open connection to it.

    Raises:
        PlaybookError: There is no such table.
    """
    import ibis.common.exceptions as ibis_errors

    try:
        yield
    except ibis_errors.TableNotFound as error:
        raise _not_there(address, there(address, connection)) from error


def there(address: Address, connection: Any) -> list[str]:  # noqa: ANN401 - any connection of Ibis
    """The tables of a source, in Postgres and DuckDB those of all its schemas."""
    if address.engine not in ("postgresql", "duckdb"):
        return sorted(connection.list_tables())
    rows = connection.sql(
        "SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2",
        schema={"table_schema": "string", "table_name": "string"},
    )
    found = rows.to_pyarrow().to_pylist()
    return [
        f"{row['table_schema']}.{row['table_name']}"
        for row in found
        if row["table_schema"] not in _SYSTEM and not row["table_schema"].startswith("pg_temp")
    ]


def _not_there(address: Address, tables: Sequence[str]) -> PlaybookError:
    from playbook.data.sources import name_of

    name = address.table.rpartition(".")[2]
    namesakes = [one for one in tables if one.rpartition(".")[2] == name]
    several = [*namesakes, *(one for one in tables if one not in namesakes)]
    shown = ", ".join(several[:MOST]) + (", …" if len(several) > MOST else "")
    command = shlex.quote(address.stating("table", (namesakes or [_("SCHEMA.TABLE")])[0]))
    return PlaybookError(
        _("{engine} refused: {reason}").format(
            engine=name_of(address),
            reason=_("there is no table {name}").format(name=address.table),
        ),
        problems=[_("tables there: {names}").format(names=shown)]
        if tables
        else [_("this account sees no table there")],
        advice=_(
            "State the table in the address, in quotes: playbook source NAME {address}"
        ).format(address=command),
    )
