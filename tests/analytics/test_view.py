import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sightline.analytics.asking import ask, measured
from sightline.analytics.line import Line, LineConfig
from sightline.analytics.view import View, ViewConfig
from sightline.geometry.warp import numbers_of, warped_boxes
from sightline.results import Detections
from sightline.wire.messages import Event

USUAL = {"light": 0.5, "contrast": 0.2, "edges": 0.3, "same": 0.9, "steady": 0.95, "dx": 0.0,
         "dy": 0.0, "match": 0.9, "repeated": 0.0, "gain": 0.0}  # fmt: skip
COVERED = {"light": 0.2, "contrast": 0.03, "edges": 0.02, "same": 0.0, "match": 0.0}
DARK = {"light": 0.02, "contrast": 0.01, "edges": 0.01, "same": 0.2, "match": 0.2}
BLURRED = {"edges": 0.12, "contrast": 0.18}
MOVED = {"same": 0.2, "match": 0.8, "dx": 0.05, "dy": -0.03}
TURNED = {"same": 0.1, "match": 0.2}
FROZEN = {"repeated": 1.0}
NOTHING = Detections.empty(tracked=True)


def told(at: Any, seconds: float, view: View | None = None) -> list[Event]:
    """What is said of looks five times a second; `at` gives what is unusual at a second."""
    one, events = view or View(ViewConfig()), []
    for number in range(round(seconds * 5)):
        numbers = tuple({**USUAL, **at(number / 5)}.values())
        tracks = replace(NOTHING, probes={"view": numbers})
        events += one.update(tracks, number * 200_000_000)
    return events


def during(fault: dict[str, float], start_s: float = 5, end_s: float = 12) -> Any:
    return lambda t: fault if start_s <= t < end_s else {}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (COVERED, "covered"),
        (DARK, "dark"),
        (BLURRED, "blurred"),
        (MOVED, "moved"),
        (TURNED, "moved"),
        (FROZEN, "frozen"),
    ],
)
def test_a_fault_is_told_once_with_its_instant_and_its_end(
    fault: dict[str, float], kind: str
) -> None:
    begun, ended = told(during(fault), 20)
    assert (begun.kind, ended.kind) == (f"view.{kind}", "view.clear")
    assert begun.time_ns == 5e9
    assert ended.data["fault"] == kind
    assert ended.data["for_s"] == pytest.approx(6.8, abs=0.3)


def test_what_is_short_is_no_fault() -> None:
    assert told(lambda t: COVERED if 5 <= t < 6.5 else {}, 20) == []


def test_a_person_before_the_camera_or_a_lamp_that_is_switched_on_is_no_fault() -> None:
    def usual(t: float) -> dict[str, float]:
        if 5 <= t < 9:
            return {"same": 0.6, "contrast": 0.25, "edges": 0.28, "match": 0.6}
        return {"light": 0.7, "contrast": 0.24} if t > 12 else {}

    assert told(usual, 30) == []


def test_flicker_is_brightness_that_goes_to_and_fro_and_dusk_is_not() -> None:
    def flickers(t: float) -> dict[str, float]:
        return {"gain": 0.1 * (-1) ** round(t * 5)} if 5 <= t < 10 else {}

    assert [event.kind for event in told(flickers, 15)] == ["view.flicker", "view.clear"]
    assert told(lambda t: {"light": max(0.1, 0.5 - 0.01 * t), "gain": -0.02}, 35) == []


def test_a_camera_that_always_moves_is_not_told_to_have_moved() -> None:
    def drives(t: float) -> dict[str, float]:
        return {**TURNED, "steady": 0.9 if t % 10 < 4 else 0.2}

    assert told(lambda t: drives(t) if t > 3 else {}, 60) == []


def test_only_the_faults_asked_for() -> None:
    view = View(ViewConfig(faults=("dark",)))
    assert told(during(COVERED), 20, view) == []
    assert view.summary() == {"dark": 0, "invalid_s": 0}


class TestClock:
    def events(self, *times_s: float, view: View | None = None) -> list[tuple[str, float]]:
        view, found = view or View(ViewConfig()), []
        person = Detections(
            np.array([[0.4, 0.4, 0.5, 0.6]], np.float32),
            np.ones(1, np.float32),
            np.zeros(1, np.int32),
            np.array([7]),
        )
        for at in times_s:
            found += view.update(person, round(at * 1e9))
        return [(event.kind, event.data.get("ahead_s", 0)) for event in found]

    def test_a_clock_that_jumps_ahead_and_is_set_back(self) -> None:
        found = self.events(0, 1, 2, 93, 94, 95, 6, 7, 8, 9)
        assert found == [("view.clock", 90.0), ("view.clear", 0)]

    def test_a_gap_in_the_pictures_is_none_of_the_clock(self) -> None:
        assert self.events(0, 1, 2, 40, 41) == []

    def test_a_clock_that_goes_back_for_good(self) -> None:
        assert self.events(100, 101, 50, 51, 52) == [("view.clock", -52.0)]

    @pytest.mark.parametrize(
        ("before", "after", "right"),
        [
            pytest.param((0, 1, 2, 93, 94), (100, 101), False, id="ahead, and still"),
            pytest.param((0, 1, 2, 93, 94), (10, 11), True, id="ahead, set back"),
            pytest.param((100, 101, 50, 51), (60, 61), False, id="behind, and still"),
            pytest.param((100, 101, 50, 51), (109, 110), True, id="behind, set ahead"),
            pytest.param((0, 1, 2, 93, 94), (300, 301), True, id="off for longer than a minute"),
            pytest.param((0, 1, 2), (10, 11), True, id="never wrong"),
            pytest.param((100, 101, 102), (0, 1), True, id="a film that begins anew"),
        ],
    )
    def test_a_wrong_clock_is_still_wrong_after_a_restart(
        self, before: tuple[float, ...], after: tuple[float, ...], right: bool
    ) -> None:
        view, again = View(ViewConfig()), View(ViewConfig())
        was_wrong = self.events(*before, view=view) != []
        assert view.valid is not was_wrong
        again.restore(json.loads(json.dumps(view.state())))
        found = self.events(*after, view=again)
        assert found == ([("view.clear", 0)] if was_wrong and right else [])
        assert again.valid is right
        assert again.state()["counts"] == view.state()["counts"]

    def test_the_share_of_time_that_counts_goes_on_as_well(self) -> None:
        view, again = View(ViewConfig()), View(ViewConfig())
        self.events(0, 10, 20, 30, 40, 130, 140, 150, view=view)
        blind = view.invalid
        assert blind == pytest.approx(20 / 60)
        again.restore(json.loads(json.dumps(view.state())))
        self.events(155, 160, 170, view=again)
        assert again.invalid == pytest.approx(40 / 80)
        self.events(100, 110, view=again)
        assert again.invalid < 40 / 80


class TestOthers:
    """What other analytics say while the view is at fault."""

    def run(self, fault: dict[str, float], shift: float = 0.0, seconds: float = 24) -> Any:
        view = View(ViewConfig())
        line = Line(LineConfig(name="door", points=((0.5, 0.0), (0.5, 1.0))), ["person"])
        found = []
        for number in range(round(seconds * 5)):
            t = number / 5
            odd = dict(fault) if 6 <= t < 16 else {}
            if "gain" in odd:  # brighter and darker from look to look
                odd["gain"] *= (-1) ** number
            # Somebody walks to and fro over the line, every four seconds once.
            x = 0.5 + 0.3 * np.cos(t * np.pi / 4) + (shift if odd else 0)
            tracks = Detections(
                np.array([[x - 0.02, 0.5, x + 0.02, 0.7]], np.float32),
                np.ones(1, np.float32),
                np.zeros(1, np.int32),
                np.array([1]),
                probes={"view": tuple({**USUAL, **odd}.values())},
            )
            found += ask([view, line], tracks, number * 200_000_000)
        crossed = [event for event in found if event.kind == "line.crossed"]
        return view, line, crossed, measured([view, line])

    def test_events_are_marked_and_measures_tell_the_share(self) -> None:
        view, _, crossed, measures = self.run(COVERED)
        valid = [(round(e.time_ns / 1e9), e.data.get("valid", True)) for e in crossed]
        assert valid == [(2, True), (6, True), (10, False), (14, False), (18, True), (22, True)]
        assert not any("valid" in event.data and event.time_ns < 6e9 for event in crossed)
        # Ten seconds of twenty-four, those before it was sure among them.
        assert all(m.data["invalid"] == pytest.approx(0.41, abs=0.02) for m in measures)
        assert view.summary()["invalid_s"] == pytest.approx(10, abs=0.5)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (COVERED, "covered"),
            (DARK, "dark"),
            (BLURRED, "blurred"),
            (TURNED, "moved"),
            (FROZEN, "frozen"),
            ({"gain": 0.1}, "flicker"),
        ],
    )
    def test_whatever_blinds_it_is_an_event_and_marks_what_is_said_then(
        self, fault: dict[str, float], kind: str
    ) -> None:
        view, _, crossed, measures = self.run(fault)
        assert view.summary()[kind] == 1
        assert [e.time_ns > 1.2e10 and e.time_ns < 1.6e10 for e in crossed].count(True) == 1
        for event in crossed:
            if 1.2e10 < event.time_ns < 1.6e10:
                assert event.data["valid"] is False
        assert all(0.3 < m.data["invalid"] < 0.5 for m in measures)

    def test_a_small_move_is_put_right_and_stays_valid(self) -> None:
        moved = {**MOVED, "dx": 0.25, "dy": 0.0}
        _, line, crossed, measures = self.run(moved, shift=0.25)
        _, still, expected, _ = self.run({})
        assert [(e.time_ns, e.data) for e in crossed] == [(e.time_ns, e.data) for e in expected]
        assert line.summary() == still.summary() == {"in": 3, "out": 3}
        assert not any("invalid" in one.data for one in measures)

    def test_a_view_that_was_knocked_askew_is_put_right(self) -> None:
        matrix = np.array([[1.03, 0.05, -0.02], [-0.16, 1.04, 0.08], [0.02, 0.01, 1.0]])
        view = View(ViewConfig())
        numbers = (*{**USUAL, **MOVED}.values(), *numbers_of(matrix))
        box = np.array([[0.3, 0.2, 0.4, 0.6]])
        seen = Detections(
            warped_boxes(matrix, box).astype(np.float32), np.ones(1, np.float32),
            np.zeros(1, np.int32), np.array([7]),
        )  # fmt: skip
        events = []
        for number in range(60):
            told = numbers if number >= 20 else tuple(USUAL.values())
            events += view.update(replace(seen, probes={"view": told}), number * 200_000_000)
        (moved,) = events
        assert moved.kind == "view.moved"
        assert moved.data["registered"]
        assert moved.data["sure"] == pytest.approx(numbers[7])
        assert moved.data["matrix"] == pytest.approx(numbers_of(matrix))
        assert view.valid
        assert view.registered(seen).boxes == pytest.approx(box, abs=0.01)

    def test_without_realignment_it_is_marked(self) -> None:
        view = View(ViewConfig(realign=False))
        [begun, _] = told(during(MOVED), 20, view)
        assert begun.data == {"registered": False}
        assert view.summary()["invalid_s"] > 4


def test_counts_go_on_after_a_restart() -> None:
    view = View(ViewConfig())
    told(during(COVERED), 20, view)
    again = View(ViewConfig())
    again.restore(json.loads(json.dumps(view.state())))
    told(during(COVERED), 20, again)
    assert again.summary()["covered"] == 2


def test_where_no_probe_looks_nothing_is_said() -> None:
    view = View(ViewConfig())
    assert view.update(NOTHING, 0) == []
    assert view.summary() == {}
    assert view.measures() == ()
    assert view.valid
