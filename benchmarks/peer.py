"""Our job as a careful user writes it with supervision and trackers around ONNX Runtime."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE, SCORE, IOU = 416, 0.1, 0.5
PERSON = 0


class PeerJob:
    """A BGR picture to tracks, a line, a zone and a row of JSON for each object.

    tracker    one of trackers' or supervision.ByteTrack
    tuned      whether the network's output is read with care for speed
    network_s  CPU time that the network, which is YOLOX, has taken
    """

    def __init__(
        self,
        network: Path,
        tracker: Any,
        size: tuple[int, int],
        line: tuple[float, ...],
        zone: tuple[tuple[float, float], ...],
        path: str,
        tuned: bool,
    ) -> None:
        import onnxruntime
        import supervision as sv

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(network), options)
        self._input = self._session.get_inputs()[0].name
        self.network_s = 0.0
        self._sv = sv
        self._tuned = tuned
        self._tracker = tracker
        width, height = size
        self._scale = min(SIDE / width, SIDE / height)
        self._small = int(width * self._scale), int(height * self._scale)
        start, end = (sv.Point(x * width, y * height) for x, y in (line[:2], line[2:]))
        bottom = [sv.Position.BOTTOM_CENTER]
        self._line = sv.LineZone(start, end, triggering_anchors=bottom)
        self._zone = sv.PolygonZone((np.array(zone) * size).astype(int))
        self._cells, self._strides = _cells()
        self.sink = sv.JSONSink(path)

    def __call__(self, bgr: NDArray[np.uint8], number: int) -> None:
        """One picture."""
        resized = cv2.resize(bgr, self._small, interpolation=cv2.INTER_LINEAR)
        padded = np.full((SIDE, SIDE, 3), 114, np.uint8)
        padded[: resized.shape[0], : resized.shape[1]] = resized
        tensor = np.ascontiguousarray(padded.transpose(2, 0, 1)[None], np.float32)
        decoded = self._decoded_by_hand if self._tuned else self._decoded
        detections = decoded(self._run(tensor)[0])
        tracked = self.follow(detections)
        self.sink.append(tracked, {"frame": number})

    def follow(self, detections: Any) -> Any:
        """Track, line and zone."""
        if hasattr(self._tracker, "update_with_detections"):
            tracked = self._tracker.update_with_detections(detections)
        else:
            tracked = self._tracker.update(detections)
        self._line.trigger(tracked)
        self._zone.trigger(tracked)
        return tracked

    def _run(self, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        begun = process_time()
        output: NDArray[np.float32] = self._session.run(None, {self._input: tensor})[0]
        self.network_s += process_time() - begun
        return output

    def _decoded(self, output: NDArray[np.float32]) -> Any:
        """Every cell and class first, then what is wanted, as supervision's guides do it."""
        boxes = self._boxes(output, slice(None))
        scores = output[:, 4:5] * output[:, 5:]
        detections = self._sv.Detections(
            xyxy=boxes, confidence=scores.max(axis=1), class_id=scores.argmax(axis=1)
        )
        detections = detections[detections.confidence > SCORE].with_nms(IOU)
        return detections[detections.class_id == PERSON]

    def _decoded_by_hand(self, output: NDArray[np.float32]) -> Any:
        """Only the cells and the one class that matter."""
        scores = output[:, 4] * output[:, 5 + PERSON]
        rows = np.flatnonzero(scores > SCORE)
        detections = self._sv.Detections(
            xyxy=self._boxes(output, rows),
            confidence=scores[rows],
            class_id=np.full(len(rows), PERSON),
        )
        return detections.with_nms(IOU)

    def _boxes(self, output: NDArray[np.float32], rows: Any) -> NDArray[np.float32]:
        centre = (output[rows, :2] + self._cells[rows]) * self._strides[rows]
        half = np.exp(output[rows, 2:4]) * self._strides[rows] / 2
        return np.concatenate([centre - half, centre + half], 1) / self._scale


def _cells() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    places, strides = [], []
    for stride in (8, 16, 32):
        count = SIDE // stride
        y, x = np.divmod(np.arange(count * count), count)
        places.append(np.stack([x, y], 1))
        strides.append(np.full((count * count, 1), stride))
    return np.concatenate(places).astype(np.float32), np.concatenate(strides).astype(np.float32)
