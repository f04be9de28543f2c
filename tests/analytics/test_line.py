"""A line from the bottom of the picture to its top: who walks along it goes up, and sees "in"
as from the left of the picture to its right."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sightline.analytics.line import Line, LineConfig
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.errors import ConfigError
from sightline.results import Detections

Make = Callable[..., Any]
UP = ((0.5, 1.0), (0.5, 0.0))
S = 10**9


def line(points: Any = UP, roster: Roster | None = None, **more: Any) -> Line:
    return Line(LineConfig(name="door", points=points, **more), ["person", "car"], roster=roster)


def test_left_to_right_is_in_and_the_event_says_who_when_and_where(
    film: Make, path: Make, play: Make
) -> None:
    door = line()
    (event,) = play(door, film({7: path((0, 0.1, 0.6), (8, 0.9, 0.6))}, 8))
    assert (event.kind, event.name, event.track, event.label) == (
        "line.crossed",
        "door",
        7,
        "person",
    )
    assert event.data == {"direction": "in"}
    assert event.time_ns == pytest.approx(4e9, abs=4e7)
    assert event.place == pytest.approx((0.5, 0.6), abs=1e-6)
    assert door.summary() == {"in": 1, "out": 0}


@pytest.mark.parametrize(
    ("points", "start", "end", "direction"),
    [
        (((0.5, 1), (0.5, 0)), (0.2, 0.5), (0.8, 0.5), "in"),  # up the picture
        (((0.5, 1), (0.5, 0)), (0.8, 0.5), (0.2, 0.5), "out"),
        (((0.5, 0), (0.5, 1)), (0.2, 0.5), (0.8, 0.5), "out"),  # down the picture
        (((0, 0.5), (1, 0.5)), (0.5, 0.2), (0.5, 0.8), "in"),  # to the right
        (((1, 0.5), (0, 0.5)), (0.5, 0.2), (0.5, 0.8), "out"),  # to the left
        (((0, 1), (1, 0)), (0.2, 0.3), (0.8, 0.7), "in"),  # rising to the right
    ],
)
def test_in_is_from_the_left_hand_to_the_right_of_who_walks_along_the_line(
    film: Make,
    path: Make,
    play: Make,
    points: Any,
    start: tuple[float, float],
    end: tuple[float, float],
    direction: str,
) -> None:
    (event,) = play(line(points), film({1: path((0, *start), (4, *end))}, 4))
    assert event.data["direction"] == direction


def test_who_stands_trembling_on_the_line_is_not_counted(film: Make, play: Make) -> None:
    noise = np.random.default_rng(1).normal(0.5, 0.004, 4000)
    assert play(line(), film({1: lambda t: (noise[round(t * 30)], 0.6)}, 60)) == []


def test_who_trembles_on_the_line_and_goes_on_is_counted_once(
    film: Make, path: Make, play: Make
) -> None:
    walk = path((0, 0.1, 0.6), (4, 0.5, 0.6), (20, 0.5, 0.6), (24, 0.9, 0.6))
    noise = np.random.default_rng(2).normal(0, 0.004, 2000)

    def trembling(t: float) -> tuple[float, float]:
        x, y = walk(t)
        return x + noise[round(t * 30)], y

    door = line()
    play(door, film({1: trembling}, 24))
    assert door.summary() == {"in": 1, "out": 0}


def test_who_comes_a_step_over_the_line_and_turns_back_is_not_counted(
    film: Make, path: Make, play: Make
) -> None:
    toe = {1: path((0, 0.2, 0.6), (3, 0.51, 0.6), (6, 0.2, 0.6))}
    assert play(line(), film(toe, 6)) == []
    assert len(play(line(hysteresis=0), film(toe, 6))) == 2


def test_who_goes_through_and_comes_back_is_counted_both_ways(
    film: Make, path: Make, play: Make
) -> None:
    events = play(line(), film({1: path((0, 0.2, 0.6), (3, 0.8, 0.6), (6, 0.2, 0.6))}, 6))
    assert [event.data["direction"] for event in events] == ["in", "out"]


def test_standing_exactly_on_the_line_is_on_neither_side(
    film: Make, path: Make, play: Make
) -> None:
    touch = {1: path((0, 0.25, 0.6), (1, 0.5, 0.6), (2, 0.5, 0.6), (3, 0.25, 0.6))}
    begins_there = {1: path((0, 0.5, 0.6), (1, 0.5, 0.6), (3, 0.75, 0.6))}
    assert play(line(hysteresis=0), film(touch, 3)) == []
    assert play(line(hysteresis=0), film(begins_there, 3)) == []


class TestEnds:
    """The line has two ends; only what passes between them counts."""

    short = ((0.5, 0.7), (0.5, 0.3))

    @pytest.mark.parametrize(("y", "count"), [(0.29, 0), (0.31, 1), (0.69, 1), (0.71, 0)])
    def test_only_between_them(
        self, film: Make, path: Make, play: Make, y: float, count: int
    ) -> None:
        events = play(line(self.short), film({1: path((0, 0.2, y), (3, 0.8, y))}, 3))
        assert len(events) == count

    def test_through_and_back_around_the_end_is_one_crossing(
        self, film: Make, path: Make, play: Make
    ) -> None:
        loop = path((0, 0.2, 0.5), (2, 0.8, 0.5), (3, 0.8, 0.9), (5, 0.2, 0.9), (6, 0.2, 0.5))
        door = line(self.short)
        play(door, film({1: loop}, 6))
        assert door.summary() == {"in": 1, "out": 0}

    def test_trembling_around_the_end_counts_at_most_once(self, film: Make, play: Make) -> None:
        noise = np.random.default_rng(3).normal(0, 0.004, (3000, 2))
        around = {1: lambda t: tuple(noise[round(t * 30)] + (0.5, 0.3))}
        assert len(play(line(self.short), film(around, 60))) <= 1

    def test_a_line_to_the_edge_goes_on_beyond_it(self, film: Make, path: Make, play: Make) -> None:
        feet_below_the_picture = {1: path((0, 0.2, 1.1), (3, 0.8, 1.1))}
        assert len(play(line(), film(feet_below_the_picture, 3))) == 1


class TestLostAndFound:
    """Trackers lose people and give them new numbers; a person still crosses once."""

    def test_a_crossing_while_nobody_looks_counts_once(
        self, film: Make, path: Make, play: Make
    ) -> None:
        walk = path((0, 0.2, 0.6), (6, 0.8, 0.6))
        hidden = {1: lambda t: None if 2.5 < t < 3.5 else walk(t)}
        (event,) = play(line(), film(hidden, 6))
        assert event.data == {"direction": "in"}

    def test_a_crossing_under_a_new_number_counts_once(
        self, film: Make, path: Make, play: Make
    ) -> None:
        walk = path((0, 0.2, 0.6), (6, 0.8, 0.6))
        door = line()
        play(
            door,
            film(
                {
                    1: lambda t: walk(t) if t < 2.7 else None,
                    2: lambda t: walk(t) if t > 3.3 else None,
                },
                6,
            ),
        )
        assert door.summary() == {"in": 1, "out": 0}

    @pytest.mark.parametrize("switch", [2.8, 2.9, 2.95, 3.0, 3.02, 3.05, 3.1, 3.2])
    def test_a_switch_of_identity_near_the_line_counts_once(
        self, film: Make, path: Make, play: Make, switch: float
    ) -> None:
        walk = path((0, 0.2, 0.6), (6, 0.8, 0.6))
        noise = np.random.default_rng(5).normal(0, 0.003, 200)

        def shaky(t: float) -> tuple[float, float]:
            x, y = walk(t)
            return x + noise[round(t * 30)], y

        parts = {
            1: lambda t: shaky(t) if t < switch else None,
            2: lambda t: shaky(t) if t >= switch else None,
        }
        door = line()
        play(door, film(parts, 6))
        assert door.summary() == {"in": 1, "out": 0}

    def test_who_is_first_seen_right_behind_the_line_has_crossed_it(
        self, film: Make, path: Make, play: Make
    ) -> None:
        walk = path((0, 0.2, 0.6), (6, 0.8, 0.6))
        other = path((0, 0.2, 0.3), (6, 0.2, 0.3))
        late = {9: other, 1: lambda t: walk(t) if t > 3.2 else None}
        (event,) = play(line(), film(late, 6))
        assert event.data == {"direction": "in", "seen": False}
        assert event.track == 1

    def test_who_is_last_seen_right_before_the_line_will_have_crossed_it(
        self, film: Make, path: Make, play: Make
    ) -> None:
        walk = path((0, 0.2, 0.6), (6, 0.8, 0.6))
        other = path((0, 0.2, 0.3), (9, 0.2, 0.3))
        early = {9: other, 1: lambda t: walk(t) if t < 2.8 else None}
        (event,) = play(line(), film(early, 9))
        assert event.data == {"direction": "in", "seen": False}

    def test_who_is_lost_just_behind_the_line_has_crossed_it(
        self, film: Make, path: Make, play: Make
    ) -> None:
        other = path((0, 0.2, 0.3), (9, 0.2, 0.3))
        door = line()
        play(door, film({9: other, 1: path((0, 0.2, 0.6), (3, 0.51, 0.6))}, 9))
        assert door.summary() == {"in": 1, "out": 0}

    def test_nobody_standing_near_the_line_is_drawn_over_it(
        self, film: Make, path: Make, play: Make
    ) -> None:
        still = {
            1: path((2, 0.51, 0.6), (5, 0.51, 0.6)),
            2: path((0, 0.2, 0.3), (9, 0.2, 0.3)),
        }
        assert play(line(), film(still, 9)) == []

    def test_two_people_who_pass_each_other_on_the_line_count_both(
        self, film: Make, path: Make, play: Make
    ) -> None:
        crowd = {
            1: path((0, 0.2, 0.6), (6, 0.8, 0.6)),
            2: path((0, 0.8, 0.62), (6, 0.2, 0.62)),
        }
        door = line()
        play(door, film(crowd, 6))
        assert door.summary() == {"in": 1, "out": 1}

    def test_a_trusting_roster_joins_nothing(self, film: Make, path: Make, play: Make) -> None:
        walk = path((0, 0.2, 0.6), (6, 0.8, 0.6))
        parts = {
            1: lambda t: walk(t) if t < 2.9 else None,
            2: lambda t: walk(t) if t > 3.1 else None,
        }
        assert play(line(roster=Roster(mend=False)), film(parts, 6)) == []


def test_only_the_classes_asked_for_count(play: Make, tracks: Make) -> None:
    def film(label: int) -> list[tuple[int, Detections]]:
        return [(n * 10**8, tracks({1: (0.2 + n * 0.05, 0.6)}, label)) for n in range(12)]

    assert len(play(line(classes=("person",)), film(0))) == 1
    assert play(line(classes=("person",)), film(1)) == []
    (event,) = play(line(), film(1))
    assert event.label == "car"


def test_the_anchor_decides_what_crosses(film: Make, path: Make, play: Make) -> None:
    across = ((0.0, 0.5), (1.0, 0.5))
    walk = {1: path((0, 0.5, 0.4), (4, 0.5, 0.65))}  # the head stays above the line
    assert len(play(line(across, anchor="bottom"), film(walk, 4))) == 1
    assert len(play(line(across, anchor="center"), film(walk, 4))) == 1
    assert play(line(across, anchor="top"), film(walk, 4)) == []


def test_the_hysteresis_is_the_same_length_in_every_direction(tracks: Make) -> None:
    """On a wide picture a step of 0.1 heights is a smaller fraction of its width."""
    door = Line(LineConfig(name="a", points=UP, hysteresis=0.5), ["person"], aspect=2.0)
    for number, x in enumerate((0.4, 0.545, 0.555)):  # heights are 0.2: clear at 0.5 + 0.05
        events = door.update(tracks({1: (x, 0.6)}), number * 10**8)
        assert len(events) == (x == 0.555)


def test_the_measures_are_the_counts_over_all_the_time(film: Make, path: Make, play: Make) -> None:
    door = line()
    assert list(door.measures()) == []
    play(door, film({1: path((0, 0.2, 0.6), (6, 0.8, 0.6))}, 6, start_ns=5_000))
    found = {m.data["direction"]: (m.kind, m.value, m.start_ns, m.end_ns) for m in door.measures()}
    assert found["in"] == ("line.count", 1, 5_000, 6_000_005_000)
    assert found["out"][1] == 0


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (((0.5, 0.2), (0.5, 0.2)), "line 'door': both points are (0.5, 0.2), so it has no length"),
        (((0.5, 0.2), (1.5, 0.2)), "line 'door': point 2 (1.5, 0.2) is outside the picture"),
        (((-0.1, 0.2), (0.5, 0.2)), "line 'door': point 1 (-0.1, 0.2) is outside the picture"),
        (((float("nan"), 0.2), (0.5, 0.2)), "finite number"),
        (((0.5, 0.2),), "points"),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_words(points: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        LineConfig(name="door", points=points)
    assert words in str(refused.value)


def test_a_class_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigError, match="line 'door': there is no class 'persn' here, but"):
        line(classes=("persn",))


@pytest.mark.parametrize("seed", range(12))
def test_nothing_that_a_tracker_may_send_breaks_it(seed: int) -> None:
    """Identities that flicker, swap and come twice, boxes far away, a clock that jumps."""
    random, now = np.random.default_rng(seed), 0
    roster = Roster(1.7)
    door = line(((0.3, 0.2), (0.7, 0.8)), roster)
    till = Zone(ZoneConfig(name="till", polygon=((0.2, 0.2), (0.8, 0.3), (0.5, 0.9))), [], 1.7)
    events = []
    for _ in range(80):
        count = int(random.integers(0, 6))
        boxes = random.random((count, 4)).astype(np.float32)
        boxes[random.random((count, 4)) < 0.02] = 1e30
        ids = random.choice(9, count, replace=bool(seed % 2)).astype(np.int64) + 1
        labels = random.integers(0, 4, count).astype(np.int32)
        now += int(random.choice([0, S // 30, -S, S, 86_400 * S]))
        seen = Detections(boxes, np.ones(count, np.float32), labels, ids)
        events += [*door.update(seen, now), *till.update(seen, now)]
    events += [*door.finish(), *till.finish()]
    crossed = [event for event in events if event.kind == "line.crossed"]
    assert sum(door.summary().values()) == len(crossed)
    summary = till.summary()
    entered = [event for event in events if event.kind == "zone.entered"]
    assert summary["visits"] == len(entered) >= summary["entries"]
    assert 0 <= summary["mean"] <= 6
