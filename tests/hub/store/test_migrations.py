"""The migrations build the tables that the code speaks to."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from sightline.hub.store.database import Database
from sightline.hub.store.tables import all_tables


async def test_migrations_and_tables_agree(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), all_tables()))

    async with Database(database_url) as database:
        assert await database.read(differences) == []


def test_tables_refer_to_their_own_subject_only() -> None:
    """Migrations of the first release run by subject in no order that matters."""
    tables = all_tables().tables.values()
    assert tables
    for table in tables:
        for key in table.foreign_keys:
            assert key.column.table.name in table.metadata.tables
