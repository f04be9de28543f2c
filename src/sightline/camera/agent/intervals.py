"""Numbers over intervals, from numbers since the first picture: what hubs add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec

from sightline.analytics.doubt import read, written
from sightline.wire.means import OVER
from sightline.wire.messages import Measure

_MEANS_OVER_TIME = ("zone.occupancy", "people.inside", "view.valid")
_COUNT = ".count"
_KEY = "\x1f"


class Intervals:
    """Remembers what was said last. Counts become those of the interval, means over time and
    over visits the means of the interval; what is of another kind is told as it is.

    `state` and `restore` carry it over a restart, so that no interval is told twice.
    """

    def __init__(self) -> None:
        self._before: dict[str, Measure] = {}

    def since(self, measures: Iterable[Measure]) -> list[Measure]:
        """The same numbers since the call before; without those of an empty interval."""
        found = []
        until = max((one.end_ns for one in self._before.values()), default=0)
        for now in measures:
            key = _KEY.join((now.kind, now.name, str(now.data.get("direction", ""))))
            before = self._before.get(key)
            self._before[key] = now
            if before is None and now.kind.endswith(_COUNT) and now.start_ns < until < now.end_ns:
                # What is counted for the first time was nought until the call before.
                found.append(replace(now, start_ns=until))
            elif before is None or before.start_ns > now.end_ns or before.end_ns > now.end_ns:
                found.append(_of_people(now, None, now))
            elif now.end_ns > before.end_ns:
                found.append(_difference(before, now))
        return found

    def state(self) -> Any:
        """For `restore`, as plain JSON values."""
        return {key: msgspec.to_builtins(measure) for key, measure in self._before.items()}

    def restore(self, state: Any) -> None:
        """Go on from a state; a damaged one counts as none."""
        try:
            self._before = msgspec.convert(state, dict[str, Measure])
        except msgspec.ValidationError:
            self._before = {}


def _difference(before: Measure, now: Measure) -> Measure:
    data = _valid(before, now) | _doubt(before, now)
    part = replace(now, start_ns=before.end_ns, data=data)
    if now.kind.endswith(_COUNT):
        return replace(part, value=now.value - before.value)
    if now.kind in _MEANS_OVER_TIME:
        return replace(part, value=_mean(before, now, _length(before), _length(now)))
    return _of_people(part, before, now)


def _of_people(part: Measure, before: Measure | None, now: Measure) -> Measure:
    """With the mean over who came since `before`, or that of all where nobody did, where it is a
    mean over people."""
    over = OVER.get(now.kind, "")
    count = now.data.get(over)
    if count is None:
        return part
    total = now.value * count
    if before is not None:
        earlier = before.data.get(over, 0)
        total, count = total - before.value * earlier, count - earlier
    value = total / count if count > 0 else now.value
    return replace(part, value=value, data={**part.data, over: count, "total": total})


def _valid(before: Measure, now: Measure) -> dict[str, Any]:
    """What only this kind has, with the share of the time since in which the camera was blind."""
    blind = [one.data.get("invalid", 0.0) * _length(one) for one in (before, now)]
    share = (blind[1] - blind[0]) / max(_length(now) - _length(before), 1e-9)
    rest = {key: value for key, value in now.data.items() if key != "invalid"}
    # A fault is told of once it is sure, and may have begun in the interval before.
    share = round(min(1.0, max(0.0, share)), 4)
    return {**rest, "invalid": share} if share > 1e-3 else rest


def _doubt(before: Measure, now: Measure) -> dict[str, Any]:
    """The interval of what has come since, where there is one."""
    earlier, later = (read(one.data.get("doubt", ())) for one in (before, now))
    if not later or len(earlier) != len(later):
        return {}
    return written(*(new - old for old, new in zip(earlier, later, strict=True)))


def _mean(before: Measure, now: Measure, weight_before: float, weight_now: float) -> float:
    weight = weight_now - weight_before
    if weight <= 0:
        return 0.0
    return (now.value * weight_now - before.value * weight_before) / weight


def _length(measure: Measure) -> float:
    return (measure.end_ns - measure.start_ns) / 1e9
