"""What must hold for any walk: counts do not depend on how it is filmed."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sightline.analytics.line import Line, LineConfig
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.geometry.polygons import contains

Make = Callable[..., Any]
Stop = tuple[float, float, float]
DOOR = ((0.45, 0.85), (0.55, 0.15))
TILL = ((0.3, 0.35), (0.65, 0.3), (0.7, 0.75), (0.35, 0.7))
LABELS = ["person"]


@st.composite
def walks(draw: st.DrawFn) -> dict[int, list[Stop]]:
    """People who walk between places, slowly enough to be seen at 5 pictures a second.

    They come from the side and rest for a while at each place, so that what happens does not
    hang on a single picture.
    """
    people = {}
    for number in range(1, draw(st.integers(1, 3)) + 1):
        at, stops = draw(st.integers(0, 8)) * 0.2, []
        # A grid that keeps clear of line and zone: on the boundary rounding would decide.
        for x, y in draw(st.lists(st.sampled_from(_PLACES), min_size=2, max_size=5, unique=True)):
            stops += [(at, x, y), (at + 1.0, x, y)]
            at += 4.0
        people[number] = stops
    return people


_PLACES = [
    (0.1, 0.2), (0.12, 0.9), (0.2, 0.5), (0.42, 0.5), (0.58, 0.5),
    (0.6, 0.6), (0.85, 0.5), (0.9, 0.25), (0.88, 0.92), (0.47, 0.95),
]  # fmt: skip


def counts(film: Any, play: Make, door: Any = DOOR, till: Any = TILL, mend: bool = False) -> Any:
    roster = Roster(mend=mend)
    one = Line(LineConfig(name="door", points=door), LABELS, roster=roster)
    other = Zone(ZoneConfig(name="till", polygon=till), LABELS, roster=roster)
    play([one, other], film)
    zone = other.summary()
    return one.summary(), {key: zone[key] for key in ("entries", "exits", "visits")}


@settings(max_examples=15, deadline=None)
@given(walks())
def test_frame_rate(film: Make, path: Make, play: Make, people: dict[int, list[Stop]]) -> None:
    paths = {number: path(*stops) for number, stops in people.items()}
    till = Zone(ZoneConfig(name="till", polygon=TILL, hysteresis=0), LABELS)
    seen = play(till, film(paths, 24, 30))
    # A corner that is cut in half a second may fall between two pictures.
    assume(all(event.data.get("dwell_s", 1) > 0.5 for event in seen))
    at_30, at_10, at_5 = (counts(film(paths, 24, fps), play) for fps in (30, 10, 5))
    assert at_30 == at_10 == at_5


@settings(max_examples=15, deadline=None)
@given(walks())
def test_a_mirror_swaps_in_and_out(
    film: Make, path: Make, play: Make, people: dict[int, list[Stop]]
) -> None:
    def mirrored(stops: list[Stop]) -> list[Stop]:
        return [(t, 1 - x, y) for t, x, y in stops]

    (line, zone) = counts(film({n: path(*s) for n, s in people.items()}, 24, 10), play)
    flipped = counts(
        film({n: path(*mirrored(s)) for n, s in people.items()}, 24, 10),
        play,
        tuple((1 - x, y) for x, y in DOOR),
        tuple((1 - x, y) for x, y in TILL),
    )
    assert flipped == ({"in": line["out"], "out": line["in"]}, zone)


@settings(max_examples=15, deadline=None)
@given(walks())
def test_time_that_runs_backwards_swaps_in_and_out_and_entries_and_exits(
    film: Make, path: Make, play: Make, people: dict[int, list[Stop]]
) -> None:
    def reversed_in_time(stops: list[Stop]) -> list[Stop]:
        return [(24 - t, x, y) for t, x, y in reversed(stops)]

    line, zone = counts(film({n: path(*s) for n, s in people.items()}, 24, 10), play)
    back_line, back_zone = counts(
        film({n: path(*reversed_in_time(s)) for n, s in people.items()}, 24, 10), play
    )
    assert back_line == {"in": line["out"], "out": line["in"]}
    assert back_zone == {**zone, "entries": zone["exits"], "exits": zone["entries"]}


@settings(max_examples=15, deadline=None)
@given(walks(), st.floats(0.3, 0.9))
def test_scale(
    film: Make, path: Make, play: Make, people: dict[int, list[Stop]], scale: float
) -> None:
    """The same scene in a corner of a larger picture."""

    def small(points: Any) -> Any:
        return tuple((x * scale, y * scale) for x, y in points)

    pictures = list(film({n: path(*s) for n, s in people.items()}, 24, 10))
    shrunk = [
        (time_ns, type(t)(t.boxes * np.float32(scale), t.scores, t.labels, t.track_ids))
        for time_ns, t in pictures
    ]
    assert counts(pictures, play) == counts(shrunk, play, small(DOOR), small(TILL))


@settings(max_examples=15, deadline=None)
@given(walks())
def test_in_less_out_is_who_is_on_the_other_side_now(
    film: Make, path: Make, play: Make, people: dict[int, list[Stop]]
) -> None:
    """For a line from edge to edge nothing gets lost: the balance is where people ended."""
    paths = {number: path(*stops) for number, stops in people.items()}
    line, _ = counts(film(paths, 24, 10), play, ((0.5, 1.0), (0.5, 0.0)))
    moved = sum((s[-1][1] > 0.5) - (s[0][1] > 0.5) for s in people.values())
    assert line["in"] - line["out"] == moved


@settings(max_examples=15, deadline=None)
@given(walks())
def test_entries_and_exits_are_who_is_inside_now(
    film: Make, path: Make, play: Make, people: dict[int, list[Stop]]
) -> None:
    paths = {number: path(*stops) for number, stops in people.items()}
    _, zone = counts(film(paths, 24, 10), play)
    ends = np.array([(s[0][1:], s[-1][1:]) for s in people.values()])
    inside = contains(ends.reshape(-1, 2), np.array(TILL)).reshape(-1, 2).astype(int)
    assert zone["entries"] - zone["exits"] == (inside[:, 1] - inside[:, 0]).sum()


@settings(max_examples=15, deadline=None)
@given(walks())
def test_whole_tracks_count_the_same_with_and_without_mending(
    film: Make, path: Make, play: Make, people: dict[int, list[Stop]]
) -> None:
    """People who come and go at the picture's edge leave nothing to mend."""
    whole = {
        n: path((0, 0.01, 0.5), *((t + 3, x, y) for t, x, y in s), (s[-1][0] + 6, 0.99, 0.5))
        for n, s in people.items()
    }
    pictures = list(film(whole, 32, 10))
    assert counts(pictures, play) == counts(pictures, play, mend=True)
