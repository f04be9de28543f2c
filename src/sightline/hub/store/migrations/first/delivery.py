"""The tables of `store.tables.delivery` as they were first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.create_table(
        "boots",
        sa.Column("camera", sa.String(length=128), nullable=False),
        sa.Column("boot", sa.String(length=128), nullable=False),
        sa.Column("next_sequence", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.Column("lost_frames", sa.BigInteger(), nullable=False),
        sa.Column("lost_events", sa.BigInteger(), nullable=False),
        sa.Column("lost_measures", sa.BigInteger(), nullable=False),
        sa.Column("first_ns", sa.BigInteger(), nullable=False),
        sa.Column("last_ns", sa.BigInteger(), nullable=False),
        sa.Column("offset_ns", sa.BigInteger(), nullable=False),
        sa.Column("skew_ns", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("camera", "boot", name=op.f("pk_boots")),
    )
    op.create_index(op.f("ix_boots_last_ns"), "boots", ["last_ns"], unique=False)
    op.create_table(
        "gaps",
        sa.Column("camera", sa.String(length=128), nullable=False),
        sa.Column("boot", sa.String(length=128), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "boot", "first", name=op.f("pk_gaps")),
    )
    op.create_table(
        "refusals",
        sa.Column("camera", sa.String(length=128), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_ns", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_refusals")),
    )
