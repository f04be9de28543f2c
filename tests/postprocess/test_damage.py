"""Whatever numbers a network puts out, what leaves the decoder is sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.model.signature import Signature, TensorSpec
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, labels_of, recognise


def network(picture: tuple[int, ...], *shapes: tuple[int, ...], names: str = "abcdefgh"):
    outputs = tuple(
        TensorSpec(name, shape, "float32") for name, shape in zip(names, shapes, strict=False)
    )
    return Signature((TensorSpec("images", picture, "float32"),), outputs)


def named(picture: tuple[int, ...], inputs: int, **shapes: tuple[int, ...]) -> Signature:
    told = (TensorSpec("images", picture, "float32"), TensorSpec("size", (1, 2), "int64"))
    outputs = tuple(TensorSpec(name, shape, "float32") for name, shape in shapes.items())
    return Signature(told[:inputs], outputs)


P = (1, 3, 64, 64)
TFLITE = {"TFLite_Detection_PostProcess": (1, 10, 4)} | {
    f"TFLite_Detection_PostProcess:{i}": shape for i, shape in enumerate([(1, 10), (1, 10), (1,)])
}
NETWORKS = {
    "yolox": network(P, (1, 84, 7)),
    "yolov8": network(P, (1, 6, 84)),
    "yolov5": network(P, (1, 252, 7)),
    "yolov10": network(P, (1, 10, 6)),
    "nanodet": network(P, *((1, n, c) for c in (2, 32) for n in (64, 16, 4))),
    "nanodet plus": network(P, (1, 85, 34)),
    "fastestdet": network(P, (1, 7, 4, 4)),
    "ssd": named((1, 64, 64, 3), 1, **TFLITE),
    "detr": named(P, 2, labels=(1, 10), boxes=(1, 10, 4), scores=(1, 10)),
    "detr raw": named(P, 1, logits=(1, 10, 3), pred_boxes=(1, 10, 4)),
    "first detr": named(P, 1, logits=(1, 10, 92), pred_boxes=(1, 10, 4)),
    "yunet": named(
        P,
        1,
        **{
            f"{kind}_{8 << i}": (1, 64 >> 2 * i, columns)
            for kind, columns in {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}.items()
            for i in range(3)
        },
    ),
    "ultraface": network(P, (1, 235, 2), (1, 235, 4)),
    "movenet": network((1, 64, 64, 3), (1, 1, 17, 3)),
    "yolo pose": network(P, (1, 57, 84)),
    "yolo pose, final": network(P, (1, 10, 57)),
    "yolo seg": network(P, (1, 14, 84), (1, 8, 16, 16)),
    "yolo seg, final": network(P, (1, 10, 14), (1, 8, 16, 16)),
    "segmentation": network((1, 64, 64, 3), (1, 64, 64, 3)),
    "classification": network(P, (1, 10)),
}
MUST_BE_NAMED = {
    "yolov10": "yolo",
    "yolo pose": "yolo_pose",
    "yolo pose, final": "yolo_pose",
    "segmentation": "segmentation",
}
EXTREME = [0, 0.5, 0.9, 1, -1, 3, 88, 300, 1e30, -1e30, 3.4e38, -3.4e38, np.nan, np.inf, -np.inf]


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(EXTREME), min_size=1, max_size=6),
    st.integers(0, 1 << 30),
    st.sampled_from([0.0, 0.3]),
    st.booleans(),
)
def test_only_sound_detections(
    name: str, pool: list[float], seed: int, score: float, every_class: bool
) -> None:
    signature = NETWORKS[name]
    recipe = recognise(signature, MUST_BE_NAMED.get(name))
    labels = labels_of(recipe, signature, None)
    config = DecodeConfig(score=score, every_class=every_class)
    random = np.random.default_rng(seed)
    values = np.array(pool, np.float32)
    tensors = [random.choice(values, spec.shape) for spec in signature.outputs]
    found = build_decoder(recipe, signature, labels, config)(tensors)
    assert (found.boxes.dtype, found.scores.dtype) == (np.float32, np.float32)
    assert found.labels.dtype == np.int32
    assert np.isfinite(found.boxes).all()
    assert (found.boxes[:, 2:] > found.boxes[:, :2]).all()
    assert ((found.scores >= score) & (found.scores <= 1)).all()
    assert (np.diff(found.scores) <= 0).all()
    assert ((found.labels >= 0) & (found.labels < len(labels))).all()
    assert len(found) <= config.limit
    if found.keypoints is not None:
        assert np.isfinite(found.keypoints).all()
