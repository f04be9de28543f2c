"""What a shelf holds: how full each cell is, what is out of stock, misplaced, filled again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sightline.analytics.area import check_polygon
from sightline.analytics.doubt import Bounds
from sightline.analytics.keeping import State
from sightline.analytics.place import Name, Point, Wanted
from sightline.analytics.roster import Roster
from sightline.analytics.tally import Tally
from sightline.geometry.ground import Ground
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_COVERED = 0.02  # of a cell behind somebody: it is not judged then
_FOLLOW = 0.5  # share of a look in the level that is told
_UNIT = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64)


class ShelfConfig(BaseModel):
    """A shelf as a grid of cells on the picture.

    name       as events and summary call it
    polygon    the corners of the cells' front: top left, top right, lower right, lower left
    rows       of cells
    columns    of cells
    by         picture: each cell is compared with how it looks when full; detections: the model
               finds products, which are counted
    reference  a picture of the full shelf (.jpg, .png); none: it is full when the camera starts
    products   for detections: the classes that are products (empty: all but people)
    plan       for detections: the class that belongs into each cell, row by row ("": any)
    full       for detections: so many products make a cell full
    people     classes of who may stand before the shelf: cells behind them are not judged
    empty      a cell at or below this fill is out of stock
    stray      a cell with more than this share of it taken by what belongs elsewhere
    settle_s   it must be seen so for so long
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    polygon: tuple[Point, Point, Point, Point]
    rows: int = Field(ge=1, le=20)
    columns: int = Field(ge=1, le=40)
    by: Literal["picture", "detections"] = "picture"
    reference: str | None = None
    products: tuple[str, ...] = ()
    plan: tuple[tuple[str, ...], ...] = ()
    full: int = Field(default=4, ge=1, le=1000)
    people: tuple[str, ...] = ("person",)
    empty: float = Field(default=0.1, ge=0, lt=1)
    stray: float = Field(default=0.15, ge=0, lt=1)
    settle_s: float = Field(default=2.0, ge=0, le=3600)

    @model_validator(mode="after")
    def _sound(self) -> ShelfConfig:
        what = f"shelf {self.name!r}"
        check_polygon(what, self.polygon)
        sizes = {len(row) for row in self.plan}
        if self.plan and (len(self.plan) != self.rows or sizes != {self.columns}):
            raise ValueError(f"{what}: its plan has to have {self.rows} x {self.columns} names")
        return self


class _Cells:
    """One condition of each cell: since when it has looked so, and what was told."""

    def __init__(self, count: int) -> None:
        self.is_on = np.zeros(count, np.bool_)
        self.since_s = np.full(count, np.nan)  # of the change that is not sure yet
        self.clear_s = np.zeros(count)  # for how long it has been seen so
        self.began_s = np.zeros(count)

    def update(self, holds: NDArray[np.bool_], seen: NDArray[np.bool_], now_s: float,
               step_s: float, settle_s: float) -> list[int]:  # fmt: skip
        """The cells whose condition has changed for good. Cells not `seen` wait."""
        differs = seen & (holds != self.is_on)
        back = seen & (holds == self.is_on)
        self.since_s[back], self.clear_s[back] = np.nan, 0.0
        fresh = differs & np.isnan(self.since_s)
        self.since_s[fresh] = now_s
        self.clear_s[differs & ~fresh] += step_s
        sure = np.flatnonzero(differs & (self.clear_s >= settle_s)).tolist()
        for cell in sure:
            self.is_on[cell] = not self.is_on[cell]
            self.began_s[cell] = self.since_s[cell]
            self.since_s[cell], self.clear_s[cell] = np.nan, 0.0
        return sure

    def state(self) -> State:
        return {name: getattr(self, name).tolist() for name in ("is_on", "began_s")}

    def restore(self, state: State) -> None:
        for name in ("is_on", "began_s"):
            mine = getattr(self, name)
            mine[:] = np.array(state[name], mine.dtype)


class Shelf:
    """Follows each cell. "shelf.out_of_stock" and "shelf.restocked", "shelf.misplaced" and
    "shelf.tidied", each with its `cell` (row, column) and the instant at which it was seen so
    first; a cell behind somebody is judged again when it is free."""

    def __init__(
        self,
        config: ShelfConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._labels = labels
        what = f"shelf {config.name!r}"
        self._people = Wanted(what, tuple(p for p in config.people if p in labels), labels)
        self._products = Wanted(what, config.products, labels)
        self._flat = Ground(np.array(config.polygon), _UNIT)
        self._boxes = self._cell_boxes()
        count = config.rows * config.columns
        self._level = np.full(count, np.nan)
        self._empty, self._stray = _Cells(count), _Cells(count)
        self._outs = self._strays = 0
        self._tally = Tally("cells", not self.roster.mends)
        self._out_s: list[float] = []  # how long cells were out of stock
        self._since_s = np.zeros(count)  # when each went out of stock last
        self._empty_s = 0.0
        self._looked_s: float | None = None

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """What has become empty, full, wrong or right."""
        roster = self.roster
        roster.update(tracks, time_ns)
        found = self._counted(tracks) if self.config.by == "detections" else self._probed(tracks)
        if found is None:
            return ()
        fill, stray = found
        now_s = roster.clock.now_s
        step_s = 0.0 if self._looked_s is None else now_s - self._looked_s
        self._looked_s = now_s
        seen = ~self._behind(tracks)
        known = seen & ~np.isnan(self._level)
        self._level[known] += _FOLLOW * (fill[known] - self._level[known])
        self._level[seen & ~known] = fill[seen & ~known]
        settle_s = self.config.settle_s
        self._empty_s += step_s * int(np.count_nonzero(self._empty.is_on))
        empty, strays = fill <= self.config.empty, stray > self.config.stray
        changed = self._empty.update(empty, seen, now_s, step_s, settle_s)
        moved = self._stray.update(strays, seen, now_s, step_s, settle_s)
        return [*map(self._stock_event, changed), *map(self._stray_event, moved)]

    def finish(self) -> Sequence[Event]:
        """Nothing is undecided that more pictures would not decide."""
        return ()

    def measures(self) -> Sequence[Measure]:
        """One "shelf.fill": the mean over cells now; `data` has each cell's, row by row of so many
        `columns`. One "shelf.count" for `out_of_stock` and `misplaced`, once there were any."""
        clock = self.roster.clock
        if not clock.begun or self._looked_s is None:
            return ()
        span = (clock.time_ns(0.0), clock.time_ns(clock.now_s))
        summary = self.summary()
        cells = [None if np.isnan(one) else round(float(one), 3) for one in self._level]
        data = {**summary, "columns": self.config.columns, "cells": cells}
        return [
            Measure("shelf.fill", self.config.name, *span, summary["fill"], data=data),
            *self._tally.measures("shelf.count", self.config.name, span),
        ]

    def bounds(self) -> dict[str, Bounds]:
        """Between how often cells truly were `out_of_stock` and `misplaced`, most likely."""
        return self._tally.bounds()

    def summary(self) -> dict[str, float]:
        """`fill` now, `empty` and `stray` cells now, `out_of_stock` and `misplaced` so far, mean
        `restock_s`, and `available`: the share of cell-time that was in stock."""
        known = self._level[~np.isnan(self._level)]
        whole_s = len(self._level) * (self._looked_s or 0.0)
        return {
            "fill": round(float(known.mean()), 4) if len(known) else 0.0,
            "empty": int(np.count_nonzero(self._empty.is_on)),
            "stray": int(np.count_nonzero(self._stray.is_on)),
            "out_of_stock": self._outs,
            "misplaced": self._strays,
            "restock_s": round(sum(self._out_s) / len(self._out_s), 3) if self._out_s else 0.0,
            "available": round(1 - self._empty_s / whole_s, 4) if whole_s else 1.0,
        }

    def state(self) -> State:
        """Cells and counts."""
        return {
            "level": [None if np.isnan(one) else float(one) for one in self._level],
            "empty": self._empty.state(),
            "stray": self._stray.state(),
            "counts": [self._outs, self._strays],
            "tally": self._tally.state(),
            "out_s": self._out_s[-1000:],
            "since_s": self._since_s.tolist(),
            "empty_s": self._empty_s,
            "looked_s": self._looked_s,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._level[:] = [np.nan if one is None else float(one) for one in state["level"]]
        self._empty.restore(state["empty"])
        self._stray.restore(state["stray"])
        self._outs, self._strays = map(int, state["counts"])
        if "tally" in state:
            self._tally.restore(state["tally"], {})
        else:
            self._tally.add("out_of_stock", "empty", self._outs)
            self._tally.add("misplaced", "stray", self._strays)
        self._out_s = list(map(float, state["out_s"]))
        self._since_s[:] = state["since_s"]
        self._empty_s = float(state["empty_s"])
        looked = state["looked_s"]
        self._looked_s = None if looked is None else float(looked)

    def _probed(self, tracks: Detections) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        numbers = (tracks.probes or {}).get(f"shelf.{self.config.name}")
        count = len(self._level)
        if numbers is None or len(numbers) < 2 * count:
            return None
        return np.array(numbers[:count]), np.array(numbers[count : 2 * count])

    def _counted(self, tracks: Detections) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        config = self.config
        fill, stray = np.zeros(len(self._level)), np.zeros(len(self._level))
        rows = self._products.rows(tracks.labels)
        if rows is None:
            rows = np.setdiff1d(np.arange(len(tracks)), self._people_rows(tracks))
        boxes = tracks.boxes[rows].astype(np.float64)
        place = self._flat.to_floor((boxes[:, :2] + boxes[:, 2:]) / 2)
        for (x, y), label in zip(place.tolist(), tracks.labels[rows].tolist(), strict=True):
            if not (0 <= x < 1 and 0 <= y < 1):
                continue
            row, column = int(y * config.rows), int(x * config.columns)
            wanted = config.plan[row][column] if config.plan else ""
            own = not wanted or (label < len(self._labels) and self._labels[label] == wanted)
            (fill if own else stray)[row * config.columns + column] += 1 / config.full
        return fill.clip(0, 1), stray.clip(0, 1)

    def _people_rows(self, tracks: Detections) -> NDArray[np.intp]:
        rows = self._people.rows(tracks.labels)
        return np.empty(0, np.intp) if rows is None else rows

    def _behind(self, tracks: Detections) -> NDArray[np.bool_]:
        """Which cells somebody stands before."""
        people = tracks.boxes[self._people_rows(tracks)].astype(np.float64)
        low = np.maximum(self._boxes[:, None, :2], people[None, :, :2])
        high = np.minimum(self._boxes[:, None, 2:], people[None, :, 2:])
        shared = np.maximum(high - low, 0).prod(axis=2)
        whole = (self._boxes[:, 2:] - self._boxes[:, :2]).prod(axis=1)
        behind: NDArray[np.bool_] = (shared > _COVERED * whole[:, None]).any(axis=1)
        return behind

    def _cell_boxes(self) -> NDArray[np.float64]:
        """The box (cells, 4) around each cell on the picture."""
        config, boxes = self.config, []
        grid = np.array([config.columns, config.rows])
        for row in range(config.rows):
            for column in range(config.columns):
                corners = (_UNIT + np.array([column, row])) / grid
                on = self._flat.to_picture(corners)
                boxes.append([*on.min(axis=0), *on.max(axis=0)])
        return np.array(boxes)

    def _stock_event(self, cell: int) -> Event:
        at_s = float(self._empty.began_s[cell])
        unsure_s = self.roster.clock.now_s - at_s
        if self._empty.is_on[cell]:
            self._outs += 1
            self._tally.add("out_of_stock", "empty")
            self._empty_s += unsure_s
            self._level[cell] = min(float(self._level[cell]), self.config.empty)
            self._since_s[cell] = at_s
            return self._event("shelf.out_of_stock", cell, at_s, {})
        self._empty_s -= unsure_s
        out_s = round(at_s - float(self._since_s[cell]), 3)
        self._out_s.append(out_s)
        return self._event("shelf.restocked", cell, at_s, {"out_s": out_s})

    def _stray_event(self, cell: int) -> Event:
        strays = bool(self._stray.is_on[cell])
        self._strays += strays
        if strays:
            self._tally.add("misplaced", "stray")
        kind = "shelf.misplaced" if strays else "shelf.tidied"
        return self._event(kind, cell, float(self._stray.began_s[cell]), {})

    def _event(self, kind: str, cell: int, at_s: float, data: dict[str, Any]) -> Event:
        x1, y1, x2, y2 = self._boxes[cell].tolist()
        where = [cell // self.config.columns, cell % self.config.columns]
        return Event(
            kind=kind,
            time_ns=self.roster.clock.time_ns(float(at_s)),
            name=self.config.name,
            place=((x1 + x2) / 2, (y1 + y2) / 2),
            data={"cell": where, **data},
        )
