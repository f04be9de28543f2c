"""How well a network does on rendered worlds that it has not seen, read as the camera reads it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from average_precision import AveragePrecision
from dataset import LABELS, Pictures
from sightline.model.load import Model
from sightline.model.recipe import Recipe
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.sensor.engines.onnx import OnnxEngine

_VISIBLE = 0.3  # what is hidden more than this counts neither as missed nor as found
_WARM = 10


def measure(path: Path, recipe: Recipe, pictures: Pictures) -> dict[str, Any]:
    """AP and AP50 of each class, over all light and by light, and milliseconds a picture."""
    engine = OnnxEngine(Model("scene", "onnx", path.read_bytes()))
    config = DecodeConfig(score=0.01, iou=0.6)
    decode = fitted_decoder("scene", recipe, engine.signature, LABELS, config)
    lights = sorted(set(pictures.light.tolist()))
    scores = {(label, light): AveragePrecision() for label in LABELS for light in ("all", *lights)}
    spent = []
    for i, image in enumerate(pictures.images):
        tensor = image.transpose(2, 0, 1)[None].astype(engine.signature.inputs[0].dtype)
        begun = time.process_time()
        outputs = engine.run([tensor])
        spent.append(time.process_time() - begun)
        found = decode(outputs)
        for number, label in enumerate(LABELS):
            mine = found.labels == number
            real = pictures.labels[i] == number
            hidden = pictures.visible[i][real] < _VISIBLE
            for light in ("all", str(pictures.light[i])):
                scores[label, light].add(
                    found.boxes[mine], found.scores[mine], pictures.boxes[i][real], hidden
                )
    return {
        "ms": round(float(np.median(spent[_WARM:])) * 1e3, 2),
        **{label: {light: _rounded(scores[label, light].result()) for light in ("all", *lights)}
           for label in LABELS},
    }  # fmt: skip


def _rounded(result: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in result.items()}
