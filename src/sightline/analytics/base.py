"""Tracks to events and measures: the contract of an analytic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sightline.analytics.keeping import State
from sightline.analytics.roster import Roster
from sightline.geometry.boxes import Anchor
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

__all__ = ["TABLE", "Analytic", "Anchor"]

TABLE = {
    "line": "sightline.analytics.line:Line",
    "zone": "sightline.analytics.zone:Zone",
    "dwell": "sightline.analytics.dwell:Dwell",
    "people": "sightline.analytics.people:People",
    "queue": "sightline.analytics.queue:Queue",
    "paths": "sightline.analytics.paths:Paths",
    "heat": "sightline.analytics.heat:Heat",
    "distance": "sightline.analytics.distance:Distance",
    "crowd": "sightline.analytics.crowd:Crowd",
    "speed": "sightline.analytics.speed:Speed",
    "hazard": "sightline.analytics.hazard:Hazard",
    "left": "sightline.analytics.left:Left",
    "shelf": "sightline.analytics.shelf:Shelf",
    "view": "sightline.analytics.view:View",
}


class Analytic(Protocol):
    """A small state machine. Built from its configuration and the model's class names.

    config  what it was asked; two that are equal may share a state
    roster  who is in the picture; the analytics of one camera share it
    """

    config: Any
    roster: Roster

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

    def state(self) -> State:
        """All that `restore` needs to go on from here, as plain JSON values.

        Without the roster, which several share: `Roster.state` is kept beside it.
        """
        ...

    def restore(self, state: State) -> None:
        """Go on from a state of the same configuration: before the first update.

        The roster has been restored already. Raises KeyError, TypeError or ValueError where
        `state` is not what `state()` gave.
        """
        ...
