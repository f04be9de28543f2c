"""Deployments, where each of their cameras stands, and all that happened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# plan  `hub.deployments.plan.Plan` as JSON
deployments = Table(
    "deployments",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("plan", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(160), nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
)

# body  `hub.deployments.member.Member` as JSON
deployment_members = Table(
    "deployment_members",
    METADATA,
    Column("deployment", String(32), ForeignKey("deployments.id"), primary_key=True),
    Column("camera", Name, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("body", Text, nullable=False),
)

# camera is empty for the deployment as a whole
deployment_log = Table(
    "deployment_log",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("deployment", String(32), nullable=False, index=True),
    Column("time_ns", BigInteger, nullable=False),
    Column("camera", Name, nullable=False),
    Column("state", String(64), nullable=False),
    Column("why", String(500), nullable=False),
)
