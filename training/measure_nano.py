"""How good `sightline-nano` is beside other networks, on scenes and pictures it never saw."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from average_precision import AveragePrecision
from nano_data import Image
from sightline.geometry.fit import Placement
from sightline.model.load import Model
from sightline.picture.rgb import RgbPicture
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.sensor.engines.onnx import OnnxEngine
from sightline.sensor.isp import Isp
from sightline.tuning.subject import subject_of

VEHICLES = ("bicycle", "car", "motorcycle", "bus", "truck")
_VISIBLE = 0.3  # what is hidden more than this counts neither as missed nor as found
_WARM = 5

Truth = list[dict[str, Any]]  # label, box in fractions of the picture, visible


def measure(model: Model, pictures: Iterable[tuple[Image, Truth]]) -> dict[str, Any]:
    """AP and AP50 of people and of vehicles (any kind for any other), milliseconds a picture."""
    subject = subject_of(model)
    engine = OnnxEngine(subject.model)
    isp = Isp(subject.recipe.input, engine.signature.inputs[0].dtype, (0, 0, 1, 1))
    config = DecodeConfig(score=0.005, iou=0.65, limit=300)
    decode = fitted_decoder(subject.name, subject.recipe, engine.signature, subject.labels, config)
    scores = {"person": AveragePrecision(), "vehicle": AveragePrecision()}
    spent = []
    for image, truth in pictures:
        tensor, plan = isp(RgbPicture(np.ascontiguousarray(image)))
        begun = time.process_time()
        outputs = engine.run([tensor])
        spent.append(time.process_time() - begun)
        placement: Placement = plan.placement
        found = decode(outputs).placed(placement)
        names = np.array([_kind(subject.labels[label]) for label in found.labels], str)
        for kind, score in scores.items():
            mine = names == kind
            real = [item for item in truth if _kind(item["label"]) == kind]
            boxes = np.array([item["box"] for item in real], np.float32).reshape(-1, 4)
            hidden = np.array([item.get("visible", 1.0) < _VISIBLE for item in real], np.bool_)
            score.add(found.boxes[mine], found.scores[mine], boxes, hidden)
    figures = {kind: score.result() for kind, score in scores.items()}
    return {
        "ms": round(float(np.median(spent[_WARM:])) * 1e3, 2),
        **{kind: {k: round(v, 4) for k, v in one.items()} for kind, one in figures.items()},
    }


def _kind(label: str) -> str:
    return "vehicle" if label in VEHICLES else label
