"""What the numbers of a zone rest on: how each visit began and ended, and how that was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Literal

from sightline.analytics.audit import AuditConfig
from sightline.analytics.doubt import Doubt
from sightline.analytics.evidence import Evidence
from sightline.analytics.keeping import State, by_slot, pairs
from sightline.analytics.roster import Roster
from sightline.analytics.sight import began, sight

COUNTED: tuple[Literal["entries", "exits", "visits"], ...] = ("entries", "exits", "visits")

_AGAIN_S = 10.0  # who comes back within this time may never have left
_PLAIN = ("clear", "edge", "border", "present")  # seen as one would wish


class Staying:
    """Told of each visit that begins and ends; says what an event should say of it besides.

    bordered  whether a side of the zone lies on the picture's edge, which is no boundary then
    counted   evidence of entries, exits and visits; `stayed`: of the seconds that they lasted
    """

    def __init__(
        self,
        roster: Roster,
        bordered: bool,
        audits_of: Callable[[str], Sequence[AuditConfig]],
    ) -> None:
        exact = not roster.mends
        self.counted = {of: Evidence(of, exact, audits_of(of)) for of in COUNTED}
        self.stayed = Evidence("seconds", exact)
        self._roster = roster
        self._bordered = bordered
        self._before: dict[int, str] = {}  # whose visit began before it was seen, and how
        self._went: dict[int, tuple[float, str]] = {}  # who went out: when, and how that was seen

    def begin(self, slot: int, at_s: float, crossed: bool) -> dict[str, object]:
        """A visit begins."""
        how = began(self._roster, slot)
        entered = self._entered(slot, at_s) if crossed else self._place(how)
        stay = how if not crossed else "again" if entered == "again" else "crossed"
        self.counted["entries"].add(entered)
        self.counted["visits"].add(stay)
        self.stayed.add(stay)
        if not crossed and how != "edge":
            self._before[slot] = how
        return {} if entered in _PLAIN else {"sight": entered}

    def end(self, slot: int, at_s: float, crossed: bool) -> dict[str, object]:
        """It ends; `began` says how one did whose begin was not seen."""
        how = sight(self._roster, slot) if crossed else self._place(self._ended(slot))
        self.counted["exits"].add(how)
        if how == "stopped":
            self.counted["visits"].add(how)
            self.stayed.add(how)
        if crossed and self._roster.mends:
            self._went[slot] = at_s, how
        data: dict[str, object] = {} if how in _PLAIN else {"sight": how}
        if slot in self._before:
            data["began"] = self._before.pop(slot)
        return data

    def lose(self, slot: int) -> None:
        """The slot is somebody else's from now on."""
        self._went.pop(slot, None)

    @property
    def torn(self) -> float:
        """How many visits sprang up or stopped in the middle of the zone: pieces of others."""
        pieces = self.counted["visits"].pieces
        return pieces.get("sprung", 0.0) + pieces.get("stopped", 0.0)

    def doubts(self) -> dict[str, Doubt]:
        """How far entries, exits and visits may be from the truth."""
        return {of: one.doubt() for of, one in self.counted.items()}

    def state(self) -> State:
        """All evidence, and what is undecided."""
        return {
            "evidence": {of: one.state() for of, one in self.counted.items()},
            "seconds": self.stayed.state(),
            "before": pairs(self._before),
            "went": pairs(self._went),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        evidence, went = state["evidence"], by_slot(state["went"])
        for of, one in self.counted.items():
            one.restore(evidence[of])
        self.stayed.restore(state["seconds"])
        self._before = by_slot(state["before"])
        self._went = {slot: (float(at_s), str(how)) for slot, (at_s, how) in went.items()}

    def suppose(self, entries: int, exits: int, visits: int) -> None:
        """Counts of which nothing else is known: of a state that was kept without evidence."""
        self.counted["entries"].add("clear", entries)
        self.counted["exits"].add("clear", exits)
        self.counted["visits"].add("crossed", visits)

    def _entered(self, slot: int, at_s: float) -> str:
        """How well one is seen who comes in; who had left just now may have been inside all
        along, so that neither is sure."""
        went_s, how = self._went.pop(slot, (-inf, ""))
        if at_s - went_s > _AGAIN_S:
            return sight(self._roster, slot)
        self.counted["exits"].add(how, -1)
        self.counted["exits"].add("again")
        return "again"

    def _ended(self, slot: int) -> str:
        return "stopped" if self._roster.vanished(slot) else "edge"

    def _place(self, how: str) -> str:
        return "border" if how == "edge" and self._bordered else how
