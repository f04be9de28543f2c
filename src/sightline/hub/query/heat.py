"""Where things were over a range and which way they went, made of stored frames: a grid over one
camera's picture, or over a floor plan that several cameras see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from sightline.hub.query.sampling import sample
from sightline.hub.query.steps import Steps, lasted_s, steps
from sightline.hub.store.frame_messages import Reading
from sightline.hub.store.frame_table import Piece, pieces_of
from sightline.hub.store.frames import between
from sightline.hub.store.segments import Segments

MOST_OBJECTS = 1_500_000  # of one question; of more a sample is looked at
_EDGE = 1 - 1e-9  # of the picture: who stands on it is in the last cell

Grid = NDArray[np.float64]
Place = Callable[[NDArray[np.float32]], Grid]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Presence and flow by cell, row by row from the top left; feet count, not heads.

    cells    seconds of presence
    flow     the mean way of who moved there: right and down a second, in heights of the picture
             or, on a plan, in metres
    seconds  all of them together, labels: by class
    frames   that were looked at; `complete` is false where a sample of the range had to do, and
             seconds are made up to the whole
    """

    rows: int
    columns: int
    cells: list[list[float]]
    seconds: float
    labels: dict[str, float]
    frames: int
    complete: bool
    flow: list[list[tuple[float, float]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which cameras' objects and when. No labels means all."""

    labels: tuple[str, ...]
    from_ns: int
    to_ns: int


@dataclass(slots=True)
class Squares:
    """A grid that is being filled. `unit`: what one cell is of the unit of places, across and
    down."""

    rows: int
    columns: int
    unit: tuple[float, float]
    presence: Grid = field(init=False)
    moved: Grid = field(init=False)
    moving_s: Grid = field(init=False)

    def __post_init__(self) -> None:
        cells = self.rows * self.columns
        self.presence, self.moving_s = np.zeros(cells), np.zeros(cells)
        self.moved = np.zeros((cells, 2))

    def add(self, places: Grid, seconds: Grid, seen: Steps, scale: float) -> None:
        """Who was where (N, 2), for how long; places that are NaN or off the grid are not."""
        at = np.floor(places / self.unit)
        limits = (self.columns, self.rows)
        here = np.all((at >= 0) & (at < limits), axis=1)  # no NaN is
        cells = np.zeros(len(at), np.intp)
        cells[here] = (at[here, 1] * self.columns + at[here, 0]).astype(np.intp)
        count = len(self.presence)
        self.presence += np.bincount(cells[here], seconds[here] * scale, count)
        now, then = seen.now, seen.before
        both = here[now] & here[then]
        now, then, took_s = now[both], then[both], seen.took_s[both]
        self.moving_s += np.bincount(cells[now], took_s, count)
        for axis in (0, 1):
            way = places[now, axis] - places[then, axis]
            self.moved[:, axis] += np.bincount(cells[now], way, count)

    def flow(self) -> list[list[tuple[float, float]]]:
        """The mean way a second, by cell."""
        mean = self.moved / np.maximum(self.moving_s, 1e-9)[:, None]
        found = np.round(mean, 3).reshape(self.rows, self.columns, 2).tolist()
        return [[(x, y) for x, y in row] for row in found]

    def cells(self, shared: Grid | None = None) -> list[list[float]]:
        """Seconds by cell; where several cameras saw it, their mean."""
        seconds = self.presence if shared is None else self.presence / np.maximum(shared, 1)
        found: list[list[float]] = np.round(seconds, 3).reshape(self.rows, self.columns).tolist()
        return found


@dataclass(slots=True)
class Told:
    """What was read besides places."""

    frames: int = 0
    complete: bool = True
    labels: dict[str, float] = field(default_factory=dict)

    def by_label(self) -> dict[str, float]:
        """Seconds by class, in order of their names."""
        return {name: round(seconds, 3) for name, seconds in sorted(self.labels.items())}


def heat_map(
    connection: Connection, segments: Segments, camera: str, asked: Asked, columns: int
) -> HeatMap:
    """Over a camera's picture."""
    told, shape = Told(), 1.0
    squares: Squares | None = None

    def feet(boxes: NDArray[np.float32]) -> Grid:
        return anchors(boxes).clip(0, _EDGE) * (shape, 1.0)

    found = pieces(connection, segments, camera, asked, MOST_OBJECTS, told)
    for piece, names, aspect, scale in found:
        if squares is None:
            shape, rows = aspect, max(1, round(columns / aspect))
            squares = Squares(rows, columns, (aspect / columns, 1 / rows))
        lay(squares, piece, names, asked, feet, scale, told)
    if squares is None:
        return HeatMap(0, columns, [], 0.0, {}, 0, told.complete)
    return HeatMap(
        squares.rows, columns, squares.cells(), round(float(squares.presence.sum()), 3),
        told.by_label(), told.frames, told.complete, squares.flow(),
    )  # fmt: skip


def anchors(boxes: NDArray[np.float32]) -> Grid:
    """Where feet are (N, 2), in fractions of the picture."""
    found: Grid = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1, dtype=np.float64)
    return found


def pieces(
    connection: Connection, segments: Segments, camera: str, asked: Asked, most: int, told: Told
) -> Iterator[tuple[Piece, list[str], float, float]]:
    """Blocks with the names of their classes, the shape of their picture, and how many they stand
    for."""
    reading = Reading(connection, camera)
    chosen = sample(connection, camera, asked.from_ns, asked.to_ns, most)
    told.complete = told.complete and chosen.scale == 1.0
    for from_ns, to_ns in chosen.windows:
        for table in between(connection, segments, camera, from_ns, to_ns):
            for piece in pieces_of(table):
                header = reading.header(piece.header)
                names = list(header.labels) if header else []
                aspect = header.width / header.height if header and header.height else 16 / 9
                yield piece, names, aspect, chosen.scale


def lay(
    squares: Squares,
    piece: Piece,
    names: list[str],
    asked: Asked,
    place: Place,
    scale: float,
    told: Told,
) -> None:
    """Put a block on the grid."""
    block = piece.block
    told.frames += len(block.times)
    seconds, of = lasted_s(block), block.objects.labels
    wanted = np.zeros(len(of), bool)
    for label in np.unique(of).tolist():
        name = names[label] if label < len(names) else f"class {label}"
        if asked.labels and name not in asked.labels:
            continue
        mine = of == label
        wanted |= mine
        told.labels[name] = told.labels.get(name, 0.0) + float(seconds[mine].sum()) * scale
    places = np.where(wanted[:, None], place(block.objects.boxes), np.nan)
    squares.add(places, seconds, steps(block), scale)
