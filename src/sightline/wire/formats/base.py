"""Forms that metadata can be stored in: the contracts and the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from sightline.results import Detections
from sightline.wire.formats.block import Block
from sightline.wire.messages import Event, Header, Measure, Message

WRITERS = {
    "jsonl": "sightline.wire.formats.jsonl:JsonlWriter",
    "packed": "sightline.wire.formats.packed:PackedWriter",
    "mot": "sightline.wire.formats.mot:MotWriter",
    "coco": "sightline.wire.formats.coco:CocoWriter",
    "spatial-analysis": "sightline.wire.formats.spatial_analysis:SpatialAnalysisWriter",
    "spatial-analysis-1.0": "sightline.wire.formats.spatial_analysis:SpatialAnalysis1Writer",
}

READERS = {
    "jsonl": "sightline.wire.formats.jsonl:JsonlReader",
    "packed": "sightline.wire.formats.packed:PackedReader",
    "mot": "sightline.wire.formats.mot:MotReader",
    "aitrios": "sightline.wire.formats.foreign.aitrios:AitriosReader",
    "axis_scene": "sightline.wire.formats.foreign.axis_scene:AxisSceneReader",
    "azure_lva": "sightline.wire.formats.foreign.azure_lva:AzureLvaReader",
    "deepstream": "sightline.wire.formats.foreign.deepstream:DeepStreamReader",
    "dlstreamer": "sightline.wire.formats.foreign.dlstreamer:DlStreamerReader",
    "frigate": "sightline.wire.formats.foreign.frigate:FrigateReader",
    "onvif": "sightline.wire.formats.foreign.onvif:OnvifReader",
}

OURS = ("jsonl", "packed")  # what tells the size of its pictures and their times itself

SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".slp": "packed", ".txt": "mot", ".json": "coco"}

Row: TypeAlias = tuple[int, Detections]


class MetadataWriter(Protocol):
    """Built from a `Sink`. What a format has no room for, it leaves out.

    Every method raises OutputError when the place to write to gives up; what was written
    before stays valid and readable.
    """

    def header(self, header: Header) -> None:
        """Come first. Once more where the same camera goes on with another model or size."""
        ...

    def frame(
        self,
        detections: Detections,
        labels: Sequence[str],
        sequence: int,
        time_ns: int,
        truth: Any = None,
        name: str = "",
    ) -> None:
        """What was seen in one picture.

        labels  the class names that the detections index
        truth   what a rendered scene knows, as plain JSON values
        name    of the picture, where the source has names: "000000000139.jpg"
        """
        ...

    def event(self, event: Event) -> None: ...
    def measure(self, measure: Measure) -> None: ...

    def close(self) -> None:
        """Write what is still held back and let go. Twice does no harm."""
        ...


class MetadataReader(Protocol):
    """Reads as it goes, so that a recording may be larger than memory."""

    header: Header

    def frames(self) -> Iterator[Row]:
        """Time in nanoseconds and what was seen, picture by picture.

        `Detections.labels` index `header.labels`. Raises InputError where the file is not
        what it claims to be; a record that was cut off at the end is left out.
        """
        ...

    def messages(self) -> Iterator[Message]:
        """All that the file holds, headers too, as messages. Take this or `frames`, not both."""
        ...


@runtime_checkable
class BlockReader(Protocol):
    """A reader that also gives many pictures at once."""

    header: Header

    def blocks(self) -> Iterator[Block]:
        """All frames in order, as blocks whose labels index `header.labels`.

        Take this or `frames` or `messages`, not two of them.
        """
        ...
