"""The table of `store.tables.keeping` as it was first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.create_table(
        "keeping",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_keeping")),
    )
