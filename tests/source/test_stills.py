"""Films in files, and heaps of pictures."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from sightline.source import SourceConfig, open_source
from sightline.source.stills import unrelated


def write(folder: Path, names: Sequence[str], sizes: Sequence[int] = (24,)) -> list[Path]:
    paths = [folder / name for name in names]
    for place, path in enumerate(paths):
        size = sizes[place % len(sizes)]
        cv2.imwrite(str(path), np.full((size, 32, 3), 99, np.uint8))
    return paths


@pytest.mark.parametrize(
    ("names", "sizes", "stills"),
    [
        pytest.param(["one.jpg"], [24], True, id="one alone"),
        pytest.param(["000001.jpg", "000002.jpg", "000003.jpg"], [24], False, id="numbered"),
        pytest.param(["shot5.png", "shot10.png", "shot15.png"], [24], False, id="every fifth"),
        pytest.param(["a1_cam2.png", "a1_cam3.png"], [24], False, id="the last number counts"),
        pytest.param(["000139.jpg", "000802.jpg", "011813.jpg"], [24], True, id="uneven"),
        pytest.param(["img1.png", "img2.png", "img3.png"], [24, 30], True, id="sizes differ"),
        pytest.param(["cat.png", "dog.png"], [24], True, id="no numbers"),
        pytest.param(["cat1.png", "dog2.png"], [24], True, id="other names"),
        pytest.param(["img1.png", "img2.jpg"], [24], True, id="other kinds"),
    ],
)
def test_how_they_look(tmp_path: Path, names: list[str], sizes: list[int], stills: bool) -> None:
    assert unrelated(write(tmp_path, names, sizes)) is stills


def test_a_damaged_picture_makes_no_film_a_heap(tmp_path: Path) -> None:
    paths = write(tmp_path, ["f1.jpg", "f2.jpg", "f3.jpg"])
    paths[1].write_bytes(b"nothing")
    assert not unrelated(paths)
    paths[1].unlink()
    assert not unrelated(paths)


@pytest.mark.parametrize(
    ("keys", "stills"),
    [
        ({}, True),
        ({"fps": 5}, False),
        ({"stills": False}, False),
        ({"fps": 5, "stills": True}, True),
    ],
)
def test_what_is_said_goes_before(tmp_path: Path, keys: dict[str, float], stills: bool) -> None:
    write(tmp_path, ["cat.png", "dog.png"])
    with open_source(SourceConfig.model_validate({"uri": str(tmp_path), **keys})) as source:
        assert source.info.stills is stills
