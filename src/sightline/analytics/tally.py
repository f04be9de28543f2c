"""How often each of several things happened, and on what that rests."""

from __future__ import annotations

from collections.abc import Mapping

from sightline.analytics.doubt import Bounds, Doubt, written
from sightline.analytics.evidence import Evidence, Of
from sightline.analytics.keeping import State
from sightline.wire.messages import Measure


class Tally:
    """Counts by name, each with its evidence.

    of     which table of evidence
    exact  it is believed as it is
    loose  pieces that stand for some of these things, and nobody knows which: they are shared out
           among all by how often each was counted
    """

    def __init__(self, of: Of, exact: bool) -> None:
        self._of, self._exact = of, exact
        self._evidence: dict[str, Evidence] = {}
        self._count: dict[str, float] = {}
        self.loose: dict[str, float] = {}

    def add(self, what: str, kind: str, amount: float = 1.0) -> None:
        """It happened once more, and was seen so."""
        if what not in self._evidence:
            self._evidence[what] = Evidence(self._of, self._exact)
        self._evidence[what].add(kind, amount)
        self._count[what] = self._count.get(what, 0.0) + amount

    def add_loose(self, kind: str) -> None:
        """One piece of something, perhaps."""
        self.loose[kind] = self.loose.get(kind, 0.0) + 1

    def doubts(self) -> dict[str, Doubt]:
        """How far each count may be from the truth."""
        whole = max(sum(self._count.values()), 1.0)
        return {
            what: one.doubt(**self._share(self._count[what] / whole))
            for what, one in self._evidence.items()
        }

    def bounds(self) -> dict[str, Bounds]:
        """Between what each count truly is, most likely."""
        return {what: doubt.counts() for what, doubt in self.doubts().items()}

    def measures(self, kind: str, name: str, span: tuple[int, int]) -> list[Measure]:
        """One for each thing, by "direction"."""
        return [
            Measure(
                kind, name, *span, self._count[what], data={"direction": what, **written(doubt)}
            )
            for what, doubt in self.doubts().items()
        ]

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        evidence = {what: one.state() for what, one in self._evidence.items()}
        return {"evidence": evidence, "loose": dict(self.loose)}

    def restore(self, state: State | None, counted: Mapping[str, float]) -> None:
        """Go on from a state, or from counts of which nothing else was kept."""
        known = {what: {"clear": float(count)} for what, count in counted.items() if count}
        kept = state or {"evidence": known, "loose": {}}
        self._evidence, self._count = {}, {}
        for what, pieces in kept["evidence"].items():
            for kind, amount in pieces.items():
                self.add(str(what), str(kind), float(amount))
        self.loose = {str(kind): float(amount) for kind, amount in kept["loose"].items()}

    def _share(self, part: float) -> dict[str, float]:
        return {kind: amount * part for kind, amount in self.loose.items()}
