"""Everything that one camera writes while it runs: metadata, annotated video, preview, summary."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from time import perf_counter_ns

from sightline.camera.annotation import Annotation
from sightline.camera.camera import Camera
from sightline.camera.readout import Readout
from sightline.errors import ConfigError
from sightline.twin.config import CameraConfig
from sightline.wire.formats.base import MetadataWriter
from sightline.wire.formats.open import open_writer
from sightline.wire.formats.sink import Sink
from sightline.wire.formats.spatial_wishes import Wishes


class Outputs:
    """`with Outputs(camera) as outputs: outputs.write(readout)`.

    Every file is opened at the start, so that a path that cannot be written is a ConfigError
    before the first picture. Leaving closes them, also after an error: what was written stays
    valid. Raises OutputError when writing fails.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._size: tuple[int, int] | None = None
        wanted = camera.config.output
        _refuse_to_overwrite(camera.config)
        self._closing = ExitStack()
        self._metadata: MetadataWriter | None = None
        self._annotation: Annotation | None = None
        self._summary: Sink | None = None
        if wanted.metadata:
            self._metadata = open_writer(wanted.metadata, wanted.format, _wishes(camera.config))
            self._closing.callback(self._metadata.close)
        if wanted.video or wanted.preview:
            self._annotation = Annotation(camera)
            self._closing.callback(self._annotation.close)
        if wanted.summary:
            self._summary = Sink.open(wanted.summary)

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, *exc: object) -> None:
        with self._closing:
            if self._metadata and self._size:
                for measure in self._camera.measures():
                    self._metadata.measure(measure)
        if self._summary:
            self._summary.write(self._camera.summary().to_json())
            self._summary.close()

    def write(self, readout: Readout) -> None:
        """Write one readout wherever it is wanted."""
        begun = perf_counter_ns()
        if self._metadata:
            self._write_metadata(self._metadata, readout)
        if self._annotation:
            self._annotation.write(readout)
        self._camera.tally.wrote(perf_counter_ns() - begun)

    def _write_metadata(self, writer: MetadataWriter, readout: Readout) -> None:
        if readout.size != self._size:
            self._size = readout.size
            writer.header(self._camera.header(readout))
        if readout.sequence is not None:
            writer.frame(
                readout.detections,
                readout.labels,
                readout.sequence,
                readout.time_ns,
                readout.truth,
                readout.name,
            )
        for event in readout.events:
            writer.event(event)


def _wishes(config: CameraConfig) -> Wishes:
    zones = [*config.placed().zones, *config.placed().dwell]
    return Wishes(
        config.output.spatial_analysis,
        {zone.name: zone.polygon for zone in zones},
        {one.name: one.limit_m for one in config.distances},
    )


def _refuse_to_overwrite(config: CameraConfig) -> None:
    """Raise ConfigError where an output is the source itself, or two outputs are one file."""
    taken = {Path(config.source.uri).resolve(): "the source"}
    for name in ("metadata", "video", "preview", "summary", "state"):
        path = getattr(config.output, name)
        if path is None or path == "-":
            continue
        whole = Path(path).resolve()
        if whole in taken:
            raise ConfigError(f"output.{name}: {path} is {taken[whole]}; give it a file of its own")
        taken[whole] = f"output.{name}"
