"""When the camera cannot see: covered, dark, out of focus, moved, flickering, frozen, wrong clock.

Judged from the numbers that the picture probe `view` puts beside the tracks. While the view is at
fault, whatever other analytics say is marked invalid instead of being wrong; a view that was only
moved a little is put right, by moving the boxes back to where they would have been.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sightline.analytics.ahead import Ahead
from sightline.analytics.clock import Clock
from sightline.analytics.keeping import State
from sightline.analytics.roster import Roster
from sightline.analytics.spells import Spell, Spells
from sightline.geometry.warp import Matrix, furthest, inverse, matrix_of, shifted, warped_boxes
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

Fault = Literal["covered", "dark", "blurred", "moved", "flicker", "frozen", "clock"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
PROBE = "view"
_NUMBERS, _TURNED = 10, 8  # see sightline.probe.view

_LEARN = 10  # looks before anything is judged
_FOLLOW = 0.005  # share of a look in what is usual
_DARK = 0.055  # of full brightness
_STRANGE = 0.3  # less like the reference than this is another picture
_FLAT = 0.5  # of the usual contrast and edges: below that something is before the lens
_SOFT = 0.6  # of the usual edges, for their contrast: below that it is out of focus
_MATCH, _MOVED = 0.5, 0.02  # how alike when moved back, and by how much of the picture
_STEADY = 0.6  # likeness to the look before, below which the camera itself moves
_RESTLESS, _RESTLESS_RATE = 0.3, 0.02  # share of looks: a camera in a car has no view to lose
_SWING, _SWINGS = 0.03, 8  # change of brightness to and fro, as a share; looks
_GRACE_S = 1.0
_CLOCK_S = 60.0  # a step ahead of more, across which the same objects stay, is the clock's
_BACK_S = 0.5


class ViewConfig(BaseModel):
    """Whether the camera watches its own sight, and how soon it says so.

    watch     look at the picture for faults at all
    faults    which of them
    hold_s    a fault is told once it has lasted so long
    frozen_s  the same picture again and again is told after so long
    realign   put boxes back where they would be when the view has moved a little
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    watch: bool = True
    faults: tuple[Fault, ...] = FAULTS
    hold_s: float = Field(default=2.0, ge=0, le=600)
    frozen_s: float = Field(default=5.0, gt=0, le=3600)
    realign: bool = True

    @property
    def name(self) -> str:
        """As its measures call it."""
        return "view"


class View:
    """Asked before all others. `valid` and `registered` hold until the next look.

    "view.covered", "view.dark", ... when a fault is sure, with the instant at which it began;
    "view.clear" with `fault` and `for_s` when it is over.
    """

    def __init__(
        self,
        config: ViewConfig,
        labels: Sequence[str] = (),
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._clock = Clock()
        self._tracks: frozenset[int] = frozenset()
        self._spells = {
            fault: Spells(config.frozen_s if fault == "frozen" else config.hold_s, _GRACE_S)
            for fault in config.faults
        }
        if "clock" in self._spells:
            self._spells["clock"] = Spells(0.0, 0.0)  # its end is known at once
        self._looks = 0
        self._contrast = self._edges = self._restless = 0.0
        self._gains: deque[float] = deque(maxlen=_SWINGS)
        self._moved: Matrix | None = None  # by how much, where that is put right
        self._how: dict[str, Any] = {}  # the same in words, and how sure it is
        self._lost = False  # moved, and not put right
        self._step_s = 0.0  # the last that was time's own
        self._away_s = 0.0  # by how much the camera's clock is ahead of where it should be
        self._now: set[Fault] = set()
        self._counts: Counter[str] = Counter()
        self._invalid_s = 0.0
        self._since_s = self._cleared_s = 0.0  # when it was blind, or last saw again
        self._last_ns: int | None = None
        self._resuming = False

    @property
    def valid(self) -> bool:
        """Whether what the camera says now can be meant."""
        blind = {fault for fault, spells in self._spells.items() if spells.told()}
        return not (blind if self._lost else blind - {"moved"})

    @property
    def troubled(self) -> bool:
        """Whether others have to know of it: nothing is valid, or boxes are moved back."""
        return self._moved is not None or not self.valid

    def foresee(self, ahead: Ahead) -> NDArray[np.bool_]:
        """Pictures that were probed, and those at which time goes back."""
        self._film = film = ahead.film
        found = np.diff(film.times, prepend=film.times[:1]) < 0
        found[:1] = True
        found[[number for number, told in film.probes.items() if PROBE in told]] = True
        return found

    def wakes_s(self) -> float:
        """At once while there is any fault, told or not."""
        faulty = self._now or any(spells.open() for spells in self._spells.values())
        return -np.inf if faulty else np.inf

    def glance(self, number: int) -> Sequence[Event]:
        """Faults that are sure by this picture."""
        return self.update(self._film.picture(number), int(self._film.times[number]))

    def pass_over(self, begin: int, end: int) -> None:
        """Time went on."""
        times = self._film.times[begin:end]
        steps = np.diff(times, prepend=times[0] if self._last_ns is None else self._last_ns)
        steps = steps[steps > 0]
        if len(steps):
            self._step_s = int(steps[-1]) / 1e9
        for time_ns in times.tolist():
            self._clock.advance(time_ns)
        self._last_ns = int(times[-1])
        ids = self._film.picture(end - 1).track_ids
        self._tracks = frozenset() if ids is None else frozenset(ids.tolist())
        for spells in self._spells.values():
            spells.pass_over(self._clock.now_s)

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Faults that are sure now, and those that are over."""
        was_s, was_valid = self._clock.now_s, self.valid
        self._tell_time(tracks, time_ns)
        numbers = (tracks.probes or {}).get(PROBE)
        if numbers is not None and len(numbers) >= _NUMBERS:
            self._look(numbers)
        now_s = self._clock.now_s
        events: list[Event] = []
        seen: list[float] = []
        for fault, spells in self._spells.items():
            holds = fault in self._now
            begun, ended = spells.update([0] if holds else [], now_s)
            events += [self._begin(fault, spell) for _, spell in begun]
            events += [self._end(fault, spell) for _, spell in ended]
            seen += [spell.since_s for _, spell in begun] + [spell.last_s for _, spell in ended]
        self._reckon(was_s if was_valid else None, seen)
        return events

    def _reckon(self, was_s: float | None, seen: Sequence[float]) -> None:
        """Add up the time that does not count: from when a fault began to when the last was seen.

        was_s  when it was valid last; None: it was not
        seen   when those began that are sure now, and those that are over were last
        """
        if was_s is not None and not self.valid:
            self._since_s = max(min(seen, default=was_s), self._cleared_s)
        elif was_s is None and self.valid:
            self._cleared_s = max(seen, default=self._clock.now_s)
            self._invalid_s += max(0.0, self._cleared_s - self._since_s)

    def registered(self, tracks: Detections) -> Detections:
        """The tracks where they would be had the view not moved."""
        if self._moved is None:
            return tracks
        boxes = warped_boxes(inverse(self._moved), tracks.boxes)
        return replace(tracks, boxes=boxes.astype(np.float32))

    def finish(self) -> Sequence[Event]:
        """Faults do not end with the pictures."""
        return ()

    def measures(self) -> Sequence[Measure]:
        """One "view.valid": the share of the time in which the camera could see."""
        if not self._looks:
            return ()
        span = (self._clock.time_ns(0.0), self._clock.time_ns(self._clock.now_s))
        share = round(1 - self.invalid, 4)
        return [Measure("view.valid", self.config.name, *span, share, data=self.summary())]

    @property
    def invalid(self) -> float:
        """The share of the time in which the camera could not see."""
        return self._blind_s() / self._clock.now_s if self._clock.now_s else 0.0

    def _blind_s(self) -> float:
        now = 0.0 if self.valid else self._clock.now_s - self._since_s
        return self._invalid_s + max(0.0, now)

    def summary(self) -> dict[str, float]:
        """How often each fault came up, and `invalid_s`; nothing where no probe ever looked."""
        if not self._looks:
            return {}
        counts: dict[str, float] = {fault: self._counts[fault] for fault in self.config.faults}
        return {**counts, "invalid_s": round(self._blind_s(), 3)}

    def state(self) -> State:
        """What is usual is learned anew, because the reference of the probe is as well; a clock
        that was wrong is not right again because the camera starts anew."""
        clock = self._spells.get("clock")
        return {
            "counts": dict(self._counts),
            "invalid_s": self._blind_s(),
            "clock": self._clock.state(),
            "away_s": self._away_s,
            "told": clock.state() if clock else None,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._counts = Counter({str(fault): int(n) for fault, n in state["counts"].items()})
        self._invalid_s = float(state["invalid_s"])
        if "clock" not in state:  # of a version that kept less
            return
        self._clock.restore(state["clock"])
        self._since_s = self._cleared_s = self._clock.now_s
        self._away_s, self._resuming = float(state["away_s"]), True
        if "clock" in self._spells and state["told"]:
            self._spells["clock"].restore(state["told"])
        self._set_clock()

    def _look(self, numbers: Sequence[float]) -> None:
        light, contrast, edges, same, steady, _, _, match, repeated, gain = numbers[:_NUMBERS]
        self._looks += 1
        clock = self._now & {"clock"}
        found: set[Fault] = set()
        self._gains.append(gain)
        if repeated:
            found.add("frozen")
        if self._looks <= _LEARN:
            self._learn(contrast, edges, 1 / self._looks)
            self._now = found | clock
            return
        self._restless += _RESTLESS_RATE * ((steady < _STEADY) - self._restless)
        flat = contrast < _FLAT * self._contrast and edges < _FLAT * self._edges
        usual = self._edges * min(1.0, contrast / max(self._contrast, 1e-6))
        moved, how = _moved(numbers)
        found_again = same < 0.8 and match >= _MATCH and furthest(moved) >= _MOVED
        elsewhere = same < _STRANGE and match < _MATCH and not flat and steady >= _STEADY
        if light < _DARK:
            found.add("dark")
        elif same < _STRANGE and flat:
            found.add("covered")
        elif edges < _SOFT * usual:
            found.add("blurred")
        elif found_again or (elsewhere and self._restless < _RESTLESS):
            found.add("moved")
        realigned = found_again and "moved" in found and self.config.realign
        self._moved, self._how = (moved, how) if realigned else (None, {})
        self._lost = "moved" in found and not realigned
        if self._swings():
            found.add("flicker")
        if not found:
            self._learn(contrast, edges, _FOLLOW)
        self._now = found | clock

    def _learn(self, contrast: float, edges: float, share: float) -> None:
        self._contrast += share * (contrast - self._contrast)
        self._edges += share * (edges - self._edges)

    def _swings(self) -> bool:
        """Whether brightness goes to and fro from look to look."""
        gains = np.array(self._gains)
        swings = np.abs(gains) > _SWING
        turns = np.count_nonzero(np.diff(np.sign(gains[swings])))
        return bool(np.count_nonzero(swings) > _SWINGS // 2 and turns >= _SWINGS // 2 - 1)

    def _tell_time(self, tracks: Detections, time_ns: int) -> None:
        """Advance the clock; a step that is none of time's is the clock's fault until undone."""
        ids = frozenset() if tracks.track_ids is None else frozenset(tracks.track_ids.tolist())
        if self._resuming:
            self._resume(time_ns)
        stayed = bool(ids & self._tracks)
        step_s = 0.0 if self._last_ns is None else (time_ns - self._last_ns) / 1e9
        if step_s < -_BACK_S or (step_s > _CLOCK_S and stayed):
            self._away_s += step_s - self._step_s
            self._set_clock()
        elif step_s > 0:
            self._step_s = step_s
        self._tracks, self._last_ns = ids, time_ns
        self._clock.advance(time_ns, lambda: stayed)

    def _resume(self, time_ns: int) -> None:
        """Judge the clock by the first picture after a restart, where it was wrong before.

        For how long the camera was off nobody knows. A clock that was ahead and goes back has been
        set; so has, as far as one can tell, one that was behind and jumps as far. After more than a
        minute it is given the benefit of the doubt.
        """
        self._resuming = False
        step_s = self._clock.resume(time_ns)
        ahead = self._away_s > 0
        if (ahead and step_s < 0) or step_s >= min(_CLOCK_S, abs(self._away_s)):
            self._away_s = 0.0
        self._away_s += min(0.0, step_s) if self._away_s else 0.0
        self._set_clock()

    def _set_clock(self) -> None:
        """Whether the clock is wrong, from by how much it is ahead."""
        if abs(self._away_s) > _BACK_S:
            self._now.add("clock")
        else:
            self._now.discard("clock")

    def _begin(self, fault: Fault, spell: Spell) -> Event:
        self._counts[fault] += 1
        data: dict[str, Any] = {}
        if fault == "moved":
            data = {"registered": self._moved is not None, **self._how}
        if fault == "clock":
            data = {"ahead_s": round(self._away_s, 3)}
        return self._event(f"view.{fault}", spell.since_s, data)

    def _end(self, fault: Fault, spell: Spell) -> Event:
        for_s = round(spell.last_s - spell.since_s, 3)
        return self._event("view.clear", spell.last_s, {"fault": fault, "for_s": for_s})

    def _event(self, kind: str, at_s: float, data: dict[str, Any]) -> Event:
        return Event(kind, self._clock.time_ns(at_s), self.config.name, data=data)


def _moved(numbers: Sequence[float]) -> tuple[Matrix, dict[str, Any]]:
    """By how much the view is moved, and that in words: `shift` or `matrix`, and `sure`.

    sure  likeness 0..1 to the usual view, once it is put right
    """
    dx, dy, match = numbers[5:8]
    if len(numbers) < _NUMBERS + _TURNED:
        shift = [round(dx, 4), round(dy, 4)]
        return shifted(dx, dy), {"shift": shift, "sure": round(match, 3)}
    rows = numbers[_NUMBERS : _NUMBERS + _TURNED]
    return matrix_of(rows), {"matrix": list(rows), "sure": round(match, 3)}
