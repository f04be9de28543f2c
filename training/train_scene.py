"""Train the network that comes with Sightline, from rendered scenes alone.

    python training/train_scene.py --out src/sightline/model/builtin

Renders worlds, trains, exports to int8, measures on worlds that training has not seen, and
writes scene.onnx and scene.json. One core takes about an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import torch

from batches import BATCH, batches
from dataset import HEIGHT, LABELS, PICTURES_A_WORLD, WIDTH, gather
from export import export_float, export_int8
from fit import fit
from measure import measure
from network import Network
from sightline.model.recipe import InputRecipe, Recipe

TRAINED_ON, HELD_OUT = range(100, 190), range(9000, 9012)
EPOCHS, SEED = (8, 8), 1  # the second leg begins where the first ended
_CALIBRATION_STEP = 18  # every so many training pictures

RECIPE = Recipe(
    decoder="yolo",
    input=InputRecipe(width=WIDTH, height=HEIGHT, colour="rgb", fit="stretch"),
    labels=LABELS,
    parameters={"form": "v8", "classes": len(LABELS)},
)


def main() -> None:
    """Everything from rendering to the two files."""
    options = _options()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    work = options.work
    work.mkdir(parents=True, exist_ok=True)
    checkpoint = work / "average.pt"
    pictures = gather(TRAINED_ON, work / "pictures")
    if not options.export_only:
        torch.manual_seed(SEED)
        network = Network(len(LABELS), WIDTH, HEIGHT)
        steps = len(pictures.images) // BATCH
        for leg, epochs in enumerate(EPOCHS):
            feed = partial(batches, pictures)
            network = fit(feed, steps, epochs, SEED + leg, print, checkpoint, network)
    network = _restored(checkpoint)
    export_float(network, work / "scene-float.onnx", (WIDTH, HEIGHT))
    options.out.mkdir(parents=True, exist_ok=True)
    shipped = options.out / "scene.onnx"
    calibration = pictures.images[::_CALIBRATION_STEP]
    left_float = export_int8(work / "scene-float.onnx", shipped, calibration)
    held_out = gather(HELD_OUT, work / "pictures")
    whole = measure(work / "scene-float.onnx", RECIPE, held_out)
    small = measure(shipped, RECIPE, held_out)
    card = _card(shipped, {"int8": small, "float": whole}, len(calibration), left_float)
    (options.out / "scene.json").write_text(json.dumps(card, indent=2) + "\n")
    print(_table(small))


def _table(metrics: dict[str, Any]) -> str:
    """The rows of the model's page in docs/models/scene.md."""
    return "\n".join(
        f"| {label} | {light} | {result['AP50']:.3f} | {result['AP']:.3f} | {result['objects']} |"
        for label in LABELS
        for light, result in metrics[label].items()
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("src/sightline/model/builtin"))
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--export-only", action="store_true", help="use the last checkpoint")
    return parser.parse_args()


def _restored(checkpoint: Path) -> Any:
    network = Network(len(LABELS), WIDTH, HEIGHT)
    network.load_state_dict(torch.load(checkpoint))
    return network.eval()


def _card(
    shipped: Path, metrics: dict[str, Any], calibration: int, left_float: tuple[str, ...]
) -> dict[str, Any]:
    data = shipped.read_bytes()
    return {
        "name": "scene",
        "summary": "Finds people and trolleys in the rendered scene `scene:entrance`. Made for "
        "that demonstration: it has seen no photograph.",
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "recipe": RECIPE.model_dump(mode="json"),
        "quantisation": {
            "precision": "int8",
            "calibration": "rendered scenes, from those trained on",
            "pictures": calibration,
            "left_float": "everything from the last convolution of each head on "
            f"({len(left_float)} nodes)",
        },
        "training": {
            "seeds": [TRAINED_ON.start, TRAINED_ON.stop - 1],
            "pictures": len(TRAINED_ON) * PICTURES_A_WORLD,
            "epochs": EPOCHS,
            "seed": SEED,
        },
        "metrics": {
            "data": f"{len(HELD_OUT) * PICTURES_A_WORLD} pictures of rendered worlds with the "
            f"seeds {HELD_OUT.start} to {HELD_OUT.stop - 1}, not trained on; objects of which "
            "less than 0.3 is visible count neither way; ms is CPU time on one thread",
            **metrics,
        },
    }


if __name__ == "__main__":
    main()
