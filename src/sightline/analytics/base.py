"""Tracks to events and measures: the contract of an analytic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from sightline.results import Detections
from sightline.wire.messages import Event, Measure

TABLE = {
    "line": "sightline.analytics.line:Line",
    "zone": "sightline.analytics.zone:Zone",
}

Anchor = Literal["bottom", "center", "top", "left", "right"]


class Analytic(Protocol):
    """A small state machine. Built from its configuration and the model's class names."""

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """What happened between the last call and this one. Time never goes back."""
        ...

    def measures(self) -> Sequence[Measure]:
        """The numbers so far, from the first update to the last."""
        ...

    def summary(self) -> dict[str, float]:
        """The numbers so far as the summary shows them: {"in": 3, "out": 2}."""
        ...
