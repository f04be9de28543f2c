"""The tables of `store.tables.health` as they were first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.create_table(
        "health",
        sa.Column("camera", sa.String(length=128), nullable=False),
        sa.Column("boot", sa.String(length=128), nullable=False),
        sa.Column("time_ns", sa.BigInteger(), nullable=False),
        sa.Column("arrived_ns", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "boot", "time_ns", name=op.f("pk_health")),
    )
    op.create_index("ix_health_arrived", "health", ["arrived_ns"], unique=False)
    op.create_index("ix_health_camera", "health", ["camera", "arrived_ns"], unique=False)
