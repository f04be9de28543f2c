"""What a number rests on: pieces of evidence of a few kinds, and for how much each stands.

Somebody seen clearly while crossing a line stands for one who crossed; somebody lost shortly
before it may have crossed unseen, and stands for a part of one. The table says how much on average
and with which variance: weighted least squares over rendered scenes with exact truth, seen by
detectors from good to bad and followed by our tracker, the variances over the squares of what is
left (`python -m benchmarks.error_bars --fit`; for counts whose scatter is not that of chance:
McCullagh and Nelder, "Generalized Linear Models", 1989).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from sightline.analytics.audit import AuditConfig, audited
from sightline.analytics.doubt import Doubt
from sightline.analytics.keeping import State

Of = Literal[
    "line", "entries", "exits", "visits", "seconds", "served", "waits", "trips", "hazards", "cells"
]


class Piece(NamedTuple):
    """For how much one stands, and the variance of that."""

    weight: float
    variance: float


# How well the object was seen (`analytics.sight`), or else:
#   drawn            its track began just beyond the line or ended just before it
#   sprung, stopped  its track began, or ended, in the middle of the picture: inside the zone, or up
#                    to three seconds beyond or before the line
#   edge             it began or ended where the picture does, within the zone
#   border           the same where a side of the zone lies there, which is no boundary
#   present          it was there from the first picture
#   again            it came in again, or had gone out for no more, than ten seconds
#   turned           it went back within the hysteresis
#   crossed          it came in over the boundary
#   seen             a second or a visit as it was seen
#   torn             a trip of which neither begin nor end was seen; `loose`, a piece of one
#   empty, stray     a cell of a shelf that went out of stock, or holds what belongs elsewhere
TABLE: Mapping[Of, Mapping[str, Piece]] = {
    "line": {
        "clear": Piece(1.0, 0.01),
        "crowded": Piece(0.99, 0.04),
        "faint": Piece(0.97, 0.03),
        "fresh": Piece(1.05, 0.05),
        "hidden": Piece(0.25, 0.19),
        "drawn": Piece(0.6, 0.5),
        "sprung": Piece(0.55, 0.42),
        "stopped": Piece(0.02, 0.12),
        "turned": Piece(0.0, 0.1),
    },
    "entries": {
        "clear": Piece(1.0, 0.01),
        "crowded": Piece(1.16, 0.33),
        "faint": Piece(0.98, 0.03),
        "fresh": Piece(1.15, 0.1),
        "hidden": Piece(1.2, 1.3),
        "sprung": Piece(0.2, 0.75),
        "edge": Piece(1.12, 0.1),
        "border": Piece(0.0, 0.02),
        "present": Piece(0.0, 0.01),
        "again": Piece(0.5, 1.0),
    },
    "exits": {
        "clear": Piece(1.0, 0.02),
        "crowded": Piece(1.23, 0.33),
        "faint": Piece(1.0, 0.05),
        "fresh": Piece(1.1, 0.25),
        "hidden": Piece(1.1, 0.25),
        "stopped": Piece(0.0, 0.02),
        "edge": Piece(1.1, 0.07),
        "border": Piece(0.0, 0.02),
        "again": Piece(0.5, 1.4),
    },
    "visits": {
        "crossed": Piece(1.02, 0.02),
        "edge": Piece(1.13, 0.055),
        "present": Piece(0.98, 0.01),
        "sprung": Piece(0.23, 0.65),
        "stopped": Piece(0.0, 0.02),
        "again": Piece(0.8, 2.4),
    },
    "seconds": {
        "seen": Piece(1.0, 0.0),
        "crossed": Piece(0.1, 0.25),
        "edge": Piece(0.1, 0.07),
        "present": Piece(0.6, 0.25),
        "sprung": Piece(0.2, 1.6),
        "stopped": Piece(2.2, 20.0),
        "again": Piece(1.3, 3.5),
    },
    "served": {
        "clear": Piece(1.0, 0.02),
        "stopped": Piece(0.02, 0.15),
    },
    "waits": {
        "seen": Piece(1.0, 0.0),
        "lost": Piece(1.2, 2.0),
        "clear": Piece(0.0, 1.0),
        "sprung": Piece(0.0, 7.0),
        "present": Piece(3.0, 120.0),
    },
    # These three are not fitted: trips were seen to hold, the others are how often such events were
    # right and missed (`docs/analytics.md`).
    "trips": {
        "clear": Piece(1.0, 0.02),
        "sprung": Piece(0.9, 0.3),
        "stopped": Piece(0.9, 0.3),
        "torn": Piece(0.8, 0.5),
        "loose": Piece(0.3, 0.25),
    },
    "hazards": {
        "clear": Piece(1.0, 0.05),
        "crowded": Piece(1.0, 0.2),
        "faint": Piece(0.95, 0.2),
        "fresh": Piece(0.9, 0.3),
        "hidden": Piece(0.8, 0.4),
    },
    "cells": {
        "empty": Piece(1.02, 0.05),
        "stray": Piece(1.06, 0.15),
    },
}

# Standard errors, as shares, of what is wrong with a place in the same way all the time.
COMMON: Mapping[Of, float] = {
    "line": 0.02, "entries": 0.05, "exits": 0.04, "visits": 0.05, "seconds": 0.03,
    "served": 0.03, "waits": 0.03, "trips": 0.05, "hazards": 0.05, "cells": 0.04,
}  # fmt: skip


class Evidence:
    """Pieces of each kind that a number rests on.

    exact   it is believed as it is
    audits  what people found who counted the same
    """

    def __init__(self, of: Of, exact: bool = False, audits: Sequence[AuditConfig] = ()) -> None:
        self._of, self._exact, self._audits = of, exact, audits
        self.pieces: dict[str, float] = {}

    def add(self, kind: str, amount: float = 1.0) -> None:
        """One piece more."""
        self.pieces[kind] = self.pieces.get(kind, 0.0) + amount

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        return dict(self.pieces)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.pieces = {str(kind): float(amount) for kind, amount in state.items()}

    def doubt(self, **more: float) -> Doubt:
        """What they stand for together, with `more` pieces of some kinds."""
        table = TABLE[self._of]
        expected = variance = 0.0
        for pieces in (self.pieces, more):
            for kind, amount in pieces.items():
                weight, spread = table[kind]
                expected += weight * amount
                variance += spread * amount
        if self._exact:
            return Doubt(expected)
        return audited(Doubt(expected, variance), COMMON[self._of], self._audits)
