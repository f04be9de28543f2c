"""YuNet and Ultra-Light: what is written comes back, and real faces are found."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.load import load_model
from sightline.model.signature import Signature
from sightline.picture.rgb import RgbPicture
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.postprocess.recognise import build_decoder, recognise
from sightline.results import Detections
from sightline.sensor.engines.onnx import OnnxEngine
from sightline.sensor.isp import Isp

SIDE = 64
CELLS = {8: 64, 16: 16, 32: 4}
YUNET = {
    f"{kind}_{stride}": (1, count, columns)
    for kind, columns in {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}.items()
    for stride, count in CELLS.items()
}
ULTRA = {
    "scores": (1, 64 * 3 + 16 * 2 + 4 * 2 + 3, 2),
    "boxes": (1, 64 * 3 + 16 * 2 + 4 * 2 + 3, 4),
}


def run(signature: Signature, tensors: list[NDArray[np.float32]], score: float = 0.3) -> Detections:
    recipe = recognise(signature)
    assert recipe.labels == ("face",)
    return build_decoder(recipe, signature, recipe.labels, DecodeConfig(score=score))(tensors)


def test_yunet_gives_back_what_was_written(make_signature) -> None:
    signature = make_signature((1, 3, SIDE, SIDE), **YUNET)
    tensors = {name: np.zeros(shape, np.float32) for name, shape in YUNET.items()}
    cell = 4 * 1 + 2  # of stride 16: row 1, column 2
    tensors["cls_16"][0, cell], tensors["obj_16"][0, cell] = 0.9, 0.4
    tensors["bbox_16"][0, cell] = 0.5, 0.25, np.log(1.5), np.log(2)
    tensors["kps_16"][0, cell] = np.arange(10) / 10
    found = run(signature, list(tensors.values()))
    assert found.scores == pytest.approx([0.6])
    assert found.boxes[0] == pytest.approx(np.array([28, 4, 52, 36]) / SIDE)
    assert found.keypoints is not None
    expected = (np.arange(10).reshape(5, 2) / 10 + (2, 1)) * 16 / SIDE
    assert found.keypoints[0, :, :2] == pytest.approx(expected, abs=1e-6)
    assert found.keypoints[0, :, 2] == pytest.approx(0.6)


def test_yunet_keeps_the_better_of_two_with_its_landmarks(make_signature) -> None:
    signature = make_signature((1, 3, SIDE, SIDE), **YUNET)
    tensors = {name: np.zeros(shape, np.float32) for name, shape in YUNET.items()}
    tensors["bbox_8"][0, :, 2:] = np.log(4)
    for cell, score in ((9, 0.5), (10, 0.8)):
        tensors["cls_8"][0, cell] = tensors["obj_8"][0, cell] = score
    found = run(signature, list(tensors.values()))
    assert found.scores == pytest.approx([0.8])
    assert found.keypoints is not None
    assert found.keypoints[0, 0, :2] == pytest.approx([2 / 8, 1 / 8])


def test_outputs_may_come_in_any_order(make_signature) -> None:
    names = list(YUNET)[::-1]
    signature = make_signature((1, 3, SIDE, SIDE), **{name: YUNET[name] for name in names})
    tensors = {name: np.zeros(YUNET[name], np.float32) for name in names}
    tensors["cls_32"][0, 3] = tensors["obj_32"][0, 3] = 1
    found = run(signature, list(tensors.values()))
    assert found.boxes[0] == pytest.approx([0.25, 0.25, 0.75, 0.75])


def test_ultra_light(make_signature) -> None:
    signature = make_signature((1, 3, SIDE, SIDE), **ULTRA)
    scores, boxes = (np.zeros(shape, np.float32) for shape in ULTRA.values())
    scores[0, :, 0] = 1
    scores[0, [5, 7]] = [[0.1, 0.9], [0.4, 0.6]]
    boxes[0, [5, 7]] = [[0.1, 0.2, 0.3, 0.4], [0.11, 0.2, 0.3, 0.4]]
    found = run(signature, [scores, boxes])
    assert found.scores == pytest.approx([0.9])
    assert found.boxes[0] == pytest.approx([0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize("family", ["yunet", "ultraface"])
def test_a_network_that_is_none_of_them(make_signature, family: str) -> None:
    with pytest.raises(DecoderError, match=r"puts out .*this one has o 1x10"):
        recognise(make_signature((1, 3, 64, 64), o=(1, 10)), family)


def faces(data: Path, name: str, rgb: NDArray[np.uint8], score: float) -> Detections:
    model = load_model(str(data / "models" / f"{name}.onnx"))
    engine = OnnxEngine(model)
    recipe = recognise(engine.signature)
    tensor, plan = Isp(recipe.input, "float32", (0, 0, 1, 1))(RgbPicture(rgb))
    config = DecodeConfig(score=score, iou=0.3)
    decoder = fitted_decoder(name, recipe, engine.signature, recipe.labels, config)
    return decoder(engine.run([tensor])).placed(plan.placement)


def walking(data: Path) -> NDArray[np.uint8]:
    import av

    with av.open(str(data / "videos" / "face-demographics-walking.gif")) as clip:
        return next(clip.decode(video=0)).to_ndarray(format="rgb24")


@pytest.mark.data
@pytest.mark.parametrize("name", ["face_yunet_n_320", "face_ultralight_rfb_320"])
def test_two_people_walk_towards_the_camera(data: Path, name: str) -> None:
    found = faces(data, name, walking(data), 0.6)
    assert len(found) == 2
    assert ((found.boxes >= 0) & (found.boxes <= 1)).all()
    if found.keypoints is not None:
        eyes, mouth = found.keypoints[:, :2, 1], found.keypoints[:, 3:, 1]
        assert (eyes.max(1) < mouth.min(1)).all()
        inside = found.keypoints[:, :, :2] > found.boxes[:, None, :2]
        assert (inside & (found.keypoints[:, :, :2] < found.boxes[:, None, 2:])).all()


@pytest.mark.data
def test_the_same_as_opencv_finds(data: Path) -> None:
    import cv2

    rgb = cv2.resize(walking(data), (320, 320))
    path = str(data / "models" / "face_yunet_n_320.onnx")
    peer = cv2.FaceDetectorYN.create(path, "", (320, 320), 0.5, 0.3)
    _, rows = peer.detect(np.ascontiguousarray(rgb[:, :, ::-1]))
    rows = rows[np.argsort(-rows[:, -1])]
    found = faces(data, "face_yunet_n_320", rgb, 0.5)
    boxes = found.boxes * 320
    boxes[:, 2:] -= boxes[:, :2]
    assert found.keypoints is not None
    assert boxes == pytest.approx(rows[:, :4], abs=0.1)
    assert found.keypoints[:, :, :2].reshape(-1, 10) * 320 == pytest.approx(rows[:, 4:14], abs=0.1)
    assert found.scores == pytest.approx(rows[:, 14], abs=1e-3)
