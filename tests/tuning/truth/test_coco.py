"""COCO's annotations: read, and refused by file and field."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.tuning.truth.coco import read_coco

PAGE: dict[str, Any] = {
    "images": [{"id": 5, "file_name": "a.jpg"}, {"id": 6, "file_name": "b.jpg"}],
    "annotations": [
        {"image_id": 5, "category_id": 44, "bbox": [1, 2, 3, 4], "area": 5.5},
        {"image_id": 5, "category_id": 44, "bbox": [0, 0, 9, 9], "iscrowd": 1},
    ],
    "categories": [{"id": 1, "name": "person"}, {"id": 44, "name": "bottle"}],
}


def written(folder: Path, page: object) -> Path:
    for name in ("a.jpg", "b.jpg"):
        (folder / name).touch()
    path = folder / "truth.json"
    path.write_text(json.dumps(page))
    return path


def test_boxes_areas_and_crowds(tmp_path: Path) -> None:
    truth = read_coco(written(tmp_path, PAGE), tmp_path)
    assert truth.names == ("person", "bottle")
    objects = truth.pictures[tmp_path / "a.jpg"]
    assert objects.boxes.tolist() == [[1, 2, 4, 6], [0, 0, 9, 9]]
    assert objects.labels.tolist() == [1, 1]
    assert objects.areas.tolist() == [5.5, 81]
    assert objects.crowd.tolist() == [False, True]
    assert len(truth.pictures[tmp_path / "b.jpg"].labels) == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"images": []}, "images: is empty"),
        ({"annotations": [{"image_id": 5, "category_id": 2, "bbox": [0, 0, 1, 1]}]},
         r"annotations\[0\]\.category_id: there is no category 2"),
        ({"annotations": [{"image_id": 9, "category_id": 1, "bbox": [0, 0, 1, 1]}]},
         r"annotations\[0\]\.image_id: there is no image 9"),
        ({"annotations": [{"image_id": 5, "category_id": 1, "bbox": [0, 0, 1]}]}, "bbox"),
        ({"categories": "many"}, "categories"),
    ],
)  # fmt: skip
def test_the_field_that_is_wrong_is_named(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read_coco(written(tmp_path, {**PAGE, **change}), tmp_path)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.mktemp("junk") / "truth.json"
    path.write_bytes(junk)
    with pytest.raises(InputError):
        read_coco(path, path.parent)
