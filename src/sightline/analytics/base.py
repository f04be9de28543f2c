"""Tracks to events and measures: the contract of an analytic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sightline.geometry.boxes import Anchor
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

__all__ = ["TABLE", "Analytic", "Anchor"]

TABLE = {
    "line": "sightline.analytics.line:Line",
    "zone": "sightline.analytics.zone:Zone",
    "dwell": "sightline.analytics.dwell:Dwell",
    "people": "sightline.analytics.people:People",
}


class Analytic(Protocol):
    """A small state machine. Built from its configuration and the model's class names."""

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """What happened between the last call and this one.

        An event's `time_ns` is the instant at which it happened, which may lie a little
        before `time_ns` where it took a few pictures to be sure.
        """
        ...

    def finish(self) -> Sequence[Event]:
        """What is still undecided when the pictures have ended, decided. Called once."""
        ...

    def measures(self) -> Sequence[Measure]:
        """The numbers so far, from the first update to the last."""
        ...

    def summary(self) -> dict[str, float]:
        """The numbers so far as the summary shows them: {"in": 3, "out": 2}."""
        ...
