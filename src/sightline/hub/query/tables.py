"""What is exported, as columns: batches of Arrow for Parquet, rows for CSV and JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pyarrow as pa
from sqlalchemy import Connection

from sightline.hub.store import events as stored
from sightline.hub.store.events import Wanted
from sightline.hub.store.frame_messages import Reading
from sightline.hub.store.frames import between
from sightline.hub.store.segments import Segments

_BATCH = 5000

EVENTS = pa.schema(
    [
        ("time_ns", pa.int64()), ("camera", pa.string()), ("kind", pa.string()),
        ("name", pa.string()), ("label", pa.string()), ("track", pa.int64()),
        ("x", pa.float64()), ("y", pa.float64()), ("data", pa.string()),
        ("arrived_ns", pa.int64()),
    ]
)  # fmt: skip
MEASURES = pa.schema(
    [
        ("start_ns", pa.int64()), ("end_ns", pa.int64()), ("camera", pa.string()),
        ("kind", pa.string()), ("name", pa.string()), ("value", pa.float64()),
        ("data", pa.string()), ("arrived_ns", pa.int64()),
    ]
)  # fmt: skip
OBJECTS = pa.schema(
    [
        ("time_ns", pa.int64()), ("camera", pa.string()), ("sequence", pa.int64()),
        ("track", pa.int64()), ("label", pa.string()), ("score", pa.float64()),
        ("x1", pa.float64()), ("y1", pa.float64()), ("x2", pa.float64()), ("y2", pa.float64()),
    ]
)  # fmt: skip

Row = tuple[Any, ...]
Page = Callable[[Connection], tuple[list[Row], Any]]


def event_rows(connection: Connection, wanted: Wanted, after: Any) -> tuple[list[Row], Any]:
    """Some events as rows of `EVENTS`, and where the next ones begin; None at the end."""
    page = stored.events_page(connection, wanted, _BATCH, after)
    rows: list[Row] = []
    for item in page:
        event = item.event
        x, y = event.place or (None, None)
        data = msgspec.json.encode(event.data).decode()
        rows.append(
            (event.time_ns, event.camera, event.kind, event.name, event.label, event.track, x, y,
             data, item.arrived_ns)
        )  # fmt: skip
    return rows, page[-1].at if len(page) == _BATCH else None


def measure_rows(connection: Connection, wanted: Wanted, after: Any) -> tuple[list[Row], Any]:
    """Some measures as rows of `MEASURES`, and where the next ones begin; None at the end."""
    page = stored.measures_page(connection, wanted, _BATCH, after)
    rows: list[Row] = []
    for item in page:
        one = item.measure
        data = msgspec.json.encode(one.data).decode()
        rows.append(
            (one.start_ns, one.end_ns, one.camera, one.kind, one.name, one.value, data,
             item.arrived_ns)
        )  # fmt: skip
    return rows, page[-1].at if len(page) == _BATCH else None


def object_rows(
    connection: Connection, segments: Segments, camera: str, from_ns: int, to_ns: int
) -> tuple[list[Row], Any]:
    """Some objects as rows of `OBJECTS`, and the instant at which the next ones begin."""
    rows: list[Row] = []
    reading = Reading(connection, camera)
    for table in between(connection, segments, camera, from_ns, to_ns):
        for frame in reading.messages(table):
            if len(rows) >= _BATCH:
                return rows, frame.time_ns
            rows += [
                (frame.time_ns, camera, frame.sequence, one.track, one.label, one.score, *one.box)
                for one in frame.objects
            ]
    return rows, None


def as_batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def as_dicts(rows: list[Row], schema: pa.Schema) -> Iterator[dict[str, Any]]:
    """Rows as JSON objects."""
    return (dict(zip(schema.names, row, strict=True)) for row in rows)
