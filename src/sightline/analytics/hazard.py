"""Who is in danger: near a machine at work, down, running, going the wrong way, unprotected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import hypot
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from sightline.analytics.ahead import Ahead
from sightline.analytics.area import Area, check_polygon
from sightline.analytics.conduct import Lying, Sight, Truths, against, running, unprotected
from sightline.analytics.doubt import Bounds
from sightline.analytics.keeping import State
from sightline.analytics.machines import approach, moves, vague
from sightline.analytics.motion import Floats
from sightline.analytics.place import Name, Point, Wanted
from sightline.analytics.roster import Roster
from sightline.analytics.sight import sight
from sightline.analytics.slots import Index
from sightline.analytics.spells import Spell, Spells
from sightline.analytics.tally import Tally
from sightline.analytics.trails import at_edge
from sightline.analytics.turns import Turns
from sightline.geometry.boxes import Anchor
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_GRACE_S = 0.7  # people are lost behind each other for as long, and are still in danger
_AGAINST = 0.12  # heights a second; who walks towards a low camera hardly moves on its picture
_RELIEF = {"running": 0.8, "wrong_way": 0.25}  # of the pace from which it is so: below it is over
_WHOLE: tuple[Point, ...] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class HazardConfig(BaseModel):
    """What is dangerous, and where.

    name        as events and summary call it
    polygon     corners x, y of the zone in order, fractions (empty: the whole picture)
    people      the classes that are in danger (empty: all but machines and protection)
    machines    classes of what endangers them, such as forklift
    active      the zone is dangerous always, while a machine is present in the picture, or only
                while one moves
    rest_s      a machine that has stopped still counts as moving for so long, for who is inside
    moving      heights of its box a second, from which on a machine moves; less than its box
                trembles is no motion in any case
    intrusion   whether being in the zone is an event at all; false for a zone that only says where
                the following is looked for
    closing_s   alarm when machine and person would meet within this time (None: never)
    protection  classes that everybody must wear, such as helmet
    down_s      alarm when somebody has lain for so long (None: never)
    run         alarm when somebody moves by more heights of the body a second (None: never); 1.5
                is a run for most
    way         direction x, y on the picture in which one must go through the zone (None: any)
    hold_s      running, the wrong way and missing protection must last so long
    anchor      the point of a box that stands for a person
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    polygon: tuple[Point, ...] = ()
    people: tuple[str, ...] = ("person",)
    machines: tuple[str, ...] = ()
    active: Literal["always", "present", "moving"] = "always"
    rest_s: float = Field(default=2.0, ge=0, le=60)
    moving: float = Field(default=0.08, gt=0, le=10)
    intrusion: bool = True
    closing_s: float | None = Field(default=None, gt=0, le=30)
    protection: tuple[str, ...] = ()
    down_s: float | None = Field(default=None, ge=0, le=600)
    run: float | None = Field(default=None, gt=0, le=20)
    way: tuple[FiniteFloat, FiniteFloat] | None = None
    hold_s: float = Field(default=0.8, ge=0, le=60)
    anchor: Anchor = "bottom"

    @model_validator(mode="after")
    def _sound(self) -> HazardConfig:
        what = f"hazard {self.name!r}"
        if self.polygon:
            check_polygon(what, self.polygon)
        if self.active != "always" and not self.machines:
            raise ValueError(
                f"{what} is active while a machine is {self.active}; say which classes are machines"
            )
        if self.closing_s is not None and not self.machines:
            raise ValueError(f"{what}: closing_s needs machines that come closer")
        if self.way is not None and hypot(*self.way) == 0:
            raise ValueError(f"{what}: the way [0, 0] points nowhere")
        return self


class Hazard:
    """Looks at people and machines of each picture; tells once when a danger begins and ends.

    "hazard.person_in_zone", "hazard.closing", "hazard.person_down", "hazard.running",
    "hazard.wrong_way", "hazard.unprotected"; when it is over, "hazard.cleared" with `what` and
    `for_s`.
    """

    def __init__(
        self,
        config: HazardConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._labels = labels
        what = f"hazard {config.name!r}"
        self._people = Wanted(what, config.people, labels)
        self._machines = Wanted(what, config.machines, labels)
        self._worn = [Wanted(what, (name,), labels) for name in config.protection]
        self._area = Area(config.polygon or _WHOLE, self.roster.aspect)
        self._way = np.array(config.way or (1, 0), np.float64)
        self._way /= np.hypot(*self._way)
        self._lying = Lying()
        self._rested_s = float("inf")
        self._lately = Spells(0.0, _GRACE_S)  # who was inside a moment ago
        self._spells = {
            "person_in_zone": Spells(0.0, _GRACE_S),
            "closing": Spells(0.2, _GRACE_S),
            "person_down": Spells(config.down_s or 0.0, _GRACE_S),
            "running": Spells(config.hold_s, _GRACE_S),
            "wrong_way": Spells(config.hold_s, _GRACE_S),
            "unprotected": Spells(config.hold_s, _GRACE_S),
        }
        self._counts: Counter[str] = Counter()
        self._tally = Tally("hazards", not self.roster.mends)
        self._exposed_s = 0.0
        self._before_s = 0.0
        self._ahead: Ahead
        self._seen: Turns

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """The dangers that are sure now, and those that are over."""
        roster = self.roster
        roster.update(tracks, time_ns)
        now_s = roster.clock.now_s
        step_s = now_s - self._before_s
        for spells in (self._lately, *self._spells.values()):
            spells.drop(roster.fresh)
        rows = self._rows(tracks.labels)
        people = self._sight(tracks.boxes[rows], roster.slots[rows])
        places = roster.places(self.config.anchor)[rows]
        inside = self._area.contains(places) if len(places) else np.zeros(0, np.bool_)
        found: dict[str, Truths] = {}
        closing = self._machine_at_work(tracks, people, inside, step_s, found)
        if self.config.down_s is not None:
            found["person_down"] = inside & self._lying.judge(people, now_s, roster.fresh)
        found |= self._conduct(people, inside, lambda what, pace: self._from(what, people, pace))
        if self._worn:
            found["unprotected"] = inside & unprotected(people, self._wear(tracks))
        return self._tell(found, people.slots, now_s, closing)

    def foresee(self, ahead: Ahead) -> Truths | None:
        """Nothing, before it is known where everybody comes from; with machines or protection it
        has to look at every picture."""
        self._ahead = ahead
        return None if self.config.machines or self._worn else np.zeros(len(ahead.film), np.bool_)

    def trace(self, begin: int, end: int) -> Index:
        """Where somebody begins or ceases to be in danger, and where one must be looked for."""
        ahead, first = self._ahead, self._ahead.offsets[begin]
        objects = ahead.film.objects
        rows = first + self._rows(objects.labels[first : ahead.offsets[end]])
        people = self._sight(objects.boxes[rows], ahead.slots[rows], ahead.course.paces(rows))
        inside = self._area.contains(ahead.places(self.config.anchor)[rows])
        offsets = rows.searchsorted(ahead.offsets[begin : end + 1])
        found = {"person_in_zone": inside} if self.config.intrusion else {}
        if self.config.down_s is not None:
            down = self._lying.judge_many(people, ahead.now_s[ahead.frames[rows]])
            found["person_down"] = inside & down
        some = self._conduct(people, inside, lambda what, pace: pace)
        more = self._conduct(people, inside, lambda what, pace: _RELIEF[what] * pace)
        self._seen = Turns(begin, offsets, people.slots, found | some, found | more)
        return begin + self._seen.looks(ahead.frames[rows] - begin)

    def wakes_s(self) -> float:
        """When a danger is sure, or over."""
        return min((self._spells[what].due_s for what in self._seen.found), default=np.inf)

    def glance(self, number: int) -> Sequence[Event]:
        """Look at a picture, in which nobody comes or goes."""
        now_s = float(self._ahead.now_s[number])
        self._rested_s += now_s - self._before_s
        told = {what: spells.told() for what, spells in self._spells.items()}
        slots, found = self._seen.picture(number, told)
        return self._tell(found, slots, now_s, {})

    def pass_over(self, begin: int, end: int) -> None:
        """Whoever is in danger still is."""
        now_s = self._ahead.now_s[begin:end]
        steps_s = np.diff(now_s, prepend=self._before_s)
        self._before_s = float(now_s[-1])
        for what in self._seen.found:
            self._spells[what].hold(self._before_s)
        if inside := len(self._spells["person_in_zone"].told()):
            self._exposed_s = _added(self._exposed_s, steps_s * inside)
        if np.isfinite(self._rested_s):
            self._rested_s = _added(self._rested_s, steps_s)

    def finish(self) -> Sequence[Event]:
        """Dangers do not end with the pictures."""
        return ()

    def measures(self) -> Sequence[Measure]:
        """One "hazard.exposure": seconds that people spent in danger; `data` has the counts. One
        "hazard.count" for each danger that came up."""
        clock = self.roster.clock
        if not clock.begun:
            return ()
        span = (clock.time_ns(0.0), clock.time_ns(clock.now_s))
        exposed = round(self._exposed_s, 3)
        return [
            Measure("hazard.exposure", self.config.name, *span, exposed, data=self.summary()),
            *self._tally.measures("hazard.count", self.config.name, span),
        ]

    def bounds(self) -> dict[str, Bounds]:
        """Between how often each danger truly came up, most likely."""
        return self._tally.bounds()

    def summary(self) -> dict[str, float]:
        """How often each danger came up, how many are `present` in the zone while it is dangerous,
        and `exposed_s`, the time that people spent in it."""
        counts = {what: float(self._counts[what]) for what in self._spells}
        inside = len(self._spells["person_in_zone"].told())
        return {**counts, "present": inside, "exposed_s": round(self._exposed_s, 3)}

    def state(self) -> State:
        """Open dangers, counts, and how people usually stand."""
        return {
            "spells": {what: spells.state() for what, spells in self._spells.items()},
            "counts": dict(self._counts),
            "tally": self._tally.state(),
            "lying": self._lying.state(),
            "rested_s": min(self._rested_s, 1e9),
            "lately": self._lately.state(),
            "exposed_s": self._exposed_s,
            "before_s": self._before_s,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        for what, spells in self._spells.items():
            spells.restore(state["spells"][what])
        self._counts = Counter({str(what): int(n) for what, n in state["counts"].items()})
        self._tally.restore(state.get("tally"), self._counts)
        self._lying.restore(state["lying"])
        self._rested_s = float(state["rested_s"])
        if "lately" in state:
            self._lately.restore(state["lately"])
        self._exposed_s = float(state["exposed_s"])
        self._before_s = float(state["before_s"])

    def _rows(self, labels: NDArray[np.int32]) -> Index:
        if self.config.people:
            rows = self._people.rows(labels)
            assert rows is not None
            return rows
        other = [self._machines, *self._worn] if self.config.machines else self._worn
        taken = [rows for one in other if (rows := one.rows(labels)) is not None]
        return np.setdiff1d(np.arange(len(labels)), np.concatenate([np.empty(0, np.intp), *taken]))

    def _sight(self, boxes: NDArray[Any], slots: Index, pace: Floats | None = None) -> Sight:
        scale = np.array([self.roster.aspect, 1.0])
        if pace is None:
            pace = self.roster.trails.headings(slots) if len(slots) else np.empty((0, 4))
        velocity = np.column_stack([(pace[:, 0] + pace[:, 2]) / 2, pace[:, 3]]) * scale
        whole = ~at_edge(boxes)
        return Sight(slots, boxes.astype(np.float64) * np.tile(scale, 2), velocity, whole)

    def _machine_at_work(self, tracks: Detections, people: Sight, inside: Truths, step_s: float,
                         found: dict[str, Truths]) -> dict[int, float]:  # fmt: skip
        """Who is in the zone while it is dangerous; by slot how fast a machine comes closer."""
        config = self.config
        rows = self._machine_rows(tracks)
        machines = self._sight(tracks.boxes[rows], self.roster.slots[rows])
        if config.active == "always":
            now = inside
        elif config.active == "present":
            now = inside & (len(machines.slots) > 0)
        else:
            now = self._while_it_moves(machines, people, inside, step_s)
        if config.intrusion:
            found["person_in_zone"] = now
        speeds, meets_s = approach(people, machines)
        if config.closing_s is not None:
            found["closing"] = inside & (meets_s < config.closing_s)
        return dict(zip(people.slots.tolist(), speeds.tolist(), strict=True))

    def _while_it_moves(
        self, machines: Sight, people: Sight, inside: Truths, step_s: float
    ) -> Truths:
        """Who is in danger. Of a machine that trembles it is not known to the picture when it began
        and ceased to move: so are those who were inside a moment before, or come a moment after."""
        config, trails, aspect = self.config, self.roster.trails, self.roster.aspect
        move, creeps = (
            moves(machines, trails, config.moving, aspect),
            vague(machines, trails, aspect),
        )
        rested_s, self._rested_s = self._rested_s, 0.0 if move else self._rested_s + step_s
        self._lately.update(people.slots[inside].tolist(), self.roster.clock.now_s)
        if move and creeps and rested_s > _GRACE_S:
            return inside | people.among(self._lately.open())
        if move or (creeps and self._rested_s <= _GRACE_S):
            return inside
        stays = people.among(self._spells["person_in_zone"].told())
        return inside & stays & (self._rested_s < config.rest_s)

    def _machine_rows(self, tracks: Detections) -> Index:
        if not self.config.machines:
            return np.empty(0, np.intp)
        rows = self._machines.rows(tracks.labels)
        assert rows is not None
        return rows

    def _wear(self, tracks: Detections) -> list[NDArray[np.float64]]:
        scale = np.array([self.roster.aspect, 1.0] * 2)
        return [
            tracks.boxes[rows] * scale
            for one in self._worn
            if (rows := one.rows(tracks.labels)) is not None
        ]

    def _conduct(
        self, people: Sight, inside: Truths, least: Callable[[str, float], Any]
    ) -> dict[str, Truths]:
        """Who goes where or as fast as they should not; `least` tells from which pace on."""
        found = {}
        if self.config.run is not None:
            found["running"] = inside & running(people, least("running", self.config.run))
        if self.config.way is not None:
            found["wrong_way"] = inside & against(people, self._way, least("wrong_way", _AGAINST))
        return found

    def _from(self, what: str, people: Sight, pace: float) -> NDArray[np.float64]:
        """From which pace on it is so of each: who was told of must slow down clearly."""
        goes_on = people.among(self._spells[what].told())
        return np.where(goes_on, _RELIEF[what] * pace, pace)

    def _tell(
        self, found: dict[str, Truths], slots: Index, now_s: float, closing: dict[int, float]
    ) -> list[Event]:
        step_s, self._before_s = now_s - self._before_s, now_s
        events = []
        for what, truths in found.items():
            begun, ended = self._spells[what].update(slots[truths].tolist(), now_s)
            events += [self._begin(what, slot, spell, closing) for slot, spell in begun]
            events += [self._end(what, slot, spell) for slot, spell in ended]
        self._exposed_s += step_s * len(self._spells["person_in_zone"].told())
        return events

    def _begin(self, what: str, slot: int, spell: Spell, closing: dict[int, float]) -> Event:
        self._counts[what] += 1
        self._tally.add(what, sight(self.roster, slot))
        data: dict[str, Any] = {}
        if what in ("person_in_zone", "closing") and self.config.machines:
            data["closing"] = round(closing.get(slot, 0.0), 3)
        return self._event(f"hazard.{what}", slot, spell.since_s, data)

    def _end(self, what: str, slot: int, spell: Spell) -> Event:
        for_s = round(spell.last_s - spell.since_s, 3)
        return self._event("hazard.cleared", slot, spell.last_s, {"what": what, "for_s": for_s})

    def _event(self, kind: str, slot: int, at_s: float, data: dict[str, Any]) -> Event:
        config = self.config
        return self.roster.event(kind, slot, at_s, config.name, config.anchor, self._labels, data)


def _added(total: float, steps: Floats) -> float:
    """One after the other, as if each picture had been looked at."""
    return float(np.cumsum(np.concatenate([[total], steps]))[-1])
