"""Postgres and Spark for tests: started here, alone on this machine, stopped afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ZONE = "Asia/Vladivostok"  # ten hours from UTC: what forgets its zone falls on another day
GUARDED = "guarded"  # the account that a password is asked of
PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")


def postgres_programs():
    """The folder with ``initdb`` and ``postgres``, or nothing."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    places = sorted(path for place in PLACES for path in Path(place).glob("*/bin/initdb"))
    return places[-1].parent if places else None


def why_no_postgres():
    """What is missing for Postgres, or nothing."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    return None if postgres_programs() else "no Postgres server (initdb) on this machine"


def why_no_spark():
    """What is missing for Spark, or nothing."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed"
    return None if shutil.which("java") or os.environ.get("JAVA_HOME") else "no Java"


@contextmanager
def postgres():
    """A server that listens on a free port of this machine: its port.

    Its own order of texts is a Russian dictionary's, and its zone is far away: neither may be
    seen in a result.
    """
    programs, who = postgres_programs(), _other_user()
    folder = Path(tempfile.mkdtemp(prefix="playbook-postgres-"))
    try:
        if who:
            os.chown(folder, who.pw_uid, who.pw_gid)
        folder.chmod(0o700)
        run = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}
        run |= {"cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        data = folder / "data"
        made = [programs / "initdb", "-D", data, "-U", "playbook", "-A", "trust", "-N"]
        order = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ru-RU"]
        subprocess.run([*made, "-E", "UTF8", *order], check=True, timeout=120, **run)
        access = data / "pg_hba.conf"
        access.write_text(f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n{access.read_text()}")
        port = _free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "timezone": ZONE,
            "shared_buffers": "64MB",
            "jit": "off",  # compiling a query takes longer than these few rows
        }
        stated = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        server = subprocess.Popen([programs / "postgres", "-D", data, *stated], **run)
        try:
            _wait_for(server, port)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user():
    """Somebody who is not root, whom a server refuses; nobody where we are not root."""
    if os.getuid():
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(server, port, seconds=60):
    import psycopg

    until = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="playbook", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
