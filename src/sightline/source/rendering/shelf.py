"""A shelf of goods that empties as people take, and fills again as staff put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.drawing import Colour, Drawing
from sightline.source.rendering.projection import View
from sightline.source.rendering.solids import panel, prism

Array = NDArray[np.float64]
Place = tuple[float, float]

_BODY, _BACK, _BOARD, _STRIP = (132, 108, 86), (84, 70, 60), (196, 190, 180), (240, 238, 230)
_PRODUCTS = (
    (206, 64, 54), (236, 172, 64), (78, 140, 92), (64, 112, 176), (226, 218, 196), (150, 84, 142),
    (234, 120, 92), (104, 176, 178), (112, 78, 58), (212, 204, 92), (70, 76, 110), (196, 140, 164),
)  # fmt: skip


class Stock:
    """How many things stand in each cell, int (rows, columns); row 0 is the topmost.

    strays  the kind of a thing that stands at a cell's right end and belongs elsewhere, or -1
    """

    def __init__(self, rows: int, columns: int, room: int, rng: np.random.Generator) -> None:
        self.room = room
        self.count = np.minimum(room, rng.integers(room // 2 + 1, room + 3, (rows, columns)))
        self.strays = np.full((rows, columns), -1)
        self._rng = rng

    @property
    def fill(self) -> float:
        """The share 0..1 of all places that are taken."""
        return float(self.count.sum()) / (self.count.size * self.room)

    def truth(self) -> list[dict[str, Any]]:
        """How full each cell is, as plain JSON values."""
        told = []
        for (row, column), count in np.ndenumerate(self.count):
            cell: dict[str, Any] = {"cell": [row, column], "fill": round(int(count) / self.room, 3)}
            if self.strays[row, column] >= 0:
                cell["stray"] = True
            told.append(cell)
        return told

    def look(self) -> bytes:
        """The same for stocks that look the same."""
        return self.count.tobytes() + self.strays.tobytes()

    def take(self, column: int) -> bool:
        """Take one thing out of `column` or the next; False where nothing is left there."""
        columns = [c for c in (column, column - 1, column + 1) if 0 <= c < self.count.shape[1]]
        cells = [(r, c) for c in columns for r in range(len(self.count)) if self.count[r, c]]
        if not cells:
            return False
        self.count[cells[int(self._rng.integers(min(len(cells), 3)))]] -= 1
        return True

    def refill(self, column: int) -> bool:
        """Put things into the emptiest cell around `column`; False where all is full."""
        low, high = max(0, column - 1), column + 2
        part = self.count[:, low:high]
        row, aside = np.unravel_index(int(part.argmin()), part.shape)
        if part[row, aside] >= self.room:
            return False
        part[row, aside] = min(self.room, part[row, aside] + 2)
        return True


def kind_of(cell: tuple[int, int]) -> int:
    """Which product belongs into a cell."""
    return (cell[0] * 5 + cell[1] * 7) % len(_PRODUCTS)


@dataclass(frozen=True, slots=True)
class Gondola:
    """A free-standing shelf, whose front runs from `start` to `end` (left to right as seen
    by who stands before it), and which is `depth` metres thick behind that."""

    start: Place
    end: Place
    depth: float = 0.5
    height: float = 1.6

    def point(self, along: float, out: float) -> Place:
        """The place at a share 0..1 of the front, `out` metres before it."""
        start, run = np.array(self.start), np.subtract(self.end, self.start)
        normal = np.array([run[1], -run[0]]) / np.hypot(*run)
        place = start + along * run + out * normal
        return float(place[0]), float(place[1])

    def facing(self) -> float:
        """The heading of somebody who looks at the front."""
        before, behind = self.point(0.5, 1.0), self.point(0.5, 0.0)
        return float(np.arctan2(behind[1] - before[1], behind[0] - before[0]))

    def base(self) -> list[Place]:
        """Its corners on the floor, anticlockwise from above."""
        d = self.depth
        return [self.point(0, 0), self.point(1, 0), self.point(1, -d), self.point(0, -d)]

    def draw(self, view: View, stock: Stock) -> Drawing:
        """Body, boards and what stands on them."""
        drawing = Drawing()
        prism(drawing, view, self.base(), 0, self.height, _BODY)
        rows, columns = stock.count.shape
        low, high = 0.16, self.height - 0.06
        tall = (high - low) / rows
        self._slab(drawing, view, (0.02, 0.98), (low, high), 0.005, _BACK)
        for row in range(rows):
            floor = high - (row + 1) * tall
            self._slab(drawing, view, (0.02, 0.98), (floor, floor + tall * 0.28), 0.008, _BODY)
            for column in range(columns):
                span = (0.03 + 0.94 * column / columns, 0.03 + 0.94 * (column + 1) / columns)
                self._cell(drawing, view, stock, (row, column), span, (floor, tall))
            self._slab(drawing, view, (0.0, 1.0), (floor - 0.035, floor + 0.01), 0.03, _BOARD)
            for i in range(columns):
                tag = (0.06 + 0.94 * i / columns, 0.11 + 0.94 * i / columns)
                self._slab(drawing, view, tag, (floor - 0.032, floor + 0.006), 0.035, _STRIP)
        return drawing

    def _cell(self, drawing: Drawing, view: View, stock: Stock, cell: tuple[int, int],
              span: tuple[float, float], shelf: tuple[float, float]) -> None:  # fmt: skip
        width = (span[1] - span[0]) / stock.room
        kinds = [(i, kind_of(cell)) for i in range(int(stock.count[cell]))]
        if stock.strays[cell] >= 0:
            kinds.append((stock.room - 1, int(stock.strays[cell])))
        floor, tall = shelf
        for i, kind in kinds:
            colour = _PRODUCTS[kind]
            pale = [min(255, value * 0.5 + 118) for value in colour]
            high = tall * (0.62 + 0.16 * (kind % 3) / 2)
            left, right = span[0] + width * (i + 0.08), span[0] + width * (i + 0.92)
            self._slab(drawing, view, (left, right), (floor, floor + high), 0.02, colour)
            middle = (floor + high * 0.3, floor + high * 0.62)
            self._slab(drawing, view, (left, right), middle, 0.022, pale)

    def _slab(self, drawing: Drawing, view: View, along: tuple[float, float],
              up: tuple[float, float], out: float, colour: Colour) -> None:  # fmt: skip
        left, right = self.point(along[0], out), self.point(along[1], out)
        corners = [(*left, up[0]), (*right, up[0]), (*right, up[1]), (*left, up[1])]
        panel(drawing, view, np.array(corners), colour)
