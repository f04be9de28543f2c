"""Faces and poses go through a whole camera: redacted, followed, named in the header."""

from pathlib import Path

import numpy as np
import pytest

from sightline.camera.camera import Camera
from sightline.camera.privacy import Privacy
from sightline.camera.readout import Readout
from sightline.twin.privacy import PrivacyConfig

pytestmark = pytest.mark.data


def seen(camera: Camera, count: int) -> list[Readout]:
    readouts = (item for item in camera.run() if item.sequence is not None)
    return [item for _, item in zip(range(count), readouts, strict=False)]


def test_faces_are_followed_and_nothing_else_is_redacted(data: Path) -> None:
    camera = Camera(
        str(data / "videos" / "face-demographics-walking.gif"),
        str(data / "models" / "face_yunet_n_320.onnx"),
        privacy={"policy": "redacted", "classes": ["face"]},
        detect={"score": 0.6},
        output={"preview": "unwritten.png"},
    )
    *_, last = seen(camera, 6)
    assert camera.header(last).keypoints[0] == "right eye"
    assert last.detections.track_ids is not None
    assert len(set(last.detections.track_ids.tolist())) == 2
    assert last.detections.keypoints is not None
    assert last.picture is not None
    published = Privacy(camera.config.privacy, camera.labels).publish(
        last.picture, last.seen, last.size
    )
    whole = last.picture.rgb()
    changed = (published.rgb != whole).any(2)
    width, height = last.size
    for x1, y1, x2, y2 in (last.detections.boxes * [width, height, width, height]).astype(int):
        assert changed[y1:y2, x1:x2].mean() > 0.8
    assert changed.mean() < 0.05
    open_ = Privacy(PrivacyConfig(policy="full"), camera.labels)
    assert np.array_equal(open_.publish(last.picture, last.seen, last.size).rgb, whole)


def test_a_pose_is_followed(data: Path) -> None:
    pytest.importorskip("ai_edge_litert")
    camera = Camera(
        str(data / "videos" / "one-by-one-person-detection.mp4"),
        str(data / "models" / "pose_movenet_lightning_int8.tflite"),
        max_frames=100,
    )
    last = seen(camera, 100)[-1]
    assert len(camera.header(last).keypoints) == 17
    assert last.detections.track_ids is not None
    assert len(last.detections) == 1
    assert last.detections.keypoints is not None
    sure = last.detections.keypoints[0][last.detections.keypoints[0, :, 2] > 0.3]
    box = last.detections.boxes[0]
    assert (sure[:, :2] > box[:2] - 0.05).all()
    assert (sure[:, :2] < box[2:] + 0.05).all()
