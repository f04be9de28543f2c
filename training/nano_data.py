"""What `sightline-nano` learns from: rendered scenes, and real pictures that a teacher labels.

Every picture is fitted into the network's input without distortion, on grey, as the camera
does it (letterbox).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from dataset import MOST, Pictures
from sightline.source.rendering.stage import Stage
from sightline.source.scene import SCENES

LABELS = ("person", "bicycle", "car", "motorcycle", "bus", "truck")
WIDTH, HEIGHT = 416, 256
GREY = 114
A_WORLD, APART_S = 24, 1.7
_SIZES = ((640, 360), (1280, 720), (960, 540))
_EVERY = 4  # frames of a video
_SURE = 0.35  # score from which the teacher's word counts; between this and half of it: unsure

Image = NDArray[np.uint8]


def letterboxed(image: Image) -> tuple[Image, float]:
    """The picture scaled into the upper left of the input, and by how much."""
    height, width = image.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = (round(width * scale), round(height * scale))
    out = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
    shrinks = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    out[: size[1], : size[0]] = cv2.resize(image, size, interpolation=shrinks)
    return out, scale


def rendered(seeds: range, folder: Path) -> Pictures:
    """Worlds of every scene, rendered once and kept in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    names = ["entrance", *sorted(set(SCENES) - {"entrance"})]
    for seed in seeds:
        # Every other world is the entrance, which the demonstration shows.
        name = "entrance" if seed % 2 else names[1 + seed // 2 % (len(names) - 1)]
        path = folder / f"{name}-{seed}.npz"
        if not path.exists():
            np.savez(path, **_world(name, seed).__dict__)
        with np.load(path) as stored:
            found.append(Pictures(**stored))
    return joined(found)


def joined(parts: list[Pictures]) -> Pictures:
    """All pictures of several."""
    names = parts[0].__dict__
    return Pictures(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def _world(name: str, seed: int) -> Pictures:
    module, _, attribute = SCENES[name].partition(":")
    scene = getattr(import_module(module), attribute)
    light = ("day", "cycle", "night")[seed % 3]
    stage = Stage(
        scene, _SIZES[seed % 3], seed, light, A_WORLD * APART_S, (0.7, 1.0, 1.6)[seed % 3]
    )
    found = [stage.frame(round(i * APART_S * 1e9)) for i in range(A_WORLD)]
    return _gathered(((image, truth["objects"]) for image, truth in found), A_WORLD)


def _gathered(items: Iterator[tuple[Image, list[dict[str, Any]]]], most: int) -> Pictures:
    """Pictures with objects {label, box in fractions, visible}; other classes do not count."""
    images = np.empty((most, HEIGHT, WIDTH, 3), np.uint8)
    boxes = np.zeros((most, MOST, 4), np.float32)
    labels = np.full((most, MOST), -1, np.int32)
    visible = np.zeros((most, MOST), np.float32)
    count = 0
    for row, (image, objects) in enumerate(items):
        images[row], scale = letterboxed(image)
        shown = np.array([image.shape[1] * scale / WIDTH, image.shape[0] * scale / HEIGHT] * 2)
        for column, item in enumerate(objects[:MOST]):
            known = item["label"] in LABELS
            boxes[row, column] = np.asarray(item["box"]) * shown
            labels[row, column] = LABELS.index(item["label"]) if known else 0
            visible[row, column] = item.get("visible", 1.0) if known else 0.0
        count = row + 1
    light = np.full(count, "all")
    return Pictures(images[:count], boxes[:count], labels[:count], visible[:count], light)


def annotated(images: Path, annotations: Path, without: frozenset[int]) -> Pictures:
    """COCO pictures with their own annotations, but for those of `without`."""
    count = len(_chosen(json.loads(annotations.read_text()), without))
    return _gathered(pictures_of(images, annotations, without), count)


def pictures_of(
    images: Path, annotations: Path, without: frozenset[int] = frozenset()
) -> Iterator[tuple[Image, list[dict[str, Any]]]]:
    """COCO pictures, and of each what we have names for: {label, box, visible (0: a crowd)}."""
    tree = json.loads(annotations.read_text())
    names = {one["id"]: one["name"] for one in tree["categories"]}
    for one in _chosen(tree, without):
        image = cv2.cvtColor(cv2.imread(str(images / one["file_name"])), cv2.COLOR_BGR2RGB)
        height, width = image.shape[:2]
        objects = []
        for item in tree["annotations"]:
            name = names[item["category_id"]]
            if item["image_id"] != one["id"] or name not in LABELS:
                continue
            x, y, w, h = item["bbox"]
            box = [x / width, y / height, (x + w) / width, (y + h) / height]
            objects.append({"label": name, "box": box, "visible": 1.0 - bool(item.get("iscrowd"))})
        yield image, objects


def _chosen(tree: dict[str, Any], without: frozenset[int]) -> list[dict[str, Any]]:
    return [one for one in tree["images"] if one["id"] not in without]


def taught(videos: list[Path], teacher: Any) -> Pictures:
    """Frames of videos with what a larger network sees in them.

    teacher  (image uint8 (H, W, 3) RGB) -> list of {label, box, score}
    """

    def items(path: Path) -> Iterator[tuple[Image, list[dict[str, Any]]]]:
        with av.open(str(path)) as container:
            for number, frame in enumerate(container.decode(video=0)):
                if number % _EVERY:
                    continue
                image = frame.to_ndarray(format="rgb24")
                seen = [one for one in teacher(image) if one["score"] >= _SURE / 2]
                for one in seen:
                    one["visible"] = 1.0 if one["score"] >= _SURE else 0.0
                yield image, seen

    return joined([_gathered(items(path), 600) for path in videos])
