import json
from pathlib import Path

import numpy as np
import pytest

from sightline.results import Detections
from sightline.results.coco import category_ids
from sightline.wire.formats.coco import CocoWriter
from sightline.wire.formats.sink import Sink
from sightline.wire.messages import Event, Header

ONE = Detections(
    np.array([[0.1, 0.25, 0.6, 0.75]], np.float32),
    np.array([0.875], np.float32),
    np.array([1], np.int32),
)
HEADER = Header("shop", "", 200, 100, ("person", "dog"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.json"


def test_a_result_is_in_pixels_with_coco_s_ids(path: Path) -> None:
    writer = CocoWriter(Sink.open(path))
    writer.header(HEADER)
    writer.frame(ONE, HEADER.labels, 7, 0)
    writer.close()
    assert json.loads(path.read_bytes()) == [
        {"image_id": 7, "category_id": 18, "bbox": [20.0, 25.0, 100.0, 50.0], "score": 0.875}
    ]


@pytest.mark.parametrize(
    ("name", "image_id"),
    [
        ("000000000139.jpg", 139),
        ("COCO_val2014_000000000042.jpg", 42),
        ("12/frame 3.png", 3),
        ("door.jpg", 7),
        ("", 7),
    ],
)
def test_a_picture_is_known_by_the_number_in_its_name(path: Path, name: str, image_id: int) -> None:
    writer = CocoWriter(Sink.open(path))
    writer.header(HEADER)
    writer.frame(ONE, HEADER.labels, 7, 0, name=name)
    writer.close()
    assert json.loads(path.read_bytes())[0]["image_id"] == image_id


def test_the_file_is_valid_json_at_every_moment(path: Path) -> None:
    writer = CocoWriter(Sink.open(path))
    assert json.loads(path.read_bytes()) == []
    writer.header(HEADER)
    writer.frame(Detections.empty(), HEADER.labels, 0, 0)
    assert json.loads(path.read_bytes()) == []
    for i in range(3):
        writer.frame(ONE[[0, 0]], HEADER.labels, i, 0)
        writer.event(Event("source.lost", 0))
        assert len(json.loads(path.read_bytes())) == 2 * (i + 1)
    writer.close()


@pytest.mark.parametrize(
    ("labels", "ids"),
    [
        (("person", "bicycle", "car"), (1, 2, 3)),
        (("toothbrush", "tv", "street sign"), (1, 2, 3)),
        (("toothbrush", "tv", "oven"), (90, 72, 79)),
        (("tvmonitor", "sofa", "motorbike", "aeroplane"), (72, 63, 4, 5)),
        (("pottedplant", "diningtable", "toilet"), (64, 67, 70)),
        (("trolley", "person"), (1, 2)),
        ((), ()),
    ],
)
def test_category_ids(labels: tuple[str, ...], ids: tuple[int, ...]) -> None:
    assert category_ids(labels) == ids


def test_all_eighty_classes_are_known(data: Path) -> None:
    labels = tuple((data / "models" / "coco_classes.txt").read_text().split("\n")[:80])
    ids = category_ids(labels)
    assert ids == tuple(sorted(ids))
    assert ids[-1] == 90
