"""A rule at work: raised when its condition becomes true, cleared when it is no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sightline.analytics.keeping import State
from sightline.analytics.place import Name
from sightline.analytics.rules.conditions import Compiler, Memory, Part
from sightline.analytics.rules.facts import Facts, Names
from sightline.analytics.rules.grammar import parse

Level = Literal["info", "warning", "critical"]


class RuleConfig(BaseModel):
    """A condition that somebody wants to hear of.

    name         as alerts call it
    when         the condition: count(zone="queue") > 5 for 2 min and time in opening_hours
    until        what clears it again; None: that the condition is no longer true
    level        info, warning or critical
    cool_down_s  after it was raised it is not raised again for so long
    message      what to tell, instead of the condition
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    when: str = Field(min_length=1, max_length=2000)
    until: str | None = Field(default=None, min_length=1, max_length=2000)
    level: Level = "warning"
    cool_down_s: float = Field(default=60.0, ge=0, le=86400 * 31)
    message: str = Field(default="", max_length=500)


@dataclass(frozen=True, slots=True)
class Change:
    """A rule was raised or cleared. `lasted_s` of a cleared one: since it was raised."""

    what: Literal["raised", "cleared"]
    time_ns: int
    lasted_s: float = 0.0


class Rule:
    """One rule. `update` is told the facts each time that they may have changed.

    until  the condition that clears it; without one it is cleared when it is no longer true

    Raises RuleError for a condition that cannot be meant.
    """

    def __init__(
        self,
        text: str,
        names: Names | None = None,
        cool_down_s: float = 0.0,
        until: str | None = None,
    ) -> None:
        self.text, self.until = text, until
        self._memory = Memory()
        self._cool_down_ns = round(cool_down_s * 1e9)
        self._names = names or Names()
        self._condition = self._compiled(text)
        self._ended = None if until is None else self._compiled(until)
        self._raised_ns: int | None = None  # since when it is raised
        self._last_ns: int | None = None  # when it was raised last

    def _compiled(self, text: str) -> Part:
        return Compiler(text, self._names, self._memory).truth(parse(text))

    @property
    def raised(self) -> bool:
        """Whether it is raised now."""
        return self._raised_ns is not None

    def update(self, facts: Facts) -> Change | None:
        """What changes with these facts."""
        now = facts.time_ns
        true = self._condition(facts) is True
        if true and self._raised_ns is None and not self._cooling(now):
            self._raised_ns = self._last_ns = now
            return Change("raised", now)
        ended = self._ended is None or self._ended(facts) is True  # always asked: it may remember
        if not true and ended and self._raised_ns is not None:
            lasted = max(0, now - self._raised_ns) / 1e9
            self._raised_ns = None
            return Change("cleared", now, lasted)
        return None

    def _cooling(self, now: int) -> bool:
        # A clock that was set back does not silence a rule for long.
        return self._last_ns is not None and 0 <= now - self._last_ns < self._cool_down_ns

    def state(self) -> State:
        """What it remembers, as plain values."""
        return {
            "text": self.text,
            "until": self.until,
            "since_ns": list(self._memory.since_ns),
            "happened_ns": [list(times) for times in self._memory.happened_ns],
            "raised_ns": self._raised_ns,
            "last_ns": self._last_ns,
        }

    def restore(self, state: State) -> None:
        """Go on from a state; that of another text is left aside."""
        memory = self._memory
        same = state["text"] == self.text and state.get("until") == self.until
        if not same or len(state["since_ns"]) != len(memory.since_ns):
            return
        memory.since_ns[:] = state["since_ns"]
        for times, kept in zip(memory.happened_ns, state["happened_ns"], strict=True):
            times.clear()
            times.extend(kept)
        self._raised_ns, self._last_ns = state["raised_ns"], state["last_ns"]
