"""Everything as a file: CSV, JSON Lines or Parquet, streamed while it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from sightline.hub.api.access import Viewer, meant_cameras, visible
from sightline.hub.api.asked import Fleet, Names
from sightline.hub.api.moments import Between, Range
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.principal import Principal
from sightline.hub.query import tables
from sightline.hub.refused import Refused
from sightline.hub.store.events import Wanted

router = APIRouter(prefix="/api/v1/exports", tags=["exports"])

Kind = Literal["events", "measures", "frames"]
Form = Literal["csv", "jsonl", "parquet"]
Rows = Callable[[Connection, Any], tuple[list[tables.Row], Any]]

_USUAL_S = 86400.0
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
# What spreadsheets take for a formula, also in the wide letters of East Asia.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@router.get("/{kind}.{form}", summary="Events, measures or objects as a file")
async def exported(
    kind: Kind,
    form: Form,
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Names = None,
    name: Names = None,
    kinds: Annotated[list[str] | None, Query(max_length=100, alias="kind")] = None,
    q: Fleet = "",
) -> StreamingResponse:
    """Of the last day, unless a range is given; frames are of one camera, a row an object."""
    if kind == "frames":
        rows, schema, start = await _objects(who, parts, between, camera)
    else:
        cameras = await meant_cameras(parts, who, camera, q)
        from_ns, to_ns = between.closed(_USUAL_S)
        wanted = Wanted(
            ("",) if cameras is None else cameras, tuple(kinds or ()), tuple(name or ()),
            from_ns, to_ns,
        )  # fmt: skip
        rows, schema, start = _told(kind, wanted)
    writers = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
    body = writers[form](_pages(parts, rows, start), schema)
    headers = {"Content-Disposition": f'attachment; filename="sightline-{kind}.{form}"'}
    return StreamingResponse(body, media_type=_TYPES[form], headers=headers)


async def _objects(
    who: Principal, parts: Services, between: Range, camera: list[str] | None
) -> tuple[Rows, pa.Schema, Any]:
    if not camera or len(camera) != 1:
        raise Refused("frames are exported of one camera: add ?camera=NAME")
    from_ns, to_ns = between.closed(_USUAL_S)
    of = await visible(parts, who, camera[0])
    segments = parts.segments

    def objects(connection: Connection, start: Any) -> tuple[list[tables.Row], Any]:
        return tables.object_rows(connection, segments, of, start, to_ns)

    return objects, tables.OBJECTS, from_ns


def _told(kind: Kind, wanted: Wanted) -> tuple[Rows, pa.Schema, Any]:
    page = tables.event_rows if kind == "events" else tables.measure_rows
    schema = tables.EVENTS if kind == "events" else tables.MEASURES
    return lambda connection, after: page(connection, wanted, after), schema, None


async def _pages(parts: Services, rows: Rows, start: Any) -> AsyncIterator[list[tables.Row]]:
    place = start
    while True:
        found, following = await parts.database.read(lambda c, at=place: rows(c, at))  # type: ignore[misc]
        yield found
        if following is None:
            return
        place = following


async def _csv(pages: AsyncIterator[list[tables.Row]], schema: pa.Schema) -> AsyncIterator[bytes]:
    yield (",".join(schema.names) + "\r\n").encode()
    async for rows in pages:
        text = io.StringIO()
        csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in rows])
        yield text.getvalue().encode()


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run is shown instead (OWASP, CSV injection)."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


async def _jsonl(pages: AsyncIterator[list[tables.Row]], schema: pa.Schema) -> AsyncIterator[bytes]:
    async for rows in pages:
        yield b"".join(msgspec.json.encode(item) + b"\n" for item in tables.as_dicts(rows, schema))


async def _parquet(
    pages: AsyncIterator[list[tables.Row]], schema: pa.Schema
) -> AsyncIterator[bytes]:
    sink = _Drained()
    writer = pq.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd")
    async for rows in pages:
        writer.write_batch(tables.as_batch(rows, schema))
        yield sink.take()
    writer.close()
    yield sink.take()


class _Drained(io.RawIOBase):
    """A file whose bytes are taken away as they are written."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken
