"""Labels as text: what a line may say."""

from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.tuning.truth.yolo import read_yolo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / name), np.zeros((50, 100, 3), np.uint8))
    return tmp_path


def test_fractions_become_pixels(folder: Path) -> None:
    (folder / "a.txt").write_text("1 0.5 0.5 0.2 0.4\n\n")
    truth = read_yolo(folder, folder, ("cat", "dog"))
    assert truth.pictures[folder / "a.png"].boxes == pytest.approx(np.array([[40, 15, 60, 35]]))
    assert truth.pictures[folder / "a.png"].labels.tolist() == [1]
    assert len(truth.pictures[folder / "b.png"].labels) == 0


def test_names_beside_the_labels_go_first(folder: Path) -> None:
    (folder / "a.txt").write_text("2 0.5 0.5 0.2 0.4\n")
    (folder / "classes.txt").write_text("x\ny\nz\n")
    assert read_yolo(folder, folder, ("cat",)).names == ("x", "y", "z")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0 0.5 0.5 0.2", "line 1: expected a class and four fractions"),
        ("0 0.5 0.5 0.2 0.4\nperson 0 0 1 1", "line 2: expected"),
        ("7 0.5 0.5 0.2 0.4", "line 1: class 7, but there are 2"),
        ("0.5 0.5 0.5 0.2 0.4", "line 1: expected"),
        ("0 nan 0.5 0.2 0.4", "line 1: expected"),
    ],
)
def test_the_line_that_is_wrong_is_named(folder: Path, text: str, told: str) -> None:
    (folder / "a.txt").write_text(text)
    with pytest.raises(InputError, match=told):
        read_yolo(folder, folder, ("cat", "dog"))


def test_labels_of_other_pictures(folder: Path) -> None:
    (folder / "c.txt").write_text("0 0.5 0.5 0.2 0.4\n")
    with pytest.raises(InputError, match="no label file there belongs to a picture"):
        read_yolo(folder, folder, ("cat",))


@given(st.binary(max_size=80))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("junk")
    cv2.imwrite(str(folder / "a.png"), np.zeros((8, 8, 3), np.uint8))
    (folder / "a.txt").write_bytes(junk)
    with suppress(InputError):
        read_yolo(folder, folder, ("cat",))
