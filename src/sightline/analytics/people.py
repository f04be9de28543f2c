"""How many people are inside: those who came in less those who went out, over all entrances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import hypot

from pydantic import BaseModel, ConfigDict, Field

from sightline.analytics.ahead import Ahead, Told, together
from sightline.analytics.doubt import Bounds, Doubt
from sightline.analytics.keeping import State
from sightline.analytics.line import Line, LineConfig
from sightline.analytics.place import Name
from sightline.analytics.roster import Roster
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_TOTALS = ("in", "out", "missed", "inside", "peak", "groups", "inside_s", "since_s")


class PeopleConfig(BaseModel):
    """A room and its entrances.

    name       as events and summary call it
    entrances  lines across them; "in" leads into the room
    group_s    who comes in through the same entrance within this time of the one before is of
               the same group
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    entrances: tuple[LineConfig, ...] = Field(min_length=1)
    group_s: float = Field(default=1.5, ge=0, le=60)


class People:
    """Net occupancy that never falls below zero.

    Who goes out of an empty room had come in unseen; the room stays empty, the miss is
    counted, and an error in the past does not shift every number from then on.
    """

    def __init__(
        self,
        config: PeopleConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._lines = [Line(line, labels, aspect, self.roster) for line in config.entrances]
        self._in = self._out = self._missed = self._inside = self._peak = self._groups = 0
        self._group: dict[str, tuple[int, int]] = {}  # by entrance: its size, and the last's time
        self._inside_s = 0.0  # integral of occupancy over time
        self._since_s = 0.0

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Who came in and went out: "people.in" and "people.out"."""
        self.roster.update(tracks, time_ns)
        return self._take([e for line in self._lines for e in line.update(tracks, time_ns)])

    def think(self, ahead: Ahead) -> None:
        """Who changes sides at an entrance."""
        self._ahead = ahead
        for line in self._lines:
            line.think(ahead)

    def sweep(self, begin: int, end: int) -> list[Told]:
        """Who came in and went out by some pictures."""
        crossings = together([line.sweep(begin, end) for line in self._lines])
        told = []
        for number, events in crossings:
            self._ahead.tell_time(number)
            told.append((number, self._take(events)))
        return told

    def finish(self) -> Sequence[Event]:
        """Crossings that were not sure yet."""
        return self._take([event for line in self._lines for event in line.finish()])

    def measures(self) -> Sequence[Measure]:
        """One "people.inside": the mean over time, and what the summary holds."""
        clock = self.roster.clock
        if not clock.begun:
            return ()
        summary = self.summary()
        low, high = self.bounds()["inside"]
        data = {**summary, "inside_low": low, "inside_high": high}
        return [Measure("people.inside", self.config.name, *clock.span, summary["mean"], data=data)]

    def summary(self) -> dict[str, float]:
        """`inside` now, `peak`, `mean` over time; `missed`: went out of an empty room."""
        now_s = self.roster.clock.now_s
        area = self._inside_s + self._inside * (now_s - self._since_s)
        return {
            "in": self._in,
            "out": self._out,
            "inside": self._inside,
            "peak": self._peak,
            "mean": round(area / now_s, 4) if now_s else float(self._inside),
            "missed": self._missed,
            "groups": self._groups,
            "group_size": round(self._in / self._groups, 3) if self._groups else 0.0,
        }

    def bounds(self) -> dict[str, Bounds]:
        """Between what `in`, `out` and `inside` truly are, most likely."""
        ways = [line.doubts() for line in self._lines]
        came, left = (sum((one[way] for one in ways), Doubt()) for way in ("in", "out"))
        inside = Doubt(self._inside, came.variance + left.variance, hypot(came.common, left.common))
        return {"in": came.counts(), "out": left.counts(), "inside": inside.counts()}

    def state(self) -> State:
        """The entrances' states, and the totals."""
        return {
            "lines": [line.state() for line in self._lines],
            "totals": {name: getattr(self, f"_{name}") for name in _TOTALS},
            "group": {name: list(last) for name, last in self._group.items()},
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        for line, kept in zip(self._lines, state["lines"], strict=True):
            line.restore(kept)
        for name in _TOTALS:
            setattr(self, f"_{name}", state["totals"][name])
        self._group = {name: (int(n), int(last)) for name, (n, last) in state["group"].items()}

    def _take(self, crossings: list[Event]) -> list[Event]:
        ordered = sorted(crossings, key=lambda event: event.time_ns)
        return [self._count(event) for event in ordered]

    def _count(self, crossing: Event) -> Event:
        now_s = self.roster.clock.now_s
        self._inside_s += self._inside * (now_s - self._since_s)
        self._since_s = now_s
        data: dict[str, object] = {"entrance": crossing.name}
        if crossing.data["direction"] == "in":
            self._in += 1
            self._inside += 1
            self._peak = max(self._peak, self._inside)
            data["group"] = self._join_group(crossing)
        else:
            self._out += 1
            self._missed += self._inside == 0
            self._inside = max(0, self._inside - 1)
        return replace(
            crossing,
            kind=f"people.{crossing.data['direction']}",
            name=self.config.name,
            data={**data, "inside": self._inside},
        )

    def _join_group(self, crossing: Event) -> int:
        """The size of the group so far, with this one."""
        size, last_ns = self._group.get(crossing.name, (0, 0))
        together = size and crossing.time_ns - last_ns <= self.config.group_s * 1e9
        size = size + 1 if together else 1
        self._groups += not together
        self._group[crossing.name] = (size, crossing.time_ns)
        return size
