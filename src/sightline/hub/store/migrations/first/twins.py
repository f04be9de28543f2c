"""The tables of `store.tables.twins` as they were first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.create_table(
        "twins",
        sa.Column("camera", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("desired", sa.Text(), nullable=False),
        sa.Column("deployment", sa.String(length=128), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.Column("reported", sa.Text(), nullable=False),
        sa.Column("reported_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_twins")),
    )
    op.create_index(op.f("ix_twins_deployment"), "twins", ["deployment"], unique=False)
    op.create_table(
        "twin_history",
        sa.Column("camera", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("desired", sa.Text(), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("camera", "version", name=op.f("pk_twin_history")),
    )
