"""A shelf over time: how full each cell was, and when it was out of stock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, select

from sightline.hub.store.events import Wanted, conditions
from sightline.hub.store.tables.events import events, measures

_MOST_CELLS = 1600  # of a shelf: 40 rows of 40
_MOST = 200_000  # looks or changes of one question; a month of minutes has 43,200 looks
_AT_ONCE = 2000
_BEFORE_NS = 7 * 86400 * 10**9  # cells that are out of stock since longer are not known to be
_OUT, _BACK = "shelf.out_of_stock", "shelf.restocked"

Cell = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Out:
    """A cell (row, column) that was out of stock, cut to the range."""

    cell: Cell
    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class ShelfStory:
    """Of one shelf of one camera.

    cells     how many it has, row by row; 0 where it never said
    columns   how many of them are in a row
    fill      by equal parts of the range, of each cell 0..1; null where nobody looked
    outs      in order of their end
    complete  false where only the newest of what it said was looked at
    """

    cells: int
    columns: int
    fill: list[list[float | None]]
    outs: list[Out]
    complete: bool


class _Look(msgspec.Struct):
    cells: list[float | None] = []
    columns: int = 0


class _Change(msgspec.Struct):
    cell: Cell
    out_s: float = 0.0


class _Looked(NamedTuple):
    start_ns: int
    end_ns: int
    look: _Look


class _Changed(NamedTuple):
    time_ns: int
    kind: str
    change: _Change


_LOOKS, _CHANGES = msgspec.json.Decoder(_Look), msgspec.json.Decoder(_Change)


def shelf_story(
    connection: Connection, camera: str, name: str, span: tuple[int, int], steps: int, now_ns: int
) -> ShelfStory:
    """Over a range, in so many equal parts."""
    from_ns, to_ns = span
    looks = [
        _Looked(time_ns, end_ns, look)
        for time_ns, end_ns, data in _newest(connection, measures, ("start_ns", "end_ns"),
                           Wanted((camera,), ("shelf.fill",), (name,), from_ns, to_ns))
        if (look := _read(_LOOKS, data))
    ]  # fmt: skip
    changes = [
        _Changed(time_ns, what, change)
        for time_ns, what, data in _newest(connection, events, ("time_ns", "kind"),
                           Wanted((camera,), (_OUT, _BACK), (name,), from_ns - _BEFORE_NS, to_ns))
        if (change := _read(_CHANGES, data))
    ]  # fmt: skip
    outs = list(_outs(reversed(changes), from_ns, min(to_ns, max(now_ns, from_ns))))
    count = min(max((len(one.look.cells) for one in looks), default=0), _MOST_CELLS)
    columns = looks[0].look.columns if looks else 0
    if not 0 < columns <= count:
        columns = _width([out.cell for out in outs], count)
    complete = max(len(looks), len(changes)) < _MOST
    return ShelfStory(count, columns, _fill(looks, count, span, steps), outs, complete)


def _newest(
    connection: Connection, table: Table, columns: tuple[str, str], wanted: Wanted
) -> Iterable[Any]:
    """Of each row a time, another column, and its data; the newest first."""
    time = table.c[columns[0]]
    query = (
        select(*(table.c[name] for name in columns), table.c.data)
        .where(*conditions(table, columns[0], wanted))
        .order_by(time.desc(), table.c.id.desc())
        .limit(_MOST)
    )
    return connection.execute(query)


def _read(decoder: msgspec.json.Decoder[T], data: str) -> T | None:
    """None where a camera sent something else."""
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError:
        return None


def _outs(changes: Iterable[_Changed], from_ns: int, to_ns: int) -> Iterator[Out]:
    since: dict[Cell, int] = {}
    for time_ns, kind, change in changes:
        if kind == _OUT:
            since[change.cell] = time_ns
            continue
        # Who was out before the first change that is known says how long, as it comes back.
        began = since.pop(change.cell, time_ns - int(change.out_s * 1e9))
        if time_ns > from_ns:
            yield Out(change.cell, max(from_ns, began), time_ns)
    for cell, began in since.items():
        yield Out(cell, max(from_ns, began), to_ns)


def _width(outs: list[Cell], count: int) -> int:
    """How many columns a shelf has, by the cells that changed, where its looks do not say."""
    least = max((column + 1 for _, column in outs), default=1)
    for columns in range(least, count + 1):
        if count % columns == 0 and all(row < count // columns for row, _ in outs):
            return columns
    return max(count, least)


def _fill(
    looks: list[_Looked], count: int, span: tuple[int, int], steps: int
) -> list[list[float | None]]:
    if not looks or not count:
        return []
    width = (span[1] - span[0]) / steps
    # What begins to count at a step and what ends to, so that a long look costs no more.
    total, known = np.zeros((steps + 1, count)), np.zeros((steps + 1, count))
    for begin in range(0, len(looks), _AT_ONCE):
        some = looks[begin : begin + _AT_ONCE]
        filled = np.full((len(some), count), np.nan)
        for row, (_, _, look) in zip(filled, some, strict=True):
            row[: len(look.cells)] = np.array(look.cells[:count], np.float64)
        times = (np.array([one[:2] for one in some], np.int64) - span[0]) / width
        first = np.floor(times[:, 0]).clip(0, steps - 1).astype(np.intp)
        end = np.ceil(times[:, 1]).clip(first + 1, steps).astype(np.intp)
        for sums, values in ((total, np.nan_to_num(filled)), (known, ~np.isnan(filled))):
            np.add.at(sums, first, values)
            np.subtract.at(sums, end, values)
    return _told(total[:-1].cumsum(axis=0), known[:-1].cumsum(axis=0))


def _told(total: NDArray[np.float64], known: NDArray[np.float64]) -> list[list[float | None]]:
    means = np.round(total / np.maximum(known, 1), 4)
    return [
        [value if there else None for value, there in zip(row, some, strict=True)]
        for row, some in zip(means.tolist(), known.tolist(), strict=True)
    ]
