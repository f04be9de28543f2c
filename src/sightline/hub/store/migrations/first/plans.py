"""The tables of `store.tables.plans` as they were first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("site", sa.String(length=256), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_site"), "plans", ["site"], unique=False)
    op.create_table(
        "plan_drawings",
        sa.Column("plan", sa.String(length=128), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan"], ["plans.name"], name=op.f("fk_plan_drawings_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan", name=op.f("pk_plan_drawings")),
    )
