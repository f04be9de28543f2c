"""Tracking by detection: predict, pair, correct."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.track import kalman
from sightline.track.base import TrackConfig
from sightline.track.coasting import coasting
from sightline.track.newcomers import newcomers
from sightline.track.overlap import centres, corners
from sightline.track.pairing import pair
from sightline.track.state import Tracks

Boxes = NDArray[np.float32]
Index = NDArray[np.intp]

_SMALLEST = 1e-4
_FURTHEST = 10


class Tracker:
    """Follows the objects of one camera.

    config  thresholds and times
    aspect  width / height of the full sensor image: distances are measured in its height
    Ids count from 1. Where time goes back by more than a track may wait, everything begins
    anew (ids go on counting); by less, it is taken as standing still.
    """

    def __init__(self, config: TrackConfig = TrackConfig(), aspect: float = 1.0) -> None:  # noqa: B008
        # Who finalises tracks later knows better which ones there are.
        self._config = config.model_copy(update={"min_hits": 1}) if config.delay_s else config
        self._aspect = aspect
        self._scale = np.array([[aspect], [1], [aspect], [1]], np.float32)
        self._tracks = Tracks()
        self._origin_ns: int | None = None
        self._now_s = self._before_s = 0.0
        self._ids = 0

    def update(self, detections: Detections, time_ns: int) -> Detections:
        """The boxes of confirmed tracks at `time_ns`, with `track_ids`, oldest track first.

        Boxes are filtered. A track that is expected but not seen has score 0. Boxes that are
        not finite or have no area are passed over.
        """
        self._advance(time_ns)
        seen = _sane(detections)
        boxes = np.multiply(seen.boxes.T, self._scale, order="C")
        found, free = pair(self._tracks, boxes, seen, self._before_s, self._config, self._aspect)
        if len(free):
            free = newcomers(boxes, seen, found[found >= 0], free, self._config.high_score)
        boxes = centres(boxes)
        self._correct(boxes, seen, found)
        if len(free):
            self._begin(boxes, seen, free)
            found = np.concatenate([found, free])
        self._confirm()
        return self._put_out(seen, found)

    def _advance(self, time_ns: int) -> None:
        if self._origin_ns is None:
            self._origin_ns = time_ns
        now_s = (time_ns - self._origin_ns) / 1e9
        if now_s < self._now_s - self._config.max_age_s:
            self._tracks.keep(np.zeros(self._tracks.count, np.bool_))
        elif now_s < self._now_s:
            now_s = self._now_s
        self._before_s, self._now_s = self._now_s, now_s
        tracks = self._tracks
        if not tracks.count:
            return
        # Nearly always everybody was seen in the picture before, and all of that is spared.
        if (tracks.seen_s < self._before_s).any() or self._gap_s > self._config.max_age_s:
            tracks.keep(self._living())
            tracks.velocity[2:, tracks.seen_s < self._before_s] = 0
        kalman.predict(tracks, self._gap_s)
        np.maximum(tracks.box[2:], _SMALLEST, out=tracks.box[2:])

    @property
    def _gap_s(self) -> float:
        return self._now_s - self._before_s

    def _living(self) -> NDArray[np.bool_]:
        """Who was seen in the picture before, or may come back."""
        tracks = self._tracks
        x, y = tracks.box[0], tracks.box[1]
        waits = (tracks.id > 0) & (x > 0) & (x < self._aspect) & (y > 0) & (y < 1)
        waits |= tracks.seen_s >= self._before_s
        living: NDArray[np.bool_] = waits & (tracks.seen_s >= self._now_s - self._config.max_age_s)
        return living

    def _correct(self, boxes: Boxes, seen: Detections, found: Index) -> None:
        tracks = self._tracks
        hit = found >= 0
        index = hit.nonzero()[0]
        if not len(index):
            return
        which = found[index]
        tracks.observed[:, index] = boxes[:, which]
        kalman.update(tracks, hit)
        tracks.seen_s[index] = self._now_s
        tracks.hits[index] += 1
        tracks.score[index] = seen.scores[which]
        self._vote(index, seen.labels[which], seen.scores[which])

    def _vote(self, index: Index, labels: NDArray[np.int32], scores: NDArray[np.float32]) -> None:
        """The class of most of a track's score (Boyer and Moore, "MJRTY", 1981)."""
        tracks = self._tracks
        weight = tracks.weight[index] + np.where(tracks.label[index] == labels, scores, -scores)
        tracks.label[index] = np.where(weight < 0, labels, tracks.label[index])
        tracks.weight[index] = np.abs(weight)

    def _begin(self, boxes: Boxes, seen: Detections, free: Index) -> None:
        tracks = self._tracks
        new = tracks.add(len(free))
        tracks.observed[:, new] = boxes[:, free]
        tracks.seen_s[new] = tracks.born_s[new] = self._now_s
        tracks.hits[new] = 1
        tracks.score[new] = tracks.weight[new] = seen.scores[free]
        tracks.label[new] = seen.labels[free]
        kalman.begin(tracks, new)

    def _confirm(self) -> None:
        tracks = self._tracks
        due = ((tracks.hits >= self._config.min_hits) & (tracks.id == 0)).nonzero()[0]
        if len(due):
            tracks.id[due] = np.arange(self._ids + 1, self._ids + 1 + len(due))
            self._ids += len(due)

    def _put_out(self, seen: Detections, found: Index) -> Detections:
        tracks = self._tracks
        seen_now = shown = tracks.seen_s >= self._now_s
        if self._config.coast_s and not seen_now.all():
            shown = shown | coasting(tracks, self._now_s, self._config.coast_s, self._aspect)
        index = (shown & (tracks.id > 0)).nonzero()[0]
        boxes = corners(tracks.box[:, index])
        boxes[0::2] /= self._aspect
        out = Detections(
            boxes.T.astype(np.float32),
            np.where(seen_now, tracks.score, 0)[index].astype(np.float32),
            tracks.label[index].astype(np.int32),
            tracks.id[index].astype(np.int64),
        )
        return _with_details(out, seen, found[index])


def _with_details(out: Detections, seen: Detections, found: Index) -> Detections:
    """Keypoints and masks of the detections; what coasts has none (all zero)."""
    if seen.keypoints is None and seen.masks is None:
        return out

    def taken(values: NDArray[Any] | None) -> NDArray[Any] | None:
        if values is None:
            return None
        rows = np.zeros((len(found), *values.shape[1:]), values.dtype)
        rows[found >= 0] = values[found[found >= 0]]
        return rows

    return replace(out, keypoints=taken(seen.keypoints), masks=taken(seen.masks))


def _sane(detections: Detections) -> Detections:
    boxes = detections.boxes
    # A comparison with what is not a number is false.
    good = (np.abs(boxes) < _FURTHEST).all(1) & (boxes[:, 2:] > boxes[:, :2]).all(1)
    good &= detections.scores >= 0
    return detections if good.all() else detections[good]
