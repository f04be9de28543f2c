"""A larger network that says what is in a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.results.coco import COCO

_SIZE = 416


def teacher_of(path: Path, labels: tuple[str, ...]) -> Callable[[NDArray[np.uint8]], list[Any]]:
    """YOLOX by its published recipe: BGR, 0..255, letterboxed to the upper left."""
    import cv2
    import onnxruntime

    from sightline.model.load import Model
    from sightline.postprocess.base import DecodeConfig
    from sightline.postprocess.fitting import fitted_decoder
    from sightline.postprocess.recognise import recognise
    from sightline.sensor.engines.onnx import OnnxEngine

    onnxruntime.set_default_logger_severity(3)
    engine = OnnxEngine(Model("teacher", "onnx", path.read_bytes()))
    recipe = recognise(engine.signature, "yolox")
    decode = fitted_decoder(
        "teacher", recipe, engine.signature, COCO, DecodeConfig(score=0.15, iou=0.6)
    )

    def look(image: NDArray[np.uint8]) -> list[Any]:
        height, width = image.shape[:2]
        scale = min(_SIZE / width, _SIZE / height)
        size = (round(width * scale), round(height * scale))
        canvas = np.full((_SIZE, _SIZE, 3), 114, np.uint8)
        canvas[: size[1], : size[0]] = cv2.resize(image, size)
        tensor = canvas[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        found = decode(engine.run([np.ascontiguousarray(tensor)]))
        shown = np.array([size[0] / _SIZE, size[1] / _SIZE] * 2)
        return [
            {"label": COCO[label], "box": (box / shown).tolist(), "score": float(score)}
            for box, score, label in zip(found.boxes, found.scores, found.labels, strict=True)
            if COCO[label] in labels
        ]

    return look
