"""What a camera understood, drawn into its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sightline.camera.draw.backdrop import backdrop
from sightline.camera.draw.lines import Lines
from sightline.camera.draw.masks import masks
from sightline.camera.draw.palette import Colour, colour_of
from sightline.camera.draw.panel import Panel
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Rgb, line, rounded, stroke
from sightline.camera.draw.skeleton import skeletons
from sightline.camera.draw.status import Status
from sightline.camera.draw.tags import Tags
from sightline.camera.draw.trails import Trails
from sightline.camera.draw.typeface import Typeface
from sightline.camera.draw.zones import Zones
from sightline.results import Detections
from sightline.wire.frame import finite
from sightline.wire.messages import Place

_CROWD = 30  # objects beyond which tags carry the number only
_FAR = 2.0  # fractions of the picture beyond which no coordinate goes


class Painter:
    """One camera's drawings; remembers the trails from picture to picture.

    size    width and height of the pictures in pixels
    labels  the class names that the detections index
    lines   name and points of each counting line, fractions of the picture
    zones   name and corners of each zone, fractions of the picture
    """

    def __init__(
        self,
        size: tuple[int, int],
        labels: Sequence[str],
        lines: Sequence[tuple[str, Sequence[Place]]] = (),
        zones: Sequence[tuple[str, Sequence[Place]]] = (),
    ) -> None:
        self._scale = Scale(*size)
        self._labels = labels
        typeface = Typeface(self._scale.text)
        self._tags = Tags(self._scale, typeface)
        self._trails = Trails(self._scale)
        self._lines = Lines(self._scale, lines)
        self._zones = Zones(self._scale, zones)
        self._panel = Panel(
            self._scale, typeface, [name for name, _ in lines], [name for name, _ in zones]
        )

    def paint(
        self, rgb: Rgb, detections: Detections, status: Status, *, bare: bool = False
    ) -> None:
        """Draw into `rgb`, uint8 (H, W, 3) of this painter's size, contiguous, in place.

        `bare` puts a quiet grid first, for a picture that privacy has left blank.
        """
        if bare:
            rgb[:] = backdrop(self._scale.width, self._scale.height)
        shown = finite(detections)
        ids = shown.labels if shown.track_ids is None else shown.track_ids
        colours = [colour_of(number) for number in ids.tolist()]
        self._tags.begin(self._panel.areas(status, len(shown)))
        masks(rgb, self._scale, shown, colours)
        self._zones.draw(rgb, status, self._tags)
        self._trails.update(shown, status.time_ns)
        self._trails.draw(rgb)
        self._lines.draw(rgb, status, self._tags)
        skeletons(rgb, self._scale, shown, colours)
        self._boxes(rgb, shown, colours, status.speeds)
        self._tags.draw(rgb)
        self._panel.draw(rgb, status, len(shown))

    def _boxes(
        self,
        rgb: Rgb,
        shown: Detections,
        colours: Sequence[Colour],
        speeds: Mapping[int, float],
    ) -> None:
        width, height = self._scale.width, self._scale.height
        limits = shown.boxes.astype(np.float64).clip(-_FAR, _FAR)
        boxes = (limits * [width, height, width, height]).tolist()
        # A tracker gives the score 0 to what it only expects to be there.
        seen = (shown.scores > 0).tolist()
        for (x1, y1, x2, y2), colour, is_seen in zip(boxes, colours, seen, strict=True):
            outline = rounded(x1, y1, x2, y2, self._scale.text * 0.5)
            if is_seen:
                stroke(rgb, outline, colour, self._scale.stroke, closed=True)
            else:
                line(rgb, np.concatenate([outline, outline[:1]]), colour, 1)
        for box, colour, texts, is_seen in zip(
            boxes, colours, self._texts(shown, speeds), seen, strict=True
        ):
            x1, y1, x2, y2 = (round(value) for value in box)
            if is_seen and x1 < width and y1 < height and x2 > 0 and y2 > 0:
                self._tags.for_box((x1, y1, x2, y2), texts, colour)

    def _texts(self, shown: Detections, speeds: Mapping[int, float]) -> list[tuple[str, ...]]:
        """What each tag may say, longest first."""
        if shown.track_ids is not None:
            short = [
                f"#{track} {speeds[track]:.1f} m/s" if track in speeds else f"#{track}"
                for track in shown.track_ids.tolist()
            ]
        else:
            short = [f"{score:.0%}" for score in shown.scores.tolist()]
        if len(shown) > _CROWD:
            return [(text,) for text in short]
        names = (self._name(label) for label in shown.labels.tolist())
        return [(f"{name} {text}", text) for name, text in zip(names, short, strict=True)]

    def _name(self, label: int) -> str:
        return self._labels[label] if 0 <= label < len(self._labels) else f"class {label}"
