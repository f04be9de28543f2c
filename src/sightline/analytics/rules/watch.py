"""A rule on the camera: looks at what the other analytics say, and says when it is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sightline.analytics.keeping import State
from sightline.analytics.roster import Roster
from sightline.analytics.rules.facts import Counts, Facts, Names
from sightline.analytics.rules.rule import Change, Rule, RuleConfig
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_EVERY_NS = 200_000_000  # numbers are looked at a few times a second, events always


class Summaries(Mapping[str, Any]):
    """Numbers by name, worked out when they are asked for."""

    def __init__(self, known: Mapping[str, Callable[[], Any]]) -> None:
        self._known = known

    def __getitem__(self, name: str) -> Any:
        return self._known[name]()

    def __iter__(self) -> Any:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class RuleWatch:
    """One rule of one camera. `counts` are the summaries of the analytics before it."""

    def __init__(self, config: RuleConfig, names: Names, counts: Counts, roster: Roster) -> None:
        self.config = config
        self.roster = roster
        self._rule = Rule(config.when, names, config.cool_down_s, config.until)
        self._counts = counts
        self._heard: list[Event] = []
        self._looked_ns: int | None = None
        self._raised = 0

    def hear(self, events: Sequence[Event]) -> None:
        """What the other analytics said of this picture."""
        self._heard.extend(events)

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """ "alert.raised" and "alert.cleared"."""
        last = self._looked_ns
        if not self._heard and last is not None and 0 <= time_ns - last < _EVERY_NS:
            return ()
        self._looked_ns = time_ns
        heard, self._heard = self._heard, []
        change = self._rule.update(Facts(time_ns, self._counts, heard))
        return () if change is None else (self._told(change),)

    def finish(self) -> Sequence[Event]:
        """Nothing is left undecided."""
        return ()

    def measures(self) -> Sequence[Measure]:
        """A rule measures nothing."""
        return ()

    def summary(self) -> dict[str, float]:
        """`raised` alerts, and whether one is `active`."""
        return {"raised": self._raised, "active": int(self._rule.raised)}

    def state(self) -> State:
        """What the rule remembers."""
        return {"rule": self._rule.state(), "raised": self._raised}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._rule.restore(state["rule"])
        self._raised = int(state["raised"])

    def _told(self, change: Change) -> Event:
        data: dict[str, Any] = {"level": self.config.level}
        if change.what == "raised":
            self._raised += 1
            data["message"] = self.config.message or self.config.when
        else:
            data["lasted_s"] = change.lasted_s
        return Event(f"alert.{change.what}", change.time_ns, self.config.name, data=data)
