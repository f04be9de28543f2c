"""python -m sightline.hub.store.migrations.draft SUBJECT: write `first/SUBJECT.py`.

From the tables in `store/tables/SUBJECT.py`, until the first release; what comes later is a
revision of its own in `versions`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from alembic.autogenerate import render_python_code
from alembic.operations.ops import CreateIndexOp, CreateTableOp, UpgradeOps
from sqlalchemy import Table

_FOLDER = Path(__file__).parent / "first"


def draft(subject: str) -> str:
    """The text of a migration that creates the tables of a subject."""
    module = import_module(f"sightline.hub.store.tables.{subject}")
    tables = [item for item in vars(module).values() if isinstance(item, Table)]
    operations = UpgradeOps(
        [
            operation
            for table in tables
            for operation in (
                CreateTableOp.from_table(table),
                *map(CreateIndexOp.from_index, sorted(table.indexes, key=lambda i: str(i.name))),
            )
        ]
    )
    code = render_python_code(operations).splitlines()
    body = "\n".join(line for line in code if not line.strip().startswith("# ###"))
    return (
        f'"""The tables of `store.tables.{subject}` as they were first."""\n\n'
        "from __future__ import annotations\n\n"
        "import sqlalchemy as sa\nfrom alembic import op\n\n\n"
        f"def upgrade() -> None:\n    {body.strip()}\n"
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        (_FOLDER / f"{name}.py").write_text(draft(name))
