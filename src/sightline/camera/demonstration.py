"""The main job on a rendered scene, held against the truth that the scene knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sightline.errors import ConfigError
from sightline.source.rendering.truth import Counts, truth_counts
from sightline.source.scene import scene_of
from sightline.twin.config import CameraConfig, parse_config
from sightline.wire.codec import decode
from sightline.wire.formats.sink import Sink
from sightline.wire.messages import FrameMetadata
from sightline.wire.summary import Summary

_SEED = 7


def demo_config(seconds: float, out: Path, quiet: bool) -> CameraConfig:
    """A camera at the rendered entrance that writes everything into the folder `out`."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the folder {out}: {error.strerror}") from None
    place = scene_of("scene:entrance")
    tree = {
        "name": "entrance",
        "source": f"scene:entrance?seed={_SEED}&seconds={seconds:g}",
        "lines": [
            {"name": name, "points": [line[:2], line[2:]], "classes": ["person"]}
            for name, line in place.lines.items()
        ],
        "zones": [
            {"name": name, "polygon": zone, "classes": ["person"]}
            for name, zone in place.zones.items()
        ],
        "privacy": {"policy": "full"},
        "output": {
            "metadata": str(out / "metadata.jsonl"),
            "video": str(out / "entrance.mp4"),
            "summary": str(out / "summary.json"),
            "quiet": quiet,
        },
    }
    return parse_config(tree, "demo")


def compare(config: CameraConfig, summary: Summary) -> Summary:
    """The summary with the truth beside it, which is also put into the summary file."""
    lines = {line.name: [c for point in line.points for c in point] for line in config.lines}
    zones = {zone.name: zone.polygon for zone in config.zones}
    margins = {place.name: place.hysteresis for place in (*config.lines, *config.zones)}
    metadata = Path(str(config.output.metadata))
    truth: dict[str, Any] = dict(_truth(metadata, lines, zones, margins))
    compared = replace(summary, truth=truth)
    sink = Sink.open(str(config.output.summary))
    sink.write(compared.to_json() + b"\n")
    sink.close()
    return compared


def _truth(
    metadata: Path, lines: dict[str, Any], zones: dict[str, Any], margins: dict[str, float]
) -> Counts:
    def frames() -> Iterator[tuple[int, Any]]:
        with metadata.open("rb") as stream:
            for line in stream:
                message = decode(line)
                if isinstance(message, FrameMetadata):
                    yield message.time_ns, message.truth

    return truth_counts(frames(), lines, zones, hysteresis=margins)
