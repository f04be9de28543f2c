"""Families known by what a network says of itself, and what is said where they are not."""

import pytest

from sightline.errors import ConfigError, DecoderError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.model.signature import Signature, TensorSpec
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, labels_of, recognise
from sightline.results.coco import COCO, COCO_90

NAMED = {"task": "detect", "names": "{0: 'cup', 1: 'fork'}", "imgsz": "[480, 640]"}
SQUARE = (1, 3, 416, 416)


@pytest.mark.parametrize(
    ("picture", "outputs", "notes", "family", "parameters"),
    [
        (SQUARE, {"o": (1, 3549, 85)}, {}, "yolox", {"classes": 80}),
        ((1, 3, 192, 192), {"o": (1, 756, 6)}, {}, "yolox", {"classes": 1}),
        (SQUARE, {"o": (1, 84, 3549)}, {}, "yolo", {"form": "v8", "classes": 80}),
        ((1, 3, 640, 640), {"o": (1, 5, 8400)}, {}, "yolo", {"form": "v8", "classes": 1}),
        ((1, 3, 640, 640), {"o": (1, 25200, 85)}, {}, "yolo", {"form": "v5", "classes": 80}),
        ((1, 3, 640, 640), {"o": (1, 300, 6)}, NAMED, "yolo", {"form": "final"}),
        ((None, 3, None, None), {"o": (None, None, None)}, NAMED, "yolo", {"form": "v8"}),
        ((None, 3, None, None), {"o": (None, 6, None)}, NAMED, "yolo", {"form": "v8"}),
        ((None, 3, None, None), {"o": (None, None, 7)}, NAMED, "yolo", {"form": "v5"}),
        ((1, 640, 640, 3), {"o": (1, 84, 8400)}, {}, "yolo", {"in_pixels": False}),
        ((1, 3, 320, 320), {"o": (1, 2125, 112)}, {}, "nanodet", {"plus": True, "classes": 80}),
        (
            (1, 3, 64, 64),
            {"a": (1, 64, 2), "b": (1, 16, 2), "c": (1, 64, 32), "d": (1, 16, 32)},
            {},
            "nanodet",
            {"plus": False, "classes": 2},
        ),
        ((1, 3, 352, 352), {"o": (1, 85, 22, 22)}, {}, "fastestdet", {"classes": 80}),
        ((1, 3, 64, 64), {"logits": (1, 300, 80), "pred_boxes": (1, 300, 4)}, {}, "detr", {}),
        ((1, 3, 640, 640), {"o": (1, 300, 6)}, {**NAMED, "names": "['cup','b']"}, "yolo", {}),
        ((1, 3, 640, 640), {"o": (1, 300, 7)}, {**NAMED, "names": "['a','b','c']"}, "detr", {}),
        ((1, 3, 224, 224), {"o": (1, 1000)}, {}, "classification", {"classes": 1000}),
        ((1, 3, 224, 224), {"o": (1, 10, 1, 1)}, {}, "classification", {"classes": 10}),
    ],
)
def test_a_family_is_known_by_its_form(
    make_signature, picture, outputs, notes, family: str, parameters
) -> None:
    found = recognise(make_signature(picture, notes, **outputs))
    assert found.decoder == family
    assert parameters.items() <= found.parameters.items()


def test_an_open_size_is_taken_from_the_notes(make_signature) -> None:
    found = recognise(make_signature((1, 3, None, None), NAMED, o=(1, 6, None)))
    assert (found.input.width, found.input.height) == (640, 480)
    assert found.labels == ("cup", "fork")


def test_where_two_families_fit_the_user_is_asked(make_signature) -> None:
    both = make_signature((1, 3, 64, 64), o=(1, 84, 84))
    with pytest.raises(DecoderError, match=r"o 1x84x84.*--decoder, one of yolo, yolox$"):
        recognise(both)
    assert recognise(both, "yolox").decoder == "yolox"
    assert recognise(both, "yolo").parameters["form"] == "v8"


def test_what_only_may_be_a_family_is_offered(make_signature) -> None:
    final = make_signature((1, 3, 640, 640), o=(1, 100, 6))
    with pytest.raises(DecoderError, match=r"--decoder, one of yolo$"):
        recognise(final)
    assert recognise(final, "yolo").parameters["form"] == "final"


def test_yolov6_looks_as_yolox_does_and_is_named(make_signature) -> None:
    network = make_signature((1, 3, 640, 640), o=(1, 8400, 85))
    assert recognise(network).decoder == "yolox"
    assert recognise(network, "yolo").parameters == {
        "form": "v5",
        "classes": 80,
        "in_pixels": True,
    }


def test_nobody_reads_it(make_signature) -> None:
    many = {f"layer{i}": (1, 7, 7, 7) for i in range(9)}
    with pytest.raises(DecoderError, match=r"layer5 1x7x7x7 and 3 more\) fits none.*yunet$"):
        recognise(make_signature((1, 3, 64, 64), **many))


@pytest.mark.parametrize("family", ["yolox", "yolo", "nanodet", "fastestdet", "ssd", "detr"])
def test_a_family_that_cannot_be_says_what_it_reads(make_signature, family: str) -> None:
    with pytest.raises(DecoderError, match=r"puts out .*this one has o 1x10"):
        recognise(make_signature((1, 3, 64, 64), o=(1, 10)), family)


def test_a_network_of_another_task(make_signature) -> None:
    notes = {**NAMED, "task": "pose"}
    with pytest.raises(DecoderError, match="made for 'pose'"):
        recognise(make_signature((1, 3, 64, 64), notes, o=(1, 56, 84)), "yolo")


def test_a_family_that_does_not_exist(make_signature) -> None:
    with pytest.raises(ConfigError, match="no decoder called 'yolo9000'"):
        recognise(make_signature(SQUARE, o=(1, 3549, 85)), "yolo9000")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ((1, 80), "has the shape 1x80"),
        ((4, 3, 64, 64), "has the shape 4x3x64x64"),
        ((1, 7, 64, 64), "no colours"),
        ((1, 3, None, None), "no fixed size"),
        ((1, 3, 4, 64), "64x4 pixels cannot be a picture"),
        ((1, 3, 64, 99999), "cannot be a picture"),
        ((1, 3, 64, 64, 64), "one picture"),
    ],
)
def test_an_input_that_is_no_picture(make_signature, picture, words: str) -> None:
    with pytest.raises(DecoderError, match=words):
        recognise(make_signature(picture, o=(1, 84, 7)))


def test_no_input_at_all() -> None:
    with pytest.raises(DecoderError, match="no input"):
        recognise(Signature((), (TensorSpec("o", (1, 84, 7), "float32"),)))


@pytest.mark.parametrize(
    "notes", ["{0: 'a'", "__import__('os')", "[" * 9999, "{1: 'a'}", "7", "{0: 'a', 'b': 'c'}"]
)
def test_notes_that_are_no_names_are_passed_over(make_signature, notes: str) -> None:
    found = recognise(make_signature((1, 3, 64, 64), {"names": notes}, o=(1, 6, 84)))
    assert found.labels == ()


def test_grey_pictures(make_signature) -> None:
    assert recognise(make_signature((1, 1, 64, 64), o=(1, 84, 7))).input.colour == "y"
    assert recognise(make_signature((1, 64, 64, 1), o=(1, 84, 7)), "yolox").input.colour == "y"


def recipe(labels: tuple[str, ...] = (), **parameters: int) -> Recipe:
    return Recipe(
        decoder="yolox",
        input=InputRecipe(width=8, height=8),
        labels=labels,
        parameters=dict(parameters),
    )


def test_names_of_classes(make_signature) -> None:
    network = make_signature((1, 3, 64, 64), o=(1, 84, 7))
    assert labels_of(recipe(("a", "b"), classes=2), network, ("x", "y")) == ("x", "y")
    assert labels_of(recipe(("a", "b"), classes=2), network, None) == ("a", "b")
    assert labels_of(recipe(classes=80), network, None) == COCO
    assert labels_of(recipe(), network, None) == COCO_90
    assert labels_of(recipe(classes=2), network, None) == ("class 0", "class 1")


def test_a_wrong_number_of_names(make_signature) -> None:
    network = make_signature((1, 3, 64, 64), o=(1, 84, 7))
    with pytest.raises(ConfigError, match="has 2 classes, but 3 labels were given"):
        labels_of(recipe(classes=2), network, ("a", "b", "c"))
    with pytest.raises(ConfigError, match="has 2 classes, but 1 labels came with it"):
        labels_of(recipe(("a",), classes=2), network, None)


def test_a_class_that_the_network_does_not_know(make_signature) -> None:
    network = make_signature(SQUARE, o=(1, 3549, 85))
    with pytest.raises(ConfigError, match=r"no class 'persn'; it knows person"):
        build_decoder(recognise(network), network, COCO, DecodeConfig(classes=("persn",)))
