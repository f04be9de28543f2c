"""Folders, globs and single images."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

Read = Callable[..., tuple[list[Frame], list[Event]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images whose grey tells their number, sizes all different."""
    for number, name in [(2, "shot2.png"), (10, "shot10.png"), (1, "shot1.jpg")]:
        image = np.full((20 + number, 30 + number, 3), number * 20, np.uint8)
        cv2.imwrite(str(tmp_path / name), image)
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / ".hidden.png").write_bytes(b"")
    return tmp_path


def greys(frames: list[Frame]) -> list[int]:
    return [round(float(frame.picture.rgb().mean())) for frame in frames]


def test_in_the_order_in_which_a_person_counts(folder: Path, read: Read) -> None:
    frames, events = read(folder)
    assert greys(frames) == [20, 40, 200]
    assert [frame.time_ns for frame in frames] == [0, 40_000_000, 80_000_000]
    assert [(event.kind, event.data) for event in events] == [("source.ended", {"pictures": 3})]


def test_a_glob(folder: Path, read: Read) -> None:
    assert greys(read(folder / "*.png")[0]) == [40, 200]
    (folder / "deep").mkdir()
    (folder / "shot1.jpg").rename(folder / "deep" / "shot1.jpg")
    assert greys(read(folder / "**" / "shot1*")[0]) == [20, 200]


def test_one_image(folder: Path, read: Read) -> None:
    frames, _ = read(folder / "shot10.png")
    assert (frames[0].picture.width, frames[0].picture.height) == (40, 30)


def test_a_rate_sets_them_apart_instead_of_leaving_some_out(folder: Path, read: Read) -> None:
    frames, _ = read(folder, fps=2)
    assert [frame.time_ns for frame in frames] == [0, 500_000_000, 1_000_000_000]


def test_colours_are_red_green_and_blue(tmp_path: Path, read: Read) -> None:
    cv2.imwrite(str(tmp_path / "blue.png"), np.full((8, 8, 3), (255, 0, 0), np.uint8))
    assert read(tmp_path)[0][0].picture.rgb()[0, 0].tolist() == [0, 0, 255]


@pytest.mark.parametrize(
    "image",
    [
        np.full((8, 8), 100, np.uint8),
        np.full((8, 8, 4), 100, np.uint8),
        np.full((8, 8, 3), 100 * 257, np.uint16),
    ],
    ids=["grey", "alpha", "16 bit"],
)
def test_other_forms_of_pixels(tmp_path: Path, read: Read, image: NDArray[np.integer]) -> None:
    cv2.imwrite(str(tmp_path / "odd.png"), image)
    assert greys(read(tmp_path)[0]) == [100]


def test_one_that_will_not_decode_is_counted_told_and_gone_over(folder: Path) -> None:
    (folder / "shot3.png").write_bytes((folder / "shot2.png").read_bytes()[:30])
    (folder / "shot4.png").write_text("hello")
    with open_source(SourceConfig(uri=str(folder))) as source:
        items = list(source.frames())
    assert greys([item for item in items if isinstance(item, Frame)]) == [20, 40, 200]
    assert source.counters.corrupt == 2
    told = [item.data for item in items if isinstance(item, Event)]
    assert told == [{"file": "shot3.png"}, {"file": "shot4.png"}, {"pictures": 3}]


def test_a_bomb_is_refused_before_it_is_opened(
    folder: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.source.images.MAX_PIXELS", 35 * 25)
    frames, events = read(folder)
    assert greys(frames) == [20, 40]
    assert events[0].data == {"file": "shot10.png"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "holds no image"),
        ("*.png", "holds no image"),
        ("absent.png", "there is no such file"),
        ("empty.jpg", "is empty"),
        ("text.jpg", "could be read as an image"),
    ],
)
def test_one_sentence_for_each_mistake(
    tmp_path: Path, read: Read, name: str, sentence: str
) -> None:
    if name == "empty.jpg":
        (tmp_path / name).touch()
    if name == "text.jpg":
        (tmp_path / name).write_text("hello")
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / name)
