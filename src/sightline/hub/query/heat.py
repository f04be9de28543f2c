"""Where things were over a range, as a grid over the picture, made of stored frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from sightline.hub.store.frame_messages import Reading
from sightline.hub.store.frame_table import Piece, pieces_of
from sightline.hub.store.frames import between
from sightline.hub.store.segments import Segments

MOST_TABLES = 2000  # of one question, some thousand frames each
_LONGEST_S = 1.0  # between two frames: beyond that nobody knows who was where

Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Seconds of presence by cell, row by row from the top left; feet count, not heads.

    seconds  all of them together, labels: by class
    frames   that were looked at; `complete` is false where there were more than may be
    """

    rows: int
    columns: int
    cells: list[list[float]]
    seconds: float
    labels: dict[str, float]
    frames: int
    complete: bool


def heat_map(
    connection: Connection,
    segments: Segments,
    camera: str,
    labels: tuple[str, ...],
    columns: int,
    from_ns: int,
    to_ns: int,
) -> HeatMap:
    """Of the classes named, or of all."""
    reading = Reading(connection, camera)
    tables = between(connection, segments, camera, from_ns, to_ns)
    rows, frames, grid = 0, 0, np.zeros((1, columns))
    by_label: dict[str, float] = {}
    for piece in _pieces(islice(tables, MOST_TABLES)):
        header = reading.header(piece.header)
        names = list(header.labels) if header else []
        if not rows:
            aspect = header.width / header.height if header and header.height else 16 / 9
            rows = max(1, round(columns / aspect))
            grid = np.zeros((rows, columns))
        frames += len(piece.block.times)
        _add(grid, by_label, piece, names, labels)
    complete = next(tables, None) is None
    return HeatMap(
        rows, columns, np.round(grid, 3).tolist() if rows else [], round(float(grid.sum()), 3),
        {name: round(seconds, 3) for name, seconds in sorted(by_label.items())}, frames, complete,
    )  # fmt: skip


def _pieces(tables: Iterator[object]) -> Iterator[Piece]:
    for table in tables:
        yield from pieces_of(table)


def _add(
    grid: Grid, by_label: dict[str, float], piece: Piece, names: list[str], wanted: tuple[str, ...]
) -> None:
    block = piece.block
    lasted = np.minimum(np.diff(block.times, append=block.times[-1:]) / 1e9, _LONGEST_S)
    weights = np.repeat(lasted, np.diff(block.offsets))
    boxes, of = block.objects.boxes, block.objects.labels
    for label in np.unique(of).tolist():
        name = names[label] if label < len(names) else f"class {label}"
        if wanted and name not in wanted:
            continue
        rows, columns = grid.shape
        mine = of == label
        column = ((boxes[mine, 0] + boxes[mine, 2]) / 2 * columns).astype(np.intp)
        row = (boxes[mine, 3] * rows).astype(np.intp)
        at = (row.clip(0, rows - 1), column.clip(0, columns - 1))
        np.add.at(grid, at, weights[mine])
        by_label[name] = by_label.get(name, 0.0) + float(weights[mine].sum())
