"""Rules over the fleet, the alerts that they raised, and every try to tell somebody."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# target      fleet query: for which cameras it holds
# channels    names of channels, JSON list; escalate_to: of those told if nobody acknowledges
rules = Table(
    "rules",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("condition", Text, nullable=False),
    Column("target", String(1000), nullable=False),
    Column("level", String(16), nullable=False),
    Column("cool_down_s", Float, nullable=False),
    Column("message", String(500), nullable=False),
    Column("channels", Text, nullable=False),
    Column("escalate_s", Float, nullable=False),
    Column("escalate_to", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("changed_by", String(160), nullable=False),
)

# settings holds addresses and secrets, JSON; never shown whole
channels = Table(
    "channels",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("settings", Text, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("changed_by", String(160), nullable=False),
)

# cleared_ns, acknowledged_ns and escalated_ns are 0 until it happens
alerts = Table(
    "alerts",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("rule", Name, nullable=False),
    Column("camera", Name, nullable=False),
    Column("level", String(16), nullable=False),
    Column("message", String(500), nullable=False),
    Column("raised_ns", BigInteger, nullable=False),
    Column("cleared_ns", BigInteger, nullable=False),
    Column("acknowledged_ns", BigInteger, nullable=False),
    Column("acknowledged_by", String(160), nullable=False),
    Column("escalated_ns", BigInteger, nullable=False),
    Index("ix_alerts_open", "rule", "camera", "cleared_ns"),
    Index("ix_alerts_raised", "raised_ns"),
)

# state  pending, delivered or given-up; last  what the newest try came to
deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("alert", BigInteger, nullable=False, index=True),
    Column("channel", Name, nullable=False),
    Column("what", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_ns", BigInteger, nullable=False, index=True),
    Column("last", String(300), nullable=False),
    Column("done_ns", BigInteger, nullable=False),
)

# What the rules remember between two looks, and how far events were read.
watch_state = Table(
    "watch_state",
    METADATA,
    Column("key", String(300), primary_key=True),
    Column("body", Text, nullable=False),
)
