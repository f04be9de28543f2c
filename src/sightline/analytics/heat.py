"""Where people are and which way they go, on a grid over the picture or the floor plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sightline.analytics.ahead import Ahead, Told
from sightline.analytics.keeping import State, packed, unpacked
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index, grown
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
class _Looks:
    """Who was where at some times: how many, for how long, in which cells, from how far.

    at_s, since_s, people  of each look: its time, seconds since the one before, and how many
    cells, moved           of everybody, look by look
    """

    at_s: list[float]
    since_s: list[float]
    people: list[int]
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
        self._waiting: list[_Looks] = []
        self._held = 0  # looks that wait
        self._hour = 0
        self._added_s = 0.0  # until when the decaying map has decayed

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Nothing ever happens."""
        last_s = self._watch.looked_s
        since_s = self._watch.due(tracks, time_ns)
        if since_s is None:
            return ()
        self._grow()
        roster, rows = self.roster, self._watch.rows(tracks)
        slots, places = roster.slots[rows], roster.places(self.config.anchor)[rows]
        now_s = roster.clock.now_s
        followed = self._placed_s[slots] == (-1.0 if last_s is None else last_s)
        if roster.fresh:
            followed &= ~np.isin(slots, roster.fresh)
        moved = np.where(followed[:, None], places - self._place[slots], 0.0)
        self._begin(time_ns // _HOUR_NS, now_s)
        since = [min(since_s, _LONGEST_S)]
        self._wait(_Looks([now_s], since, [len(rows)], self._cells(places), moved))
        self._place[slots], self._placed_s[slots] = places, now_s
        return ()

    def think(self, ahead: Ahead) -> None:
        """Nothing can be told of a stretch before it is known who is who."""
        self._ahead = ahead

    def sweep(self, begin: int, end: int) -> list[Told]:
        """Take in some pictures."""
        ahead, last_s = self._ahead, self._watch.looked_s
        looks = self._watch.ahead(ahead, begin, end)
        if not len(looks.pictures):
            return []
        self._grow()
        slots, places = ahead.slots[looks.rows], ahead.places(self.config.anchor)[looks.rows]
        moved = self._moved_since(-1.0 if last_s is None else last_s, slots, places, looks.look)
        self._watch.looked_s = float(looks.now_s[-1])
        ends = looks.look.searchsorted(np.arange(len(looks.pictures)), "right").tolist()
        at_s, since_s = looks.now_s.tolist(), np.minimum(looks.since_s, _LONGEST_S).tolist()
        hours = (ahead.film.times[looks.pictures] // _HOUR_NS).tolist()
        cells, at, row = self._cells(places), 0, 0
        while at < len(at_s):
            self._begin(hours[at], at_s[at])
            to = min(len(hours), at + _BATCH - self._held)
            to = next((n for n in range(at, to) if hours[n] != hours[at]), to)
            people = np.diff(ends[at:to], prepend=row).tolist()
            part = slice(row, ends[to - 1])
            self._wait(_Looks(at_s[at:to], since_s[at:to], people, cells[part], moved[part]))
            at, row = to, ends[to - 1]
        self._place[slots], self._placed_s[slots] = places, looks.now_s[looks.look]
        return []

    def _moved_since(
        self, last_s: float, slots: Index, places: Grid, look: Index
    ) -> NDArray[np.float64]:
        """How far (R, 2) everybody has come since the look before, where they were seen in it."""
        moved = np.zeros_like(places)
        first = np.flatnonzero((look == 0) & (self._placed_s[slots] == last_s))
        moved[first] = places[first] - self._place[slots[first]]
        order = slots.argsort(kind="stable")
        now, before = order[1:], order[:-1]
        goes_on = (slots[now] == slots[before]) & (look[now] == look[before] + 1)
        now, before = now[goes_on], before[goes_on]
        moved[now] = places[now] - places[before]
        return moved

    def _grow(self) -> None:
        before, capacity = len(self._placed_s), self.roster.capacity
        if before < capacity:
            self._place = grown(self._place, capacity)
            self._placed_s = grown(self._placed_s, capacity)
            self._placed_s[before:] = -np.inf

    def _begin(self, hour: int, now_s: float) -> None:
        """A look in this hour comes next."""
        if hour != self._hour or self._held >= _BATCH:
            self._add(now_s)
            self._hour = hour

    def _wait(self, looks: _Looks) -> None:
        self._waiting.append(looks)
        self._held += len(looks.at_s)

    def finish(self) -> Sequence[Event]:
        """Nothing is ever undecided."""
        return ()

    def maps(self) -> HeatMaps:
        """The maps as they are now."""
        self._add(self.roster.clock.now_s)
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
        self._add(self.roster.clock.now_s)
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
        self._add(self.roster.clock.now_s)
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
        found: NDArray[np.intp] = _within(row, rows) * columns + _within(column, columns)
        return found

    def _add(self, now_s: float) -> None:
        """Put on the grid what was seen since the last time."""
        if not self._waiting:
            return
        looks, count = self._waiting, len(self._total)
        self._waiting, self._held = [], 0
        people = [number for some in looks for number in some.people]
        cells = np.concatenate([some.cells for some in looks])
        moved = np.concatenate([some.moved for some in looks])
        spent_s = np.array([seconds for some in looks for seconds in some.since_s])
        at_s = np.array([seconds for some in looks for seconds in some.at_s])
        left = 0.5 ** ((now_s - at_s) / self.config.half_life_s)
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


def _within(numbers: Index, count: int) -> Index:
    """Who stands beyond the grid's edge counts for the cell there."""
    found: Index = np.minimum(np.maximum(numbers, 0), count - 1)
    return found
