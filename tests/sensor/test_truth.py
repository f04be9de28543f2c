from typing import Any

import numpy as np
import pytest

from sightline.errors import ConfigError, InputError
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.sensor.base import Capture
from sightline.sensor.truth import LABELS, TruthSensor, parse_truth, shown_of

PICTURE = RgbPicture(np.zeros((9, 16, 3), np.uint8))


def thing(number: int, x: float, label: str = "person", **more: Any) -> dict[str, Any]:
    box = [x, 0.2, x + 0.1, 0.6]
    return {"id": number, "label": label, "box": box, "foot": [x, 0.6], "visible": 1.0, **more}


def captures(truths: list[Any], keys: str = "") -> list[Capture]:
    frames = [Frame(PICTURE, n * 100_000_000, n, truth=one) for n, one in enumerate(truths)]
    sensor = TruthSensor(frames, parse_truth(f"truth?{keys}" if keys else "truth"))
    return [item for item in sensor.captures() if isinstance(item, Capture)]


def test_it_puts_out_what_is_there() -> None:
    [capture] = captures([{"objects": [thing(7, 0.1), thing(9, 0.5, "forklift")]}])
    boxes, scores, labels, tracks = capture.tensors
    assert boxes.tolist() == [
        pytest.approx([0.1, 0.2, 0.2, 0.6]),
        pytest.approx([0.5, 0.2, 0.6, 0.6]),
    ]
    assert scores.tolist() == [1, 1]
    assert [LABELS[label] for label in labels] == ["person", "forklift"]
    assert tracks.tolist() == [7, 9]


def test_a_helmet_sits_on_the_head_of_its_wearer() -> None:
    [capture] = captures([{"objects": [thing(7, 0.1, helmet=True), thing(8, 0.5, helmet=False)]}])
    boxes, _, labels, tracks = capture.tensors
    assert [LABELS[label] for label in labels] == ["person", "helmet", "person"]
    assert boxes[1, 1] == pytest.approx(0.2)
    assert boxes[1, 3] < 0.3
    assert len(set(tracks.tolist())) == 3


def test_hidden_objects_are_found_unless_asked_otherwise() -> None:
    truth = {"objects": [thing(1, 0.1, visible=0.05), thing(2, 0.5, visible=0.5)]}
    assert len(captures([truth])[0].tensors[0]) == 2
    assert captures([truth], "hidden=0.2")[0].tensors[3].tolist() == [2]


def test_trouble_is_of_the_amount_that_was_asked_for_and_the_same_again() -> None:
    film = [{"objects": [thing(n, n / 10) for n in range(1, 9)]} for _ in range(300)]
    found, again = (captures(film, "miss=0.2&jitter=0.05&split=0.5") for _ in range(2))
    for one, other in zip(found, again, strict=True):
        assert all((a == b).all() for a, b in zip(one.tensors, other.tensors, strict=True))
    seen = sum(len(one.tensors[0]) for one in found)
    assert seen / 2400 == pytest.approx(0.8, abs=0.03)
    tops = np.concatenate([one.tensors[0][:, 1] for one in found])
    assert tops.std() == pytest.approx(0.05 * 0.4, rel=0.1)
    identities = {int(track) for one in found for track in one.tensors[3]}
    assert len(identities) == pytest.approx(8 + 8 * 0.5 * 30, rel=0.25)


def test_a_blind_camera_finds_nothing_and_a_moved_one_things_elsewhere() -> None:
    objects, there = [thing(1, 0.1)], [thing(1, 0.15)]
    assert shown_of({"objects": objects}) == objects
    assert shown_of({"objects": objects, "view": {"faults": ["dark"], "shown": []}}) == []
    assert shown_of({"objects": objects, "view": {"faults": ["moved"], "shown": there}}) == there
    assert shown_of({"objects": objects, "view": {"faults": ["flicker"]}}) == objects


def test_pictures_without_truth_are_refused() -> None:
    with pytest.raises(InputError, match="only rendered scenes"):
        captures([None])


@pytest.mark.parametrize("keys", ["miss=2", "miss=x", "split=-1", "colour=red", "miss"])
def test_a_wrong_key_or_value_is_named(keys: str) -> None:
    with pytest.raises(ConfigError, match="truth"):
        parse_truth(f"truth?{keys}")
