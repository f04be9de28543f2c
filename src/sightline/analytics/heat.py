"""Where people are and which way they go, on a grid over the picture or the floor plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sightline.analytics.keeping import State, packed, unpacked
from sightline.analytics.roster import Roster
from sightline.analytics.slots import grown
from sightline.analytics.watch import Watch, WatchConfig
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

Grid = NDArray[np.float64]

_HOUR_NS = 3600 * 10**9
_LONGEST_S = 1.0  # between two looks: beyond that nobody knows where people were
_BATCH = 64  # looks that are put on the grid at once


class HeatConfig(WatchConfig):
    """A heat map.

    columns      cells across the picture; as many rows as make them square
    half_life_s  after so long a stay weighs half in the decaying map
    hours        maps of single hours are kept for so many of them
    """

    columns: int = Field(default=64, ge=2, le=512)
    half_life_s: float = Field(default=900.0, gt=0)
    hours: int = Field(default=24, ge=0, le=168)


@dataclass(frozen=True, slots=True)
class HeatMaps:
    """What a heat map holds: rows and columns of cells, seconds that people were in them.

    presence  (R, C) since the beginning
    recent    (R, C) with what is past decayed
    flow      (R, C, 2) the mean velocity there, x and y, in heights of the picture a second
    hourly    by begin of the hour in nanoseconds: (R, C)
    """

    presence: Grid
    recent: Grid
    flow: Grid
    hourly: dict[int, Grid]


@dataclass(frozen=True, slots=True)
class _Look:
    """Who was where at a time: for how long, in which cells, and come from how far."""

    at_s: float
    since_s: float
    cells: NDArray[np.intp]
    moved: Grid


class Heat:
    """Adds up, a few times a second, where everybody is and how they moved since."""

    def __init__(
        self,
        config: HeatConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._watch = Watch("heat map", config, labels, self.roster)
        self._shape = max(1, round(config.columns / self.roster.aspect)), config.columns
        cells = self._shape[0] * self._shape[1]
        self._total, self._recent = np.zeros(cells), np.zeros(cells)
        self._moved = np.zeros((cells, 2))
        self._hourly: dict[int, Grid] = {}
        self._place: Grid = np.empty((0, 2))
        self._placed_s: Grid = np.empty(0)
        self._waiting: list[_Look] = []
        self._hour = 0
        self._added_s = 0.0  # until when the decaying map has decayed

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Nothing ever happens."""
        last_s = self._watch.looked_s
        since_s = self._watch.due(tracks, time_ns)
        if since_s is None:
            return ()
        roster = self.roster
        if len(self._placed_s) < roster.capacity:
            before = len(self._placed_s)
            self._place = grown(self._place, roster.capacity)
            self._placed_s = grown(self._placed_s, roster.capacity)
            self._placed_s[before:] = -np.inf
        hour = time_ns // _HOUR_NS
        if hour != self._hour or len(self._waiting) >= _BATCH:
            self._add()
            self._hour = hour
        rows = self._watch.rows(tracks)
        slots, places = roster.slots[rows], roster.places(self.config.anchor)[rows]
        now_s = roster.clock.now_s
        followed = self._placed_s[slots] == (-1.0 if last_s is None else last_s)
        if roster.fresh:
            followed &= ~np.isin(slots, roster.fresh)
        moved = np.where(followed[:, None], places - self._place[slots], 0.0)
        self._waiting.append(_Look(now_s, min(since_s, _LONGEST_S), self._cells(places), moved))
        self._place[slots], self._placed_s[slots] = places, now_s
        return ()

    def finish(self) -> Sequence[Event]:
        """Nothing is ever undecided."""
        return ()

    def maps(self) -> HeatMaps:
        """The maps as they are now."""
        self._add()
        flow = self._moved / np.maximum(self._total, 1e-9)[:, None]
        rows, columns = self._shape
        return HeatMaps(
            self._total.reshape(self._shape).copy(),
            self._recent.reshape(self._shape).copy(),
            flow.reshape(rows, columns, 2),
            {at * _HOUR_NS: grid.reshape(self._shape).copy() for at, grid in self._hourly.items()},
        )

    def measures(self) -> Sequence[Measure]:
        """One "heat.map": seconds of presence, and the maps as packed arrays."""
        if not self.roster.clock.begun:
            return ()
        maps = self.maps()
        data = {
            "presence": packed(maps.presence.astype(np.float32)),
            "recent": packed(maps.recent.astype(np.float32)),
            "flow": packed(maps.flow.astype(np.float32)),
        }
        total = float(self._total.sum())
        return [Measure("heat.map", self.config.name, *self.roster.clock.span, total, data=data)]

    def summary(self) -> dict[str, float]:
        """`seconds` of presence, the warmest cell's place `x`, `y` and its `share` of them."""
        self._add()
        total = float(self._total.sum())
        row, column = divmod(int(self._total.argmax()), self._shape[1])
        return {
            "seconds": round(total, 3),
            "x": round((column + 0.5) / self._shape[1], 4),
            "y": round((row + 0.5) / self._shape[0], 4),
            "share": round(float(self._total.max()) / total, 4) if total else 0.0,
        }

    def state(self) -> State:
        """The maps, and where everybody was at the last look."""
        self._add()
        return {
            "looked_s": self._watch.looked_s,
            "added_s": self._added_s,
            "hour": self._hour,
            "total": packed(self._total),
            "recent": packed(self._recent),
            "moved": packed(self._moved),
            "hourly": [[at, packed(grid)] for at, grid in self._hourly.items()],
            "place": packed(self._place),
            "placed_s": packed(self._placed_s),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        names = ("total", "recent", "moved", "place", "placed_s")
        total, recent, moved, place, placed_s = (unpacked(state[name]) for name in names)
        hourly = {int(at): unpacked(grid) for at, grid in state["hourly"]}
        grids = (total, recent, moved[:, 0], *hourly.values())
        if any(grid.shape != self._total.shape for grid in grids):
            raise ValueError("a grid of another size")
        self._total, self._recent, self._moved, self._hourly = total, recent, moved, hourly
        self._place, self._placed_s = place, placed_s
        self._watch.looked_s = state["looked_s"]
        self._added_s, self._hour = float(state["added_s"]), int(state["hour"])

    def _cells(self, places: Grid) -> NDArray[np.intp]:
        rows, columns = self._shape
        column = (places[:, 0] * (columns / self.roster.aspect)).astype(np.intp)
        row = (places[:, 1] * rows).astype(np.intp)
        found: NDArray[np.intp] = row.clip(0, rows - 1) * columns + column.clip(0, columns - 1)
        return found

    def _add(self) -> None:
        """Put on the grid what was seen since the last time."""
        now_s = self.roster.clock.now_s
        if not self._waiting:
            return
        looks, count = self._waiting, len(self._total)
        self._waiting = []
        people = [len(look.cells) for look in looks]
        cells = np.concatenate([look.cells for look in looks])
        moved = np.concatenate([look.moved for look in looks])
        spent_s = np.array([look.since_s for look in looks])
        left = 0.5 ** ((now_s - np.array([look.at_s for look in looks])) / self.config.half_life_s)
        spent = np.bincount(cells, np.repeat(spent_s, people), count)
        self._total += spent
        self._recent *= 0.5 ** ((now_s - self._added_s) / self.config.half_life_s)
        self._recent += np.bincount(cells, np.repeat(spent_s * left, people), count)
        self._added_s = now_s
        for axis in (0, 1):
            self._moved[:, axis] += np.bincount(cells, moved[:, axis], count)
        if self.config.hours:
            hour = self._hourly.setdefault(self._hour, np.zeros(count))
            hour += spent
            while len(self._hourly) > self.config.hours:
                del self._hourly[min(self._hourly)]
