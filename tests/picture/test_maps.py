from pathlib import Path

import numpy as np
import pytest

from sightline.picture.maps import directions, warmth
from sightline.picture.png import png


def test_a_png_is_what_others_read(tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    picture = np.random.default_rng(1).integers(0, 256, (17, 23, 3), dtype=np.uint8)
    path = tmp_path / "a.png"
    path.write_bytes(png(picture))
    assert (cv2.imread(str(path))[:, :, ::-1] == picture).all()


def test_warmer_is_brighter_and_nothing_is_dark() -> None:
    drawn = warmth(np.array([[0.0, 1.0, 4.0, 16.0]]), cell=2).astype(int).sum(axis=2)
    assert drawn.shape == (2, 8)
    assert (np.diff(drawn[0, ::2]) > 0).all()
    assert warmth(np.zeros((2, 2)), cell=1).max() < 60


def test_ways_have_colours_of_their_own() -> None:
    flow = np.array([[[1, 0], [-1, 0], [0, 1], [0, -1], [0, 0]]], float)
    right, left, down, up, none = directions(flow, cell=1)[0].tolist()
    assert right == [255, 0, 0]
    assert left == [0, 255, 255]
    assert len({tuple(c) for c in (right, left, down, up)}) == 4
    assert none == [0, 0, 0]
