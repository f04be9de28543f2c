"""What a camera says of one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sightline.picture import Picture
from sightline.results import Detections
from sightline.wire.messages import Event


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """One picture understood, or (with `sequence` None) only a change of the source's state.

    time_ns     capture time; see wire.messages for which clock
    size        width and height of the sensor image in pixels
    detections  what is reported: confirmed tracks with `track_ids`; the boxes are fractions
    labels      the class names that `detections.labels` index
    events      what happened since the readout before
    seen        all that the network saw, before tracking
    picture     the sensor's picture, only where an output asked for pictures; what leaves
                the camera goes through `camera.privacy`
    truth       what a rendered scene knows of this moment
    name        of the picture, where the source has names
    """

    camera: str
    time_ns: int
    sequence: int | None
    size: tuple[int, int]
    detections: Detections
    labels: tuple[str, ...]
    events: tuple[Event, ...]
    seen: Detections
    picture: Picture | None = None
    truth: object | None = None
    name: str = ""

    @classmethod
    def of_events(
        cls,
        camera: str,
        events: Sequence[Event],
        labels: tuple[str, ...],
        size: tuple[int, int],
    ) -> Readout:
        """Something that happened without a picture. `events` are at least one."""
        nothing = Detections.empty()
        named = tuple(replace(event, camera=camera) for event in events)
        return cls(camera, named[-1].time_ns, None, size, nothing, labels, named, nothing)
