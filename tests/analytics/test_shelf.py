import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sightline.analytics.shelf import Shelf, ShelfConfig
from sightline.results import Detections
from sightline.wire.messages import Event

FRONT = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
LABELS = ["person", "milk", "tea"]


def shelf(**more: Any) -> Shelf:
    tree = {"name": "s", "polygon": FRONT, "rows": 2, "columns": 3, **more}
    return Shelf(ShelfConfig.model_validate(tree), LABELS)


def scene(*boxes: tuple[int, list[float]]) -> Detections:
    return Detections(
        np.array([box for _, box in boxes], np.float32).reshape(-1, 4),
        np.ones(len(boxes), np.float32),
        np.array([label for label, _ in boxes], np.int32),
        np.arange(1, len(boxes) + 1),
    )


def play(one: Shelf, at: Any, until_s: float, from_s: float = 0) -> list[Event]:
    """Twice a second: `at` gives (fills, strays, boxes)."""
    events: list[Event] = []
    for number in range(round(from_s * 2), round(until_s * 2)):
        fills, strays, boxes = at(number / 2)
        seen = scene(*boxes)
        if fills is not None:
            numbers = tuple(map(float, [*fills, *strays]))
            seen = Detections(
                seen.boxes, seen.scores, seen.labels, seen.track_ids, probes={"shelf.s": numbers}
            )
        events += one.update(seen, number * 500_000_000)
    return events


NONE = [0.0] * 6


def emptied(t: float) -> Any:
    return [1, 1, 1, 1, 0 if 10 <= t < 30 else 1, 1], NONE, []


def test_a_cell_goes_out_of_stock_and_is_filled_again() -> None:
    one = shelf()
    out, back = play(one, emptied, 40)
    assert (out.kind, back.kind) == ("shelf.out_of_stock", "shelf.restocked")
    assert (out.time_ns, back.time_ns) == (10e9, 30e9)
    assert out.data == {"cell": [1, 1]}
    assert back.data == {"cell": [1, 1], "out_s": 20}
    assert out.place == pytest.approx((0.5, 0.65))
    summary = one.summary()
    assert summary["out_of_stock"] == 1
    assert summary["restock_s"] == 20
    assert summary["available"] == pytest.approx(1 - 20 / (6 * 39.5), abs=1e-4)
    late = shelf()
    play(late, emptied, 10.5)
    assert late.summary()["available"] == 1  # not sure yet
    play(late, emptied, 35, from_s=10.5)
    assert late.summary()["available"] == pytest.approx(1 - 20 / (6 * 34.5), abs=1e-4)
    assert summary["fill"] == pytest.approx(1, abs=0.01)


def test_a_moment_of_emptiness_is_nothing() -> None:
    assert play(shelf(), lambda t: ([1, 1, 1, 1, 0 if t == 10 else 1, 1], NONE, []), 30) == []


def test_who_stands_before_a_cell_hides_it_and_no_more() -> None:
    before = (0, [0.42, 0.3, 0.55, 1.0])

    def passes(t: float) -> Any:
        hidden = 5 <= t < 25
        return [0 if t >= 10 else 1, 1, 1, 1, 0 if hidden else 1, 1], NONE, [before] * hidden

    [event] = play(shelf(), passes, 40)
    assert event.data["cell"] == [0, 0]


def test_what_became_empty_behind_somebody_is_told_when_they_have_gone() -> None:
    def takes(t: float) -> Any:
        there = 5 <= t < 15
        return [1, 1, 1, 1, 0 if t >= 8 else 1, 1], NONE, [(0, [0.42, 0.3, 0.55, 1.0])] * there

    [event] = play(shelf(), takes, 30)
    assert event.time_ns == 15e9


def test_what_belongs_elsewhere_is_misplaced_until_it_is_gone() -> None:
    found = play(shelf(), lambda t: ([1] * 6, [0, 0.25 if 5 <= t < 20 else 0, *[0] * 4], []), 30)
    assert [(e.kind, e.data["cell"]) for e in found] == [
        ("shelf.misplaced", [0, 1]),
        ("shelf.tidied", [0, 1]),
    ]


class TestByDetections:
    def at(self, t: float) -> Any:
        here = [(1, [x, 0.3, x + 0.04, 0.45]) for x in (0.22, 0.27, 0.32)]
        there = [(2, [0.45, 0.6, 0.49, 0.75])] if t < 10 else [(1, [0.45, 0.6, 0.49, 0.75])]
        return None, None, [*here, *there]

    def test_products_are_counted_by_cell(self) -> None:
        one = shelf(by="detections", full=3)
        play(one, self.at, 5)
        measure, *counts = one.measures()
        assert {m.data["direction"]: m.value for m in counts} == {
            what: one.summary()[what]
            for what in ("out_of_stock", "misplaced")
            if one.summary()[what]
        }
        assert all(m.kind == "shelf.count" and m.data["low"] <= m.value for m in counts)
        again = shelf(by="detections", full=3)
        again.restore(json.loads(json.dumps(one.state())))
        assert again.bounds() == one.bounds() != {}
        cells = measure.data["cells"]
        assert cells == [1, 0, 0, 0, pytest.approx(1 / 3, abs=0.01), 0]

    def test_the_plan_says_what_belongs_where(self) -> None:
        one = shelf(by="detections", full=3, plan=(("milk", "", ""), ("", "tea", "")))
        found = play(one, self.at, 20)
        wrong = [event for event in found if event.kind == "shelf.misplaced"]
        assert [(e.data["cell"], e.time_ns) for e in wrong] == [([1, 1], 10e9)]


def test_a_restart_forgets_no_empty_cell() -> None:
    first, second = shelf(), shelf()
    [out] = play(first, emptied, 20)
    second.roster.restore(json.loads(json.dumps(first.roster.state())), True)
    second.restore(json.loads(json.dumps(first.state())))
    [back] = play(second, emptied, 40, 20)
    assert (out.kind, back.kind) == ("shelf.out_of_stock", "shelf.restocked")
    assert back.data["out_s"] == 20


def test_without_numbers_nothing_is_known() -> None:
    one = shelf()
    assert play(one, lambda t: (None, None, []), 5) == []
    assert one.measures() == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"polygon": ((0, 0), (1, 1), (1, 0), (0, 1))}, "crosses itself"),
        ({"plan": (("milk",),)}, "2 x 3 names"),
        ({"rows": 0}, "rows"),
    ],
)
def test_what_cannot_be_meant_is_refused(more: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        shelf(**more)
