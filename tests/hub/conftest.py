"""Fixtures of the hub's tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hubkit import Speaker, Store, open_store
from pgserver import Cluster, cluster
from sqlalchemy import Connection, create_engine

from sightline.hub.registry.authority import Authority
from sightline.hub.store.database import Database
from sightline.hub.store.tables import all_tables


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An empty database of the hub, in memory, within one transaction."""
    engine = create_engine("sqlite://")
    with engine.begin() as opened:
        opened.exec_driver_sql("PRAGMA foreign_keys=ON")
        all_tables().create_all(opened)
        yield opened
    engine.dispose()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A site's certificate authority."""
    folder: Path = tmp_path_factory.mktemp("site") / "authority"
    return Authority.open(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server; tests skip where it is not installed."""
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hub.db"
    running: Cluster = request.getfixturevalue("postgres")
    return running.database()


@pytest.fixture
async def store(tmp_path: Path, database_url: str) -> AsyncIterator[Store]:
    """A hub's store that hears cameras, on each kind of database in turn."""
    async with open_store(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
async def small_store(tmp_path: Path) -> AsyncIterator[Store]:
    """The same on SQLite alone, where the database does not matter."""
    async with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def door() -> Speaker:
    """A camera that says what a test needs."""
    return Speaker()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database of a hub on disk."""
    async with Database(f"sqlite:///{tmp_path / 'hub.db'}") as opened:
        yield opened
