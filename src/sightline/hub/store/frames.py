"""Reading frames back: the newest, or those of a range, wherever they lie by now.

Both take a connection of `Database.read`, so what compaction moves meanwhile is seen once.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from itertools import count, groupby, islice
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Row, Table, select

from sightline.hub.store.database import still_wanted
from sightline.hub.store.frame_table import Piece, in_order, table_of
from sightline.hub.store.segments import Segments, overlapping
from sightline.hub.store.tables.frames import segments, tail
from sightline.wire.formats.block import Block
from sightline.wire.formats.packed import unpack

_PAGE = 64
_FEW, _MANY = 8, 256  # rows of the tail that are read together
EVER = 1 << 62


class Chunk(NamedTuple):
    """Some frames, not loaded yet."""

    first_ns: int
    last_ns: int
    load: Callable[[], pa.Table]


def newest(
    connection: Connection, store: Segments, camera: str, limit: int, before_ns: int = EVER
) -> pa.Table:
    """The last frames of a camera, oldest first."""
    found: list[pa.Table] = []
    times = np.empty(0, np.int64)
    for chunk in _newest_first(connection, store, camera, before_ns):
        if len(times) >= limit and times[-limit] >= chunk.last_ns:
            break
        table = chunk.load()
        table = table.filter(pc.less(table["time_ns"], before_ns))
        found.append(table)
        times = np.sort(np.concatenate([times, table["time_ns"].to_numpy()]))
        if len(times) > limit:
            found = [in_order(_joined(found)).slice(len(times) - limit)]
            times = times[-limit:]
    table = in_order(_joined(found))
    return table.slice(max(0, table.num_rows - limit))


def between(
    connection: Connection, store: Segments, camera: str, from_ns: int, to_ns: int
) -> Iterator[pa.Table]:
    """Frames with from_ns <= time < to_ns in order of time, some at a time. Raises Unwanted."""
    held: list[Chunk] = []
    reach = -EVER
    for chunk in _oldest_first(connection, store, camera, from_ns, to_ns):
        if held and chunk.first_ns > reach:
            yield from _within(connection, held, from_ns, to_ns)
            held = []
        held.append(chunk)
        reach = max(reach, chunk.last_ns)
    yield from _within(connection, held, from_ns, to_ns)


def pieces_of_tail(row: Row[Any]) -> Iterator[Piece]:
    """The blocks in a row of the tail."""
    for item in unpack(row.body, f"camera {row.camera}"):
        if isinstance(item, Block) and len(item.times):
            yield Piece(row.boot, row.digest, row.offset_ns, item)


def _within(
    connection: Connection, chunks: list[Chunk], from_ns: int, to_ns: int
) -> Iterator[pa.Table]:
    still_wanted(connection)
    table = in_order(_joined([chunk.load() for chunk in chunks]))
    times = table["time_ns"].to_numpy()
    begin, end = np.searchsorted(times, [from_ns, to_ns]).tolist()
    if begin < end:
        yield table.slice(begin, end - begin)


def _joined(tables: list[pa.Table]) -> pa.Table:
    if not tables:
        return table_of([])
    return pa.concat_tables(tables).unify_dictionaries()


def _oldest_first(
    connection: Connection, store: Segments, camera: str, from_ns: int, to_ns: int
) -> list[Chunk]:
    kept = [("time_ns", ">=", from_ns), ("time_ns", "<", to_ns)]
    fresh = [
        Chunk(
            rows[0].first_ns, max(row.last_ns for row in rows),
            lambda rows=rows: _tail_table(connection, [row.id for row in rows]),  # type: ignore[misc]
        )
        for rows in _runs(connection, camera, from_ns, to_ns)
    ]  # fmt: skip
    filed = [
        Chunk(row.first_ns, row.last_ns, lambda row=row: store.read(row.path, kept))  # type: ignore[misc]
        for row in overlapping(connection, camera, from_ns, to_ns)
    ]
    return sorted(fresh + filed, key=lambda chunk: chunk.first_ns)


def _runs(connection: Connection, camera: str, from_ns: int, to_ns: int) -> Iterator[list[Any]]:
    """Rows of the tail that are read together: of one hour, as files are, and few at first, for
    who wants but the first frames."""
    query = (
        select(tail.c.id, tail.c.hour, tail.c.first_ns, tail.c.last_ns)
        .where(tail.c.camera == camera, tail.c.last_ns >= from_ns, tail.c.first_ns < to_ns)
        .order_by(tail.c.hour, tail.c.first_ns)
    )
    size = _FEW
    for _, hour in groupby(connection.execute(query), key=lambda row: row.hour):
        while rows := list(islice(hour, size)):
            yield rows
            size = min(2 * size, _MANY)


def _tail_table(connection: Connection, ids: list[int]) -> pa.Table:
    rows = connection.execute(select(tail).where(tail.c.id.in_(ids)))
    return table_of(piece for row in rows for piece in pieces_of_tail(row))


def _newest_first(
    connection: Connection, store: Segments, camera: str, before_ns: int
) -> Iterator[Chunk]:
    """Chunks by their last frame, descending; segments by row groups, opened when reached."""
    rows = heapq.merge(
        ((row, False) for row in _descending(connection, tail, camera, before_ns)),
        ((row, True) for row in _descending(connection, segments, camera, before_ns)),
        key=lambda item: -item[0].last_ns,
    )
    ready: list[tuple[int, int, Chunk]] = []
    number = count()
    for row, filed in rows:
        while ready and -ready[0][0] > row.last_ns:
            yield heapq.heappop(ready)[2]
        for chunk in _groups(store, row.path) if filed else [_fresh(row)]:
            heapq.heappush(ready, (-chunk.last_ns, next(number), chunk))
    while ready:
        yield heapq.heappop(ready)[2]


def _fresh(row: Row[Any]) -> Chunk:
    return Chunk(row.first_ns, row.last_ns, lambda: table_of(pieces_of_tail(row)))


def _groups(store: Segments, path: str) -> Iterator[Chunk]:
    file = store.open(path)
    place = file.schema_arrow.get_field_index("time_ns")
    for group in range(file.num_row_groups):
        told = _statistics(file, group, "time_ns", place)
        yield Chunk(told[0], told[1], lambda group=group: file.read_row_group(group))  # type: ignore[misc]


def _statistics(file: Any, group: int, name: str, place: int) -> tuple[int, int]:
    columns = file.metadata.row_group(group)
    column = next(
        columns.column(i) for i in range(columns.num_columns)
        if columns.column(i).path_in_schema == name
    )  # fmt: skip
    return column.statistics.min, column.statistics.max


def _descending(
    connection: Connection, table: Table, camera: str, before_ns: int
) -> Iterator[Row[Any]]:
    """Rows that begin before an instant, the latest first, a page at a time."""
    query = (
        select(table)
        .where(table.c.camera == camera, table.c.first_ns < before_ns)
        .order_by(table.c.last_ns.desc(), table.c.id.desc())
    )
    offset = 0
    while page := connection.execute(query.limit(_PAGE).offset(offset)).all():
        yield from page
        offset += len(page)
