"""How right events and counts are, held against what truly happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from sightline.wire.messages import Event

_LIKE = ("cell", "direction", "route")  # data in which two events must agree to be the same


@dataclass(frozen=True, slots=True)
class EventScore:
    """Events of one kind and name.

    found, true    how many there are
    matched        of them that are the same event
    late_s         mean of found less true instant, over the matched
    value, wrong   a number that both carry (such as wait_s): its key, and the mean of
                   |found - true| over the mean of the true ones; "" where they carry none
    """

    kind: str
    name: str
    found: int
    true: int
    matched: int
    late_s: float
    value: str = ""
    wrong: float = 0.0

    @property
    def precision(self) -> float:
        """The share of found events that happened; 1 where none was found."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what happened that was found; 1 where nothing happened."""
        return self.matched / self.true if self.true else 1.0


@dataclass(frozen=True, slots=True)
class CountScore:
    """One number of a summary: counted, and true."""

    what: str
    counted: float
    true: float

    @property
    def error(self) -> float:
        """The difference as a share of the true number; of 1 where that is less."""
        return abs(self.counted - self.true) / max(1.0, abs(self.true))


def score_events(
    found: Iterable[Event],
    true: Iterable[Event],
    kinds: Collection[str],
    within_s: float,
    end_s: float = inf,
) -> list[EventScore]:
    """One score for each kind and name that either side has, of the kinds asked for.

    Two events are the same where kind, name and what `data` says of cell, direction and route agree
    and their instants lie within `within_s`; the nearest pairs are taken first, each event once.
    What happened so shortly before the end (`end_s`) that nobody could be sure is not missed.
    """
    mine, theirs = _sorted_out(found, kinds), _sorted_out(true, kinds)
    return [
        _score(kind, name, mine[kind, name], theirs[kind, name], within_s, end_s - within_s)
        for kind, name in sorted({*mine, *theirs})
    ]


def score_counts(counted: Mapping[str, Any], true: Mapping[str, Any]) -> list[CountScore]:
    """Every number that the truth knows, by its path ("lines door in"), beside ours."""
    scores = []
    for key, value in true.items():
        mine = counted.get(key)
        if isinstance(value, Mapping):
            inner = score_counts(mine if isinstance(mine, Mapping) else {}, value)
            scores += [CountScore(f"{key} {one.what}", one.counted, one.true) for one in inner]
        elif isinstance(value, int | float):
            scores.append(CountScore(key, float(mine or 0), float(value)))
    return scores


def _sorted_out(
    events: Iterable[Event], kinds: Collection[str]
) -> defaultdict[tuple[str, str], list[Event]]:
    by_name: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        if event.kind in kinds:
            by_name[event.kind, event.name].append(event)
    return by_name


def _score(
    kind: str,
    name: str,
    found: Sequence[Event],
    true: Sequence[Event],
    within_s: float,
    sure_s: float,
) -> EventScore:
    pairs = _pairs(found, true, within_s)
    known = {id(other) for _, other in pairs}
    true = [one for one in true if one.time_ns / 1e9 <= sure_s or id(one) in known]
    late = [(one.time_ns - other.time_ns) / 1e9 for one, other in pairs]
    value, wrong = _values(pairs)
    return EventScore(
        kind,
        name,
        len(found),
        len(true),
        len(pairs),
        sum(late) / len(late) if late else 0.0,
        value,
        wrong,
    )


def _pairs(
    found: Sequence[Event], true: Sequence[Event], within_s: float
) -> list[tuple[Event, Event]]:
    near = sorted(
        (abs(one.time_ns - other.time_ns), i, j)
        for i, one in enumerate(found)
        for j, other in enumerate(true)
        if abs(one.time_ns - other.time_ns) <= within_s * 1e9 and _alike(one, other)
    )
    left, right = set(range(len(found))), set(range(len(true)))
    pairs = []
    for _, i, j in near:
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((found[i], true[j]))
    return pairs


def _alike(one: Event, other: Event) -> bool:
    return all(
        list(one.data[key]) == list(other.data[key])
        for key in _LIKE
        if key in one.data and key in other.data
    )


def _values(pairs: Sequence[tuple[Event, Event]]) -> tuple[str, float]:
    """The number of seconds that both sides tell, and how far off ours is on average."""
    for key in ("wait_s", "service_s", "dwell_s", "out_s"):
        both = [(a.data[key], b.data[key]) for a, b in pairs if key in a.data and key in b.data]
        if both:
            whole = sum(abs(b) for _, b in both) / len(both)
            return key, sum(abs(a - b) for a, b in both) / len(both) / max(whole, 1e-9)
    return "", 0.0
