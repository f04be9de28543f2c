"""The accuracy of real networks with our preprocessing and decoders, on real pictures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sightline.camera.assembly import assemble
from sightline.results.coco import category_ids
from sightline.sensor.virtual import VirtualSensor
from sightline.source import open_source
from sightline.twin.config import CameraConfig, parse_config
from sightline.wire.messages import Event

EVALUATION = {"score": 0.001, "iou": 0.65, "every_class": True}


def config_for(network: Path, images: Path) -> CameraConfig:
    tree = {"source": str(images), "model": str(network), "detect": EVALUATION}
    return parse_config({**tree, "track": {"low_score": 0.001}}, "test")


def results(network: Path, images: Path, ids: dict[str, int]) -> list[dict[str, Any]]:
    """What the network sees in every picture, as COCO results."""
    config = config_for(network, images)
    assembly = assemble(config, cameras=1)
    found: list[dict[str, Any]] = []
    categories = category_ids(assembly.labels)
    with open_source(config.source) as source:
        frames = source.frames()
        engine = assembly.shared.engine
        for item in VirtualSensor(frames, engine, assembly.recipe, assembly.sensor).captures():
            if isinstance(item, Event):
                continue
            seen = assembly.decoder(item.tensors)
            boxes = item.placement.to_sensor(seen.boxes).clip(0, 1) * np.tile(item.size, 2)
            boxes[:, 2:] -= boxes[:, :2]
            found += [
                {
                    "image_id": ids[item.name],
                    "category_id": categories[label],
                    "bbox": box,
                    "score": score,
                }
                for box, score, label in zip(
                    boxes.tolist(), seen.scores.tolist(), seen.labels.tolist(), strict=True
                )
            ]
    return found


def average_precision(network: Path, folder: Path) -> float:
    from faster_coco_eval import COCO as Truth
    from faster_coco_eval import COCOeval_faster

    truth = Truth(json.loads((folder / "instances_val2017.json").read_text()))
    ids = {image["file_name"]: image["id"] for image in truth.dataset["images"]}
    found = results(network, folder / "images", ids)
    evaluation = COCOeval_faster(truth, truth.loadRes(found), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return float(evaluation.stats[0])


@pytest.mark.data
@pytest.mark.parametrize(
    ("network", "reference", "tolerance"),
    [
        ("yolox_nano_416.onnx", 0.321, 0.005),
        ("nanodet_m_320.onnx", 0.276, 0.01),
        ("fastestdet_352.onnx", 0.183, 0.01),
        ("detect_ssd_mobilenet_v1_coco_quant.tflite", 0.214, 0.01),
    ],
)
def test_average_precision_is_that_of_the_network(
    data: Path, network: str, reference: float, tolerance: float
) -> None:
    found = average_precision(data / "models" / network, data / "coco" / "coco_mini79")
    assert found == pytest.approx(reference, abs=tolerance)
