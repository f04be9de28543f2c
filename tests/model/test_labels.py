"""Names of classes: known sets, files, and what users call them."""

from pathlib import Path

import pytest

from sightline.errors import ConfigError, InputError
from sightline.model.labels import chosen, default_labels, read_labels
from sightline.results.coco import COCO


def test_known_sets() -> None:
    assert len(read_labels("coco")) == 80
    assert read_labels("coco-90")[0] == "person"
    assert read_labels("coco-90")[89] == "toothbrush"
    assert read_labels("coco-91")[90] == "toothbrush"


def test_a_file_with_one_name_a_line(tmp_path: Path) -> None:
    file = tmp_path / "labels.txt"
    file.write_text("cup\r\n\n fork \nknïfe\n\n\n", encoding="utf-8")
    assert read_labels(str(file)) == ("cup", "", "fork", "knïfe")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_names(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "labels.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match="labels"):
        read_labels(str(file))


@pytest.mark.parametrize("ref", ["cocoa", ".", "/nowhere/labels.txt"])
def test_neither_a_set_nor_a_file(ref: str) -> None:
    with pytest.raises(InputError, match="neither a readable text file nor one of coco, coco-90"):
        read_labels(ref)


def test_names_by_number_alone() -> None:
    assert default_labels(80) == COCO
    assert default_labels(91)[18] == "dog"
    assert default_labels(2) == ("class 0", "class 1")


def test_names_of_both_editions_are_understood() -> None:
    new = ("person", "motorcycle", "couch", "tv")
    old = ("person", "motorbike", "sofa", "tvmonitor")
    for asked in (["motorbike", "sofa", "tvmonitor"], ["motorcycle", "couch", "tv"]):
        assert chosen(asked, new) == chosen(asked, old) == {1, 2, 3}
    assert chosen([" person "], new) == {0}


def test_a_name_that_stands_twice_means_both() -> None:
    assert chosen(["cup"], ("cup", "fork", "cup")) == {0, 2}


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(ConfigError, match=r"no class 'bycicle'; it knows bicycle"):
        chosen(["person", "bycicle"], COCO)
    with pytest.raises(ConfigError, match=r"it knows cup, fork$"):
        chosen(["zebra"], ("cup", "fork"))
