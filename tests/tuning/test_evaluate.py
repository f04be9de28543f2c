"""A network that always says the same, against truths that differ."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.errors import ConfigError, InputError
from sightline.tuning.evaluate import evaluate
from sightline.tuning.subject import Subject

Paint = Callable[..., Path]
CAT_BOX, DOG_BOX = [8, 8, 16, 16], [32, 32, 24, 24]


def coco(folder: Path, annotations: list[tuple[str, list[int]]], *names: str) -> Path:
    ids = {name: 7 * number + 3 for number, name in enumerate(names)}
    page = {
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 64}],
        "annotations": [
            {"id": n, "image_id": 1, "category_id": ids[name], "bbox": box, "area": 1, "iscrowd": 0}
            for n, (name, box) in enumerate(annotations)
        ],
        "categories": [{"id": number, "name": name} for name, number in ids.items()],
    }
    path = folder / "truth.json"
    path.write_text(json.dumps(page))
    return path


def test_what_is_right_scores_one_and_ids_go_by_name(
    pets: Subject, paint: Paint, tmp_path: Path
) -> None:
    paint("a.png", (90, 90, 90))
    truth = coco(tmp_path, [("dog", DOG_BOX), ("cat", CAT_BOX)], "dog", "cat")
    done = evaluate(pets, truth, tmp_path)
    assert done.metrics["AP"] == pytest.approx(1)
    assert done.metrics["AP50"] == pytest.approx(1)
    assert done.classes == {"dog": pytest.approx(1), "cat": pytest.approx(1)}
    assert done.confusion is not None
    assert done.confusion.counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_what_is_wrong_is_counted_where_it_belongs(
    pets: Subject, paint: Paint, tmp_path: Path
) -> None:
    paint("a.png", (90, 90, 90))
    truth = coco(tmp_path, [("dog", CAT_BOX)], "cat", "dog", "horse")
    done = evaluate(pets, truth, tmp_path)
    assert done.metrics["AP50"] == 0
    assert done.confusion is not None
    # The dog was taken for a cat, and a dog was seen where nothing is.
    assert done.confusion.counts.tolist() == [[0] * 4, [1, 0, 0, 0], [0] * 4, [0, 1, 0, 0]]
    assert done.notes == ("1 classes of the data are unknown to the network: horse",)


def test_yolo_text_means_the_same(pets: Subject, paint: Paint, tmp_path: Path) -> None:
    paint("images/a.png", (90, 90, 90))
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels/a.txt").write_text("0 0.25 0.25 0.25 0.25\n1 0.6875 0.6875 0.375 0.375\n")
    done = evaluate(pets, tmp_path / "labels", tmp_path / "images")
    assert done.metrics["AP"] == pytest.approx(1)


def test_a_folder_a_class(colours: Subject, paint: Paint, tmp_path: Path) -> None:
    for name, rgb in (("red", (200, 0, 0)), ("blue", (0, 0, 200))):
        for number in range(3):
            paint(f"tree/{name}/{number}.png", rgb)
    paint("tree/blue/in truth red.png", (200, 0, 0))
    done = evaluate(colours, tmp_path / "tree")
    assert done.metrics == {"top1": pytest.approx(6 / 7), "top5": 1.0}
    assert done.classes == {"blue": pytest.approx(3 / 4), "red": 1.0}
    assert done.confusion is not None
    assert done.confusion.counts[:2, :2].tolist() == [[3, 1], [0, 3]]


def test_json_has_the_figures_on_top(pets: Subject, paint: Paint, tmp_path: Path) -> None:
    paint("a.png", (90, 90, 90))
    truth = coco(tmp_path, [("cat", CAT_BOX)], "cat")
    page = json.loads(json.dumps(evaluate(pets, truth, tmp_path).to_json()))
    assert list(page)[:3] == ["AP", "AP50", "AP75"]
    assert (page["model"], page["pictures"]) == ("pets", 1)


@pytest.mark.parametrize(
    ("names", "annotations", "error", "told"),
    [
        (("horse",), [("horse", CAT_BOX)], ConfigError, "no class in common"),
        ((), [], InputError, "categories: is empty"),
    ],
)
def test_data_that_does_not_suit(
    pets: Subject,
    paint: Paint,
    tmp_path: Path,
    names: tuple[str, ...],
    annotations: list[tuple[str, list[int]]],
    error: type[Exception],
    told: str,
) -> None:
    paint("a.png", (90, 90, 90))
    with pytest.raises(error, match=told):
        evaluate(pets, coco(tmp_path, annotations, *names), tmp_path)


def test_mistakes_are_sentences(
    pets: Subject, colours: Subject, paint: Paint, tmp_path: Path
) -> None:
    truth = coco(tmp_path, [("cat", CAT_BOX)], "cat")
    with pytest.raises(InputError, match=r"1 of 1 are not in .* the first is a\.png"):
        evaluate(pets, truth, tmp_path)
    paint("a.png", (90, 90, 90))
    with pytest.raises(ConfigError, match="--images"):
        evaluate(pets, truth)
    with pytest.raises(ConfigError, match="network for classification"):
        evaluate(colours, truth, tmp_path)
    with pytest.raises(InputError, match="no such file"):
        evaluate(pets, tmp_path / "none.json", tmp_path)
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png"):
        evaluate(pets, truth, tmp_path)
