"""A PostgreSQL cluster of one's own, on a free port, for as long as it is needed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_NUMBER = count(1)


class Cluster:
    """`database()` makes an empty database and gives its URL, `migrated()` one with the hub's
    tables, which is quicker than to make them each time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._template = ""

    def database(self) -> str:
        return self._url(self._made(""))

    def migrated(self) -> str:
        from sqlalchemy import create_engine

        from sightline.hub.store.migrate import migrate

        if not self._template:
            self._template = self._made("")
            engine = create_engine(self._url(self._template))
            migrate(engine)
            engine.dispose()
        return self._url(self._made(f'TEMPLATE "{self._template}"'))

    def _made(self, how: str) -> str:
        from sqlalchemy import create_engine, text

        name = f"site{next(_NUMBER)}"
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" {how}'))
        engine.dispose()
        return name

    def _url(self, name: str) -> str:
        return f"postgresql+pg8000://sightline@127.0.0.1:{self.port}/{name}"


def binaries() -> Path:
    """Where initdb and postgres are; the test skips where they are not."""
    beside = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = [Path(beside).parent] if beside else [f for f in folders if (f / "initdb").exists()]
    if not found:
        pytest.skip("PostgreSQL is not installed")
    return found[-1]


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Started as somebody who is not root, because PostgreSQL refuses to be."""
    programs = binaries()
    user = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="sightline-pg-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data = f"{folder}/data"
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, *arguments], check=True, user=user, cwd=folder,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip

        run("initdb", "-D", data, "-U", "sightline", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield Cluster(port)
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _unprivileged() -> str | None:
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    pytest.skip("PostgreSQL does not run as root, and there is nobody else")
