"""A shelf seen from the front: people pass before it and take, staff fill it, some misplace."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

from sightline.source.rendering.areas import on_picture
from sightline.source.rendering.cast import Cast
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.errands import Actor, Errand, Place, Stand, Walk
from sightline.source.rendering.hall import Hall
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import View
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.shelf import Gondola, Stock, kind_of
from sightline.source.rendering.wardrobe import in_uniform

VIEW = View(position=(0.35, -1.5, 2.35), target=(0.0, 4.0, 0.98), fov=34)
HALL = Hall(-7.0, 7.0, 5.4, 3.6, floor=(204, 200, 192), tile=0.6, wall=(228, 222, 208),
            plinth=(196, 188, 172))  # fmt: skip
SHELF = Gondola(start=(-2.3, 4.0), end=(2.3, 4.0), depth=0.5, height=1.9)
ROWS, COLUMNS, ROOM_IN_CELL = 4, 6, 4
_WALLS = [Wall((-2.3, 4.25), (2.3, 4.25), 0.28)]

_QUIET_S = 10.0  # nobody comes at first, so that there is a picture of the full shelf
_EVERY_S = {"take": 6.0, "pass": 11.0, "stray": 40.0}
_REST_S = 16.0  # what staff put right has been wrong for so long at least
_STAFF_S = 26.0


class Aisle:
    """One shelf of 24 cells."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._stock = Stock(ROWS, COLUMNS, ROOM_IN_CELL, np.random.default_rng([seed, 2]))
        self._stock.count[:] = ROOM_IN_CELL
        self._cast = Cast(self._rng, _WALLS, self._acted)
        self.crowd = self._cast.crowd
        self.chronicle = Chronicle()
        self._due = {what: every * float(self._rng.uniform(0.1, 0.9))
                     for what, every in _EVERY_S.items()}  # fmt: skip
        self._aims: dict[int, tuple[int, int]] = {}  # by number: the cell that somebody goes for
        self._brings: set[int] = set()  # who puts something where it does not belong
        self._empty_s: dict[tuple[int, int], float] = {}
        self._stray_s: dict[tuple[int, int], float] = {}
        self._staff_s = _STAFF_S

    @property
    def stock(self) -> Stock:
        """What stands in the shelf."""
        return self._stock

    def step(self) -> None:
        """Somebody may come; everybody goes on."""
        self.chronicle.steps += 1
        if self.chronicle.now_s > _QUIET_S:
            for what in self._due:
                self._due[what] -= STEP_S * self.busy
                if self._due[what] < 0:
                    self._due[what] = _EVERY_S[what] * float(self._rng.uniform(0.6, 1.4))
                    getattr(self, f"_{what}_comes")()
            self._staff_s -= STEP_S * self.busy
            if self._staff_s < 0:
                self._staff_s = _STAFF_S * float(self._rng.uniform(0.7, 1.3))
                self._staff_come()
        self.crowd.step()

    def props(self, share: float) -> list[Prop]:
        """Nothing moves but people."""
        return []

    def truth(self) -> dict[str, Any]:
        """How full each cell is, and where something stands that belongs elsewhere."""
        return {"shelf": self._stock.truth()}

    def _pass_comes(self) -> None:
        side = 1 if self._rng.random() < 0.5 else -1
        y = float(self._rng.uniform(1.6, 2.7))
        self._cast.join((-5.0 * side, y), [Walk((5.0 * side, y))])

    def _take_comes(self) -> None:
        busy = np.argwhere(self._stock.count > 0)
        if not len(busy):
            return
        # People want what others want: a few cells empty quickly.
        wanted = [tuple(cell) for cell in busy.tolist() if (cell[0] * 3 + cell[1]) % 4 == 1]
        pool = wanted if wanted and self._rng.random() < 0.7 else [tuple(c) for c in busy.tolist()]
        cell = pool[int(self._rng.integers(len(pool)))]
        self._visit((cell[0], cell[1]), float(self._rng.uniform(2.4, 6.0)))

    def _stray_comes(self) -> None:
        free = [tuple(c) for c in np.argwhere((self._stock.count < ROOM_IN_CELL)
                                              & (self._stock.count > 0)
                                              & (self._stock.strays < 0)).tolist()]  # fmt: skip
        if free:
            cell = free[int(self._rng.integers(len(free)))]
            self._brings.add(self._visit((cell[0], cell[1]), 1.2).number)

    def _staff_come(self) -> None:
        now_s = self.chronicle.now_s
        late = [cell for cells in (self._empty_s, self._stray_s) for cell, since in cells.items()
                if now_s - since > _REST_S]  # fmt: skip
        for cell in sorted(set(late))[:3]:
            self._visit(cell, 2.4, staff=True)

    def _visit(self, cell: tuple[int, int], seconds: float, staff: bool = False) -> Actor:
        side = 1 if self._rng.random() < 0.5 else -1
        spot: Place = SHELF.point((cell[1] + 0.5) / COLUMNS, 0.62)
        before: Place = SHELF.point((cell[1] + 0.5) / COLUMNS, 1.2)
        stand = Stand(seconds, pi / 2, "refill" if staff else "take")
        plan: list[Errand] = [Walk(before, 0.6), Walk(spot, 0.2), stand,
                              Walk(before, 0.6), Walk((5.2 * side, 2.6))]  # fmt: skip
        look = in_uniform(self._rng) if staff else None
        actor = self._cast.join((-5.2 * side, float(self._rng.uniform(2.2, 3.2))), plan, look)
        self._aims[actor.number] = cell
        return actor

    def _acted(self, actor: Actor, errand: Stand) -> bool:
        cell = self._aims[actor.number]
        if errand.action == "refill":
            return self._put_right(cell)
        if actor.number in self._brings:
            self._put_down(cell)
            return False
        if not self._stock.count[cell]:
            return False
        self._stock.count[cell] -= 1
        if not self._stock.count[cell]:
            self._empty_s[cell] = self.chronicle.now_s
            self.chronicle.tell("shelf.out_of_stock", "shelf", cell=list(cell))
        return True

    def _put_down(self, cell: tuple[int, int]) -> None:
        if self._stock.count[cell] == ROOM_IN_CELL or self._stock.strays[cell] >= 0:
            return
        self._stock.strays[cell] = kind_of((cell[0], (cell[1] + 2) % COLUMNS))
        self._stray_s[cell] = self.chronicle.now_s
        self.chronicle.tell("shelf.misplaced", "shelf", cell=list(cell))

    def _put_right(self, cell: tuple[int, int]) -> bool:
        if self._stock.strays[cell] >= 0:
            self._stock.strays[cell] = -1
            self._stray_s.pop(cell, None)
            self.chronicle.tell("shelf.tidied", "shelf", cell=list(cell))
        if self._stock.count[cell] >= ROOM_IN_CELL:
            return False
        if not self._stock.count[cell]:
            since = self._empty_s.pop(cell)
            out_s = round(self.chronicle.now_s - since, 2)
            self.chronicle.tell("shelf.restocked", "shelf", cell=list(cell), out_s=out_s)
        self._stock.count[cell] = ROOM_IN_CELL
        return True


def _front() -> tuple[Place, ...]:
    """The corners of the cells' front on the picture: top left, top right, then below."""
    low, high = 0.16, SHELF.height - 0.06
    left, right = SHELF.point(0.03, 0.02), SHELF.point(0.97, 0.02)
    top = on_picture(VIEW, (left, right), high)
    below = on_picture(VIEW, (right, left), low)
    return (*top, *below)


AISLE = Scene(
    view=VIEW,
    room=HALL,
    shelf=SHELF,
    furniture=(),
    world=Aisle,
    lines={},
    zones={},
    asked={
        "shelves": [{"name": "shelf", "polygon": _front(), "rows": ROWS, "columns": COLUMNS}],
        "zones": [],
    },
    tells=(
        "shelf.out_of_stock",
        "shelf.restocked",
        "shelf.misplaced",
        "shelf.tidied",
    ),
)
