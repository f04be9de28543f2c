"""All analytics of a camera asked in turn, and what they said handed on to those who listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeGuard

from sightline.analytics.base import Analytic
from sightline.analytics.view import View
from sightline.results import Detections
from sightline.wire.messages import Event, Measure


class Listening(Protocol):
    """An analytic that is about what others say; it stands behind them."""

    def hear(self, events: Sequence[Event]) -> None:
        """What those before it said of this picture."""
        ...


def listens(one: Analytic) -> TypeGuard[Listening]:
    """Whether an analytic is about what others say."""
    return hasattr(one, "hear")


def view_of(analytics: Sequence[Analytic]) -> View | None:
    """The one that watches the view: the first, if any."""
    return analytics[0] if analytics and isinstance(analytics[0], View) else None


def ask(analytics: Sequence[Analytic], tracks: Detections, time_ns: int) -> list[Event]:
    """What happened by this picture."""
    view = view_of(analytics)
    seen = list(view.update(tracks, time_ns)) if view is not None else []
    return ask_others(analytics, tracks, time_ns, seen)


def ask_others(
    analytics: Sequence[Analytic], tracks: Detections, time_ns: int, seen: Sequence[Event]
) -> list[Event]:
    """The same where the view was asked already, and this is what it has `seen`."""
    happened: list[Event] = [*seen]
    rest, view = analytics, view_of(analytics)
    if view is not None:
        tracks, rest = view.registered(tracks), analytics[1:]
    valid = view is None or view.valid
    for one in rest:
        if listens(one):
            one.hear(happened)
        said = one.update(tracks, time_ns)
        happened.extend(said if valid else map(_invalid, said))
    return happened


def measured(analytics: Sequence[Analytic]) -> list[Measure]:
    """The numbers of all; where the camera could not see all the time, `invalid` is the share of
    the time for which they mean nothing."""
    view = view_of(analytics)
    measures = [measure for one in analytics for measure in one.measures()]
    share = round(view.invalid, 4) if view is not None else 0.0
    if not share:
        return measures
    return [replace(one, data={**one.data, "invalid": share}) for one in measures]


def _invalid(event: Event) -> Event:
    return replace(event, data={**event.data, "valid": False})
