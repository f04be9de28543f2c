"""The annotated picture of a camera, as a video and as a preview that is always the newest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from sightline.camera.camera import Camera
from sightline.camera.draw.painter import Painter
from sightline.camera.draw.status import Status
from sightline.camera.privacy import Privacy, Published
from sightline.camera.readout import Readout
from sightline.camera.video import VideoWriter, check_video_path
from sightline.errors import ConfigError, OutputError
from sightline.twin.config import CameraConfig
from sightline.wire.messages import Place

_ZONES = ("zones", "dwell", "crowds", "queues", "hazards", "left", "shelves")
_PREVIEW_EVERY_S = 0.5
_PREVIEW_SUFFIXES = (".jpg", ".jpeg", ".png")


class Annotation:
    """Draws what the policy lets be seen. Raises ConfigError for paths that cannot be written."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._privacy = Privacy(camera.config.privacy, camera.labels)
        self._painter: Painter | None = None
        self._video: VideoWriter | None = None
        self._size = (0, 0)
        self._previewed = -_PREVIEW_EVERY_S
        self._unshown: Readout | None = None
        wanted = camera.config.output
        if wanted.video:
            check_video_path(wanted.video)
        if wanted.preview:
            _check_preview_path(Path(wanted.preview))

    def write(self, readout: Readout) -> None:
        """Draw one readout. Those without a picture change nothing to be seen."""
        if readout.sequence is None:
            return
        wanted = self._camera.config.output
        if wanted.preview and monotonic() - self._previewed < _PREVIEW_EVERY_S:
            self._unshown = readout
            if not wanted.video:
                return
        published = self._drawn(readout)
        if wanted.video:
            if self._video is None:
                self._video = VideoWriter(wanted.video, self._camera.fps, readout.size)
            self._video.write(published, readout.time_ns)
        if wanted.preview and self._unshown is not readout:
            self._show(published)

    def close(self) -> None:
        """End the video, and leave the last picture as the preview."""
        if self._video:
            self._video.close()
        if self._unshown:
            self._show(self._drawn(self._unshown))

    def _show(self, published: Published) -> None:
        _replace(Path(str(self._camera.config.output.preview)), published)
        self._previewed, self._unshown = monotonic(), None

    def _drawn(self, readout: Readout) -> Published:
        published = self._privacy.publish(readout.picture, readout.seen, readout.size)
        self._paint(published, readout)
        return published

    def _paint(self, published: Published, readout: Readout) -> None:
        if self._painter is None or readout.size != self._size:
            config, self._size = self._camera.config.placed(), readout.size
            self._painter = Painter(
                readout.size,
                readout.labels,
                [(line.name, line.points) for line in config.lines],
                list(polygons(config).items()),
            )
        counts = self._camera.counts()
        status = Status(
            time_ns=readout.time_ns,
            clock=self._camera.clock,
            lines=counts["lines"],
            zones={name: zone for kind in _ZONES for name, zone in counts[kind].items()},
            events=readout.events,
            speeds=self._camera.speeds(),
        )
        bare = published.policy == "none"
        self._painter.paint(published.rgb, readout.detections, status, bare=bare)


def polygons(config: CameraConfig) -> dict[str, Sequence[Place]]:
    """Every kind of zone by name, but for whole pictures; kinds that share a name share it."""
    zones = (zone for kind in _ZONES for zone in getattr(config, kind))
    return {zone.name: zone.polygon for zone in zones if "polygon" in zone.model_fields_set}


def _check_preview_path(path: Path) -> None:
    if path.suffix.lower() not in _PREVIEW_SUFFIXES:
        raise ConfigError(
            f"the name {str(path)!r} does not say which kind of picture to write: "
            f"end it with one of {', '.join(_PREVIEW_SUFFIXES)}"
        )
    if not os.access(path.parent, os.W_OK):
        raise ConfigError(f"cannot write to {path}: its folder is missing or not writable")


def _replace(path: Path, published: Published) -> None:
    """Whoever looks at the file sees the old picture or the new one, never a part."""
    import cv2

    encoded, data = cv2.imencode(path.suffix, published.rgb[:, :, ::-1])
    assert encoded
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data.tobytes())
        os.replace(beside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise OutputError(f"cannot write the preview {path}: {error.strerror}") from None
