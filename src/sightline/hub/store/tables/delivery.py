"""What came of each run of a camera, so that nothing counts twice and holes are seen."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# next_sequence  one more than the highest number that came
# late           parcels that came after a later one
# offset_ns      what is added to the camera's times where they count from a recording's start
# skew_ns        the camera's clock minus the hub's, when last seen together; None before
# lost_*         what the camera's outbox had to give up
boots = Table(
    "boots",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("boot", Name, primary_key=True),
    Column("next_sequence", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("late", BigInteger, nullable=False),
    Column("lost_frames", BigInteger, nullable=False),
    Column("lost_events", BigInteger, nullable=False),
    Column("lost_measures", BigInteger, nullable=False),
    Column("first_ns", BigInteger, nullable=False),
    Column("last_ns", BigInteger, nullable=False, index=True),
    Column("offset_ns", BigInteger, nullable=False),
    Column("skew_ns", BigInteger),
)

# Numbers that never came: open ones may still, lost ones the camera gave up.
gaps = Table(
    "gaps",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("boot", Name, primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("lost", Boolean, nullable=False),
)

# What a camera sent that could not be taken, with the newest reason.
refusals = Table(
    "refusals",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_ns", BigInteger, nullable=False),
    Column("reason", String(300), nullable=False),
)
