from typing import Any

import pytest

from sightline.source.base import SourceConfig
from sightline.source.rendering.truth import truth_counts
from sightline.source.scene import SceneSource

LINE = {"door": (0.2, 0.5, 0.8, 0.5)}  # walking along it, "in" is downwards
ZONE = {"shelf": ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))}
BELOW = {"below": ((0.2, 0.5), (0.8, 0.5), (0.8, 0.9), (0.2, 0.9))}
S = 1_000_000_000


def walk(*feet: tuple[float, float] | None, number: int = 1) -> list[tuple[int, Any]]:
    """One person, one step a second; None is out of the picture."""
    return [
        (
            i * S,
            {
                "objects": [
                    {
                        "id": number,
                        "label": "person",
                        "foot": list(foot),
                        "visible": 1.0,
                        "box": [foot[0] - 0.05, foot[1] - 0.3, foot[0] + 0.05, foot[1]],
                    }
                    for foot in (at,)
                    if foot
                ]
            },
        )
        for i, at in enumerate(feet)
    ]


@pytest.mark.parametrize(
    ("feet", "counted"),
    [
        ([(0.5, 0.4), (0.5, 0.6)], (1, 0)),
        ([(0.5, 0.6), (0.5, 0.4)], (0, 1)),
        ([(0.9, 0.4), (0.9, 0.6)], (0, 0)),
        ([(0.5, 0.4), (0.5, 0.6), (0.5, 0.4)], (1, 1)),
        ([(0.5, 0.4), None, (0.5, 0.6)], (0, 0)),
        ([(0.5, 0.4), (0.5, 0.5), (0.5, 0.6)], (1, 0)),
    ],
)
def test_a_foot_that_changes_sides_crosses(feet: list[Any], counted: tuple[int, int]) -> None:
    counts = truth_counts(walk(*feet), LINE, {})["lines"]["door"]
    assert (counts["in"], counts["out"]) == counted


def test_visits_are_entered_left_and_timed() -> None:
    feet = [(0.1, 0.4), (0.3, 0.4), (0.4, 0.4), (0.5, 0.4), (0.7, 0.4)]
    counts = truth_counts(walk(*feet), {}, ZONE)["zones"]["shelf"]
    assert counts == {
        **{"entries": 1, "exits": 1, "visits": 1, "peak": 1},
        **{"mean": 0.75, "dwell_s": 3.0},
    }


def test_who_appears_inside_visits_but_has_not_entered() -> None:
    counts = truth_counts(walk((0.4, 0.4), (0.4, 0.4), None), {}, ZONE)["zones"]["shelf"]
    assert (counts["entries"], counts["exits"], counts["visits"]) == (0, 0, 1)
    assert counts["dwell_s"] == 2.0


@pytest.mark.parametrize(
    ("feet", "counted"),
    [
        ([(0.5, 0.4), (0.5, 0.51), (0.5, 0.52), (0.5, 0.49)], (0, 0)),  # a step, and back
        ([(0.5, 0.4), (0.5, 0.51), (0.5, 0.54)], (1, 0)),  # clear by a tenth of the height
        ([(0.5, 0.4), (0.5, 0.51), (0.5, 0.52)], (1, 0)),  # not clear, and it ends
        ([(0.5, 0.4), (0.5, 0.51), None], (1, 0)),
    ],
)
def test_with_hysteresis_who_steps_over_and_back_has_not_crossed(
    feet: list[Any], counted: tuple[int, int]
) -> None:
    truth = truth_counts(walk(*feet), LINE, BELOW, hysteresis={"door": 0.1, "below": 0.1})
    line, zone = truth["lines"]["door"], truth["zones"]["below"]
    assert (line["in"], line["out"]) == counted
    assert (zone["entries"], zone["exits"]) == counted


def test_an_entry_counts_from_when_the_boundary_was_crossed() -> None:
    feet = [(0.5, 0.4), (0.5, 0.51), (0.5, 0.52), (0.5, 0.7), (0.5, 0.7)]
    counts = truth_counts(walk(*feet), {}, BELOW, hysteresis={"below": 0.1})["zones"]["below"]
    assert (counts["dwell_s"], counts["mean"]) == (3.0, 0.75)


def test_only_the_label_that_is_asked_for_counts() -> None:
    frames = walk((0.5, 0.4), (0.5, 0.6))
    assert truth_counts(frames, LINE, {}, label="trolley")["lines"]["door"]["in"] == 0
    assert truth_counts(frames, LINE, {})["tracks"] == {"person": 1}


def test_an_empty_recording_counts_nothing() -> None:
    assert truth_counts([], LINE, ZONE)["zones"]["shelf"]["mean"] == 0.0


@pytest.mark.parametrize("seed", [7])
def test_the_boxes_of_a_scene_give_the_counts_of_its_feet(seed: int) -> None:
    uri = f"scene:?size=96x64&seconds=25&fps=5&seed={seed}"
    source = SceneSource(SourceConfig(uri=uri))
    frames = [(f.time_ns, f.truth) for f in source.frames() if hasattr(f, "truth")]
    by_box = [
        (
            time_ns,
            {
                "objects": [
                    {**item, "foot": [(item["box"][0] + item["box"][2]) / 2, item["box"][3]]}
                    for item in truth["objects"]  # type: ignore[index]
                ]
            },
        )
        for time_ns, truth in frames
    ]
    feet, boxes = (
        truth_counts(f, source.place.lines, source.place.zones) for f in (frames, by_box)
    )
    for way in ("in", "out"):
        assert feet["lines"]["entrance"][way] > 1
        assert abs(feet["lines"]["entrance"][way] - boxes["lines"]["entrance"][way]) <= 1
    mean = "mean"
    shelf = "shelf-front"
    assert feet["zones"][shelf][mean] == pytest.approx(boxes["zones"][shelf][mean], abs=0.15)
