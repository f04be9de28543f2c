"""Make the shipped file of the checkpoint of `train_nano.py`, and measure it beside others.

python training/export_nano.py --real DATA
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from export import export_float, export_int8
from measure_nano import Truth, measure
from nano_data import HEIGHT, LABELS, WIDTH, Image, pictures_of, rendered
from network import Network
from sightline.model.load import Model, load_model
from sightline.model.recipe import InputRecipe, Recipe
from sightline.source.rendering.stage import Stage
from sightline.source.scene import SCENES
from train_nano import SEED, TRAINED_ON, VIDEOS, real_pictures

SCENE_SEEDS, A_SCENE, APART_S = range(29_000, 29_012), 20, 1.9
_CALIBRATION = 200
RECIPE = Recipe(
    task="detection",
    decoder="yolo",
    input=InputRecipe(width=WIDTH, height=HEIGHT, fit="letterbox_topleft"),
    labels=LABELS,
    parameters={"form": "v8", "classes": len(LABELS)},
)


def main() -> None:
    """The network in float and int8, its card, and a table of figures."""
    options = _options()
    torch.set_num_threads(1)
    network = Network(len(LABELS), WIDTH, HEIGHT)
    network.load_state_dict(torch.load(options.work / "nano.pt"))
    whole = options.work / "sightline-nano-float.onnx"
    export_float(network.eval(), whole, (WIDTH, HEIGHT))
    scenes = rendered(TRAINED_ON, options.work / "rendered")
    real = real_pictures(options.real, options.work / "real.npz")
    half = _CALIBRATION // 2
    some = [one.images[:: len(one.images) // half][:half] for one in (scenes, real)]
    shipped = options.out / "sightline-nano.onnx"
    left = export_int8(whole, shipped, [image for part in some for image in part])
    card = _card(shipped, len(left), options.epochs)
    path = shipped.with_suffix(".json")
    path.write_text(json.dumps(card, indent=2) + "\n")
    ours = [Model(file.stem, "onnx", file.read_bytes(), RECIPE) for file in (shipped, whole)]
    others = [load_model(name) for name in options.beside]
    figures = {model.name: _measured(model, options.real) for model in (*ours, *others)}
    card["metrics"] = {"data": _DATA, **figures}
    path.write_text(json.dumps(card, indent=2) + "\n")
    print(json.dumps(figures, indent=1))


_DATA = (
    "real: the 79 pictures of coco_mini79, none of them trained on; rendered: 240 pictures of "
    "scenes with the seeds 29000 to 29011; vehicles count as one class; what is hidden by more "
    "than 0.7 counts neither way; ms is CPU time on one thread"
)


def _measured(model: Model, real: Path) -> dict[str, Any]:
    coco = real / "coco" / "coco_mini79"
    held_out = pictures_of(coco / "images", coco / "instances_val2017.json")
    return {"real": measure(model, held_out), "rendered": measure(model, _scenes())}


def _scenes() -> Iterator[tuple[Image, Truth]]:
    """Every other one the entrance, the rest each of the other scenes in turn."""
    others = sorted(set(SCENES) - {"entrance"})
    for seed in SCENE_SEEDS:
        name = "entrance" if seed % 2 else others[seed // 2 % len(others)]
        module, _, attribute = SCENES[name].partition(":")
        scene = getattr(import_module(module), attribute)
        light = ("day", "cycle", "night")[seed % 3]
        stage = Stage(scene, (1280, 720), seed, light, A_SCENE * APART_S, 1.0)
        for number in range(A_SCENE):
            image, truth = stage.frame(round(number * APART_S * 1e9))
            yield image, truth["objects"]


def _card(shipped: Path, left: int, epochs: list[int]) -> dict[str, Any]:
    data = shipped.read_bytes()
    return {
        "name": "sightline-nano",
        "summary": "Finds people and vehicles. Small, and trained on little: measure before use.",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "recipe": RECIPE.model_dump(mode="json"),
        "quantisation": {
            "precision": "int8",
            "calibration": "half rendered, half real pictures, from those trained on",
            "pictures": _CALIBRATION,
            "left_float": f"everything from the last convolution of each head on ({left} nodes)",
        },
        "training": {
            "seeds": [TRAINED_ON.start, TRAINED_ON.stop - 1],
            "real": ["coco rep100 without those of coco_mini79", *VIDEOS],
            "teacher": "YOLOX-nano, for the frames of the videos",
            "epochs": epochs,
            "seed": SEED,
        },
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, required=True, help="folder of real pictures")
    parser.add_argument("--work", type=Path, default=Path("build/nano"))
    parser.add_argument("--out", type=Path, default=Path("build/nano"))
    parser.add_argument("--beside", nargs="*", default=[], help="networks to measure beside it")
    parser.add_argument("--epochs", type=int, nargs="+", default=[4, 4], help="as trained")
    return parser.parse_args()


if __name__ == "__main__":
    main()
