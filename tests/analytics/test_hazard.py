import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sightline.analytics.conduct import Lying, Sight
from sightline.analytics.hazard import Hazard, HazardConfig
from sightline.errors import ConfigError
from sightline.results import Detections
from sightline.wire.messages import Event

Boxes = Callable[[float], dict[int, tuple[int, list[float]]]]  # seconds: track, (label, box)
LABELS = ["person", "forklift", "helmet"]
ZONE = ((0.4, 0.4), (0.8, 0.4), (0.8, 0.9), (0.4, 0.9))


def person(x: float, y: float, tall: float = 0.3, wide: float = 0.1) -> tuple[int, list[float]]:
    return 0, [x - wide / 2, y - tall, x + wide / 2, y]


def truck(x: float, y: float = 0.7) -> tuple[int, list[float]]:
    return 1, [x - 0.1, y - 0.3, x + 0.1, y]


def play(hazard: Hazard, at: Boxes, until_s: float, from_s: float = 0) -> list[Event]:
    events: list[Event] = []
    fps = 10
    for number in range(round(from_s * fps), round(until_s * fps) + 1):
        seen = at(number / fps)
        boxes = np.array([box for _, box in seen.values()], np.float32).reshape(-1, 4)
        tracks = Detections(
            boxes,
            np.ones(len(seen), np.float32),
            np.array([label for label, _ in seen.values()], np.int32),
            np.array(list(seen), np.int64),
        )
        events += hazard.update(tracks, round(number / fps * 1e9))
    return [*events, *hazard.finish()]


def hazard(**more: Any) -> Hazard:
    return Hazard(HazardConfig(name="press", **more), LABELS)


def test_dangers_are_counted_with_an_interval() -> None:
    press = hazard(run=1.5)
    faint = hazard(run=1.5)
    play(press, lambda t: {5: person(0.1 + 0.15 * t, 0.8)} if t < 5 else {}, 8)
    assert play(faint, lambda t: {}, 8) == []
    (exposure, *counts) = press.measures()
    assert exposure.kind == "hazard.exposure"
    assert {m.data["direction"]: m.value for m in counts} == {
        what: n for what, n in press.summary().items() if n and what in press.bounds()
    }
    assert press.bounds()["person_in_zone"] == (1, 1)
    again = hazard(run=1.5)
    again.restore(json.loads(json.dumps(press.state())))
    assert again.bounds() == press.bounds()
    assert faint.bounds() == {}


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


class TestZone:
    def test_who_walks_in_is_in_danger_until_they_are_out(self) -> None:
        press = hazard(polygon=ZONE)
        into, out = play(press, lambda t: {5: person(0.2 + 0.1 * t, 0.7)}, 7.5)
        assert (into.kind, into.name, into.track) == ("hazard.person_in_zone", "press", 5)
        assert into.time_ns == pytest.approx(2e9, abs=1.1e8)
        assert out.kind == "hazard.cleared"
        assert out.data["what"] == "person_in_zone"
        assert out.data["for_s"] == pytest.approx(4, abs=0.3)
        assert press.summary()["person_in_zone"] == 1
        assert press.summary()["exposed_s"] == pytest.approx(4, abs=0.9)

    @pytest.mark.parametrize(
        ("active", "machine", "danger"),
        [
            ("always", None, True),
            ("present", None, False),
            ("present", lambda t: truck(0.6), True),
            ("moving", None, False),
            ("moving", lambda t: truck(0.6), False),
            ("moving", lambda t: truck(0.3 + 0.06 * t), True),
        ],
    )
    def test_only_while_the_machine_is_there_or_moves(
        self, active: str, machine: Any, danger: bool
    ) -> None:
        press = hazard(polygon=ZONE, machines=("forklift",), active=active)
        scene = {5: person(0.5, 0.8)}
        found = play(press, lambda t: scene | ({9: machine(t)} if machine else {}), 5)
        assert ("hazard.person_in_zone" in kinds(found)) == danger

    def test_a_machine_that_rests_a_moment_still_endangers_who_is_inside_and_nobody_new(
        self,
    ) -> None:
        press = hazard(polygon=ZONE, machines=("forklift",), active="moving", rest_s=3)
        found = play(
            press,
            lambda t: {
                9: truck(0.3 + 0.1 * min(t, 2)),
                5: person(0.5, 0.8),
                6: person(0.7 if t > 3.5 else 0.1, 0.8),
            },
            10,
        )
        assert [event.track for event in found] == [5, 5]
        assert found[1].time_ns / 1e9 == pytest.approx(5.3, abs=0.8)

    def test_a_machine_that_creeps_moves_and_one_whose_box_trembles_does_not(self) -> None:
        chance = np.random.default_rng(4)

        def trembles(t: float) -> Any:
            label, box = truck(0.6)
            return label, (np.array(box) + chance.normal(0, 0.006, 4)).tolist()

        for machine, danger in ((lambda t: truck(0.3 + 0.03 * t), True), (trembles, False)):
            press = hazard(polygon=ZONE, machines=("forklift",), active="moving")
            found = play(press, lambda t, at=machine: {5: person(0.5, 0.8), 9: at(t)}, 20)  # type: ignore[misc]
            assert ("hazard.person_in_zone" in kinds(found)) == danger

    def test_who_is_about_to_leave_when_a_machine_starts_was_in_danger(self) -> None:
        press = hazard(polygon=ZONE, machines=("forklift",), active="moving")
        found = play(
            press,
            lambda t: {
                9: truck(0.3 + 0.2 * max(t - 3, 0) ** 2),
                5: person(0.5 if t < 3.4 else 0.9, 0.8),
            },
            5,
        )
        assert kinds(found) == ["hazard.person_in_zone", "hazard.cleared"]
        assert found[0].time_ns / 1e9 == pytest.approx(3.2, abs=0.2)

    def test_who_comes_just_after_a_machine_has_stopped_is_in_no_danger(self) -> None:
        press = hazard(polygon=ZONE, machines=("forklift",), active="moving")
        found = play(
            press,
            lambda t: {9: truck(0.3 + 0.1 * min(t, 2)), 5: person(0.5 if t > 2.35 else 0.1, 0.8)},
            5,
        )
        assert found == []

    @pytest.mark.parametrize(("tremble", "danger"), [(0.006, True), (0.0, False)])
    def test_around_the_start_and_stop_of_what_trembles_a_moment_more_is_dangerous(
        self, tremble: float, danger: bool
    ) -> None:
        chance = np.random.default_rng(4)

        def drives(t: float) -> Any:  # from 3 s to 6 s
            label, box = truck(0.3 + 0.15 * min(max(t - 3, 0), 3))
            return label, (np.array(box) + chance.normal(0, tremble, 4)).tolist()

        press = hazard(polygon=ZONE, machines=("forklift",), active="moving")
        found = play(
            press,
            lambda t: {
                9: drives(t),
                5: person(0.5 if t < 2.85 else 0.1, 0.8),
                6: person(0.7 if t > 6.45 else 0.1, 0.8),
            },
            10,
        )
        told = {event.track for event in found if event.kind == "hazard.person_in_zone"}
        assert told == ({5, 6} if danger else set())

    def test_who_comes_back_within_a_moment_was_not_away(self) -> None:
        press = hazard(polygon=ZONE)
        found = play(press, lambda t: {} if 2 < t < 2.5 else {5: person(0.5, 0.8)}, 5)
        assert kinds(found) == ["hazard.person_in_zone"]

    def test_a_zone_may_only_say_where_to_look(self) -> None:
        press = hazard(polygon=ZONE, intrusion=False, run=1.5)
        assert play(press, lambda t: {5: person(0.5, 0.8)}, 3) == []


def test_closing_speed_is_told_and_alarms_before_they_meet() -> None:
    press = hazard(machines=("forklift",), closing_s=1.0)
    found = play(press, lambda t: {9: truck(0.1 + 0.1 * t), 5: person(0.75, 0.7)}, 6)
    alarm = next(event for event in found if event.kind == "hazard.closing")
    # The truck's near side is 0.1 before its middle, so they meet at 5.5 s.
    assert alarm.time_ns / 1e9 == pytest.approx(4.5, abs=0.3)
    assert alarm.data["closing"] == pytest.approx(0.1 / 0.3, rel=0.1)


class TestConduct:
    def test_who_falls_is_down_and_who_crouches_a_moment_is_not(self) -> None:
        def falls(t: float) -> Any:
            down = 2 < t < 8 if t < 20 else 22 < t < 22.6
            return {5: person(0.5, 0.7, 0.1, 0.3) if down else person(0.5, 0.7)}

        found = play(hazard(intrusion=False, down_s=1.0), falls, 30)
        assert kinds(found) == ["hazard.person_down", "hazard.cleared"]
        assert found[0].time_ns == pytest.approx(2.1e9, abs=2e8)
        assert found[1].data["for_s"] == pytest.approx(5.9, abs=0.3)

    def test_who_is_held_up_on_the_wrong_way_goes_wrong_once(self) -> None:
        def walks(t: float) -> Any:
            slow = min(max(t - 3, 0), 2)  # for two seconds, behind somebody
            return {5: person(0.9 - 0.06 * (t - slow) - 0.015 * slow, 0.7)}

        found = play(hazard(intrusion=False, way=(1, 0)), walks, 8)
        assert kinds(found) == ["hazard.wrong_way"]

    def test_who_falls_away_from_the_camera_is_down(self) -> None:
        def falls(t: float) -> Any:
            return {5: person(0.5, 0.7, 0.24 if t > 3 else 0.3)}

        assert kinds(play(hazard(intrusion=False, down_s=1.0), falls, 6)) == ["hazard.person_down"]

    def test_who_walks_away_and_grows_small_is_not(self) -> None:
        def walks(t: float) -> Any:
            tall = 0.5 / (1 + 0.15 * t)
            return {5: person(0.5, 0.2 + 1.4 * tall, tall, tall * 0.35)}

        assert play(hazard(intrusion=False, down_s=0.5), walks, 12) == []

    @pytest.mark.parametrize(("pace", "runs"), [(0.4, True), (1.2, False)])
    def test_running_is_told_by_heights_a_second(self, pace: float, runs: bool) -> None:
        found = play(
            hazard(intrusion=False, run=1.5),
            lambda t: {5: person(0.1 + t * 0.12 / pace, 0.7, 0.15)},
            2,
        )
        assert (kinds(found) == ["hazard.running"]) == runs

    def test_the_wrong_way_is_against_the_arrow(self) -> None:
        press = hazard(intrusion=False, way=(0, -1))
        found = play(
            press,
            lambda t: {5: person(0.3, 0.4 + 0.05 * t), 6: person(0.7, 0.9 - 0.05 * t)},
            5,
        )
        assert [(event.kind, event.track) for event in found] == [("hazard.wrong_way", 5)]

    def test_who_wears_no_helmet(self) -> None:
        def site(t: float) -> Any:
            return {5: person(0.3, 0.7), 6: person(0.7, 0.7), 16: (2, [0.68, 0.4, 0.72, 0.46])}

        found = play(hazard(intrusion=False, protection=("helmet",)), site, 3)
        assert [(event.kind, event.track) for event in found] == [("hazard.unprotected", 5)]


def test_a_restart_in_the_middle_of_a_danger_tells_it_once() -> None:
    def site(t: float) -> Any:
        return {5: person(0.5, 0.8), 9: truck(0.2 + 0.08 * t)}

    asked: Any = {"polygon": ZONE, "machines": ("forklift",), "active": "moving", "down_s": 1.0}
    whole = hazard(**asked)
    expected = kinds(play(whole, site, 6))
    first, second = hazard(**asked), hazard(**asked)
    found = kinds(play(first, site, 3))
    second.roster.restore(json.loads(json.dumps(first.roster.state())), True)
    second.restore(json.loads(json.dumps(first.state())))
    found += kinds(play(second, site, 6, 3.1))
    assert found == expected == ["hazard.person_in_zone"]
    assert second.summary()["exposed_s"] == pytest.approx(whole.summary()["exposed_s"], abs=0.3)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"active": "moving"}, "which classes are machines"),
        ({"closing_s": 2}, "needs machines"),
        ({"way": (0, 0)}, "points nowhere"),
        ({"polygon": ((0, 0), (1, 1))}, "at least 3 points"),
        ({"polygon": ((0, 0), (1, 1), (1, 0), (0, 1))}, "crosses itself"),
    ],
)
def test_what_cannot_be_meant_is_refused(more: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        HazardConfig(name="press", **more)


def test_a_class_that_the_model_does_not_know_is_named() -> None:
    with pytest.raises(ConfigError, match="'crane'"):
        hazard(machines=("crane",))


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(2, 80))
def test_who_lies_is_judged_alike_picture_by_picture_and_at_once(
    seed: int, people: int, pictures: int
) -> None:
    random = np.random.default_rng(seed)
    times, sights = [], []
    tall = random.uniform(0.2, 0.5, people)
    for number in range(pictures):
        slots = np.flatnonzero(random.random(people) < 0.9)
        down = random.random(len(slots)) < 0.2
        high = tall[slots] * np.where(down, random.uniform(0.2, 1, len(slots)), 1)
        low = random.uniform(0.6, 0.9, len(slots))
        left = random.uniform(0.2, 0.6, len(slots))
        wide = np.where(random.random(len(slots)) < 0.1, 0.4, 0.15)
        boxes = np.column_stack([left, low - high, left + wide, low])
        velocity = random.normal(0, 0.05, (len(slots), 2))
        sights.append(Sight(slots, boxes, velocity, random.random(len(slots)) < 0.9))
        times.append(number * 0.2)
    at_s = np.repeat(times, [len(one.slots) for one in sights])
    both = [np.concatenate([getattr(one, part) for one in sights])
            for part in ("slots", "boxes", "velocity", "whole")]  # fmt: skip
    each, at_once = Lying(), Lying()
    told = [each.judge(one, now_s, []) for one, now_s in zip(sights, times, strict=True)]
    assert at_once.judge_many(Sight(*both), at_s).tolist() == np.concatenate(told).tolist()
    assert at_once.state() == each.state()
