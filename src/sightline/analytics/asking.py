"""All analytics of a camera asked in turn, and what they said handed on to those who listen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from sightline.analytics.base import Analytic
from sightline.results import Detections
from sightline.wire.messages import Event


@runtime_checkable
class Listening(Protocol):
    """An analytic that is about what others say; it stands behind them."""

    def hear(self, events: Sequence[Event]) -> None:
        """What those before it said of this picture."""
        ...


def ask(analytics: Sequence[Analytic], tracks: Detections, time_ns: int) -> list[Event]:
    """What happened by this picture."""
    happened: list[Event] = []
    for one in analytics:
        if isinstance(one, Listening):
            one.hear(happened)
        happened.extend(one.update(tracks, time_ns))
    return happened
