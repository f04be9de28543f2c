"""A scene through a whole camera, and what the camera says held against what the scene knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sightline.analytics.replay import Replay
from sightline.analytics.score import CountScore, EventScore, score_counts, score_events
from sightline.analytics.view import FAULTS
from sightline.camera.camera import Camera
from sightline.errors import ConfigError, InputError
from sightline.results import Detections
from sightline.results.stretch import stretches
from sightline.source.rendering.truth import truth_counts
from sightline.source.scene import scene_of
from sightline.twin.config import CameraConfig, parse_config
from sightline.twin.questions import counts, questions
from sightline.wire.formats.base import MetadataReader
from sightline.wire.formats.mot import MotReader
from sightline.wire.formats.open import open_reader
from sightline.wire.messages import Event, FrameMetadata

_OURS = (".jsonl", ".ndjson", ".slp")


@dataclass(frozen=True, slots=True)
class Scored:
    """How right a camera was.

    counts  against the truth as the analytics define it, hysteresis included
    steps   against every change of side of exact feet, where that is known
    """

    events: list[EventScore] = field(default_factory=list)
    counts: list[CountScore] = field(default_factory=list)
    steps: list[CountScore] = field(default_factory=list)


def scene_config(
    uri: str, model: str, within: dict[str, Any] | None = None, **more: Any
) -> CameraConfig:
    """A camera at a scene that is asked what fits the scene, unless `within` asks otherwise."""
    place = scene_of(uri)
    whose = {"classes": ["person"], "anchor": place.anchor}
    asked: dict[str, Any] = {
        "lines": [
            {"name": name, "points": [line[:2], line[2:]], **whose}
            for name, line in place.lines.items()
        ],
        "zones": [{"name": name, "polygon": zone, **whose} for name, zone in place.zones.items()],
        **place.asked,
    }
    tree = {"name": "scene", "model": model, **asked, **(within or {}), **more, "source": uri}
    return parse_config(tree, uri)


def evaluate_scene(config: CameraConfig, within_s: float) -> Scored:
    """Run the camera to the end and score it."""
    camera = Camera(config)
    found: list[Event] = []
    told: list[tuple[int, Any]] = []
    for readout in camera.run():
        found += readout.events
        if readout.truth is not None:
            told.append((readout.time_ns, readout.truth))
    return scored(config, found, camera.counts(), told, within_s)


def scored(
    config: CameraConfig,
    found: Iterable[Event],
    counted: dict[str, Any],
    told: list[tuple[int, Any]],
    within_s: float,
) -> Scored:
    """Events and counts against the truths `told` with the frames, each with its time."""
    lines = {line.name: [c for point in line.points for c in point] for line in config.lines}
    zones = {zone.name: zone.polygon for zone in config.zones}
    true = true_events(told)
    at_scene = config.source.uri.startswith("scene:")
    kinds = {*scene_of(config.source.uri).tells} if at_scene else {e.kind for e in true}
    kinds |= {f"view.{fault}" for fault in FAULTS}
    margins = {place.name: place.hysteresis for place in (*config.lines, *config.zones)}
    end_s = max((time_ns for time_ns, _ in told), default=0) / 1e9
    defined, every = (
        {kind: numbers[kind] for kind in ("lines", "zones") if numbers[kind]}
        for numbers in (
            truth_counts(told, lines, zones, hysteresis=margins),
            truth_counts(told, lines, zones),
        )
    )
    scores = score_events(found, true, kinds, within_s, end_s)
    return Scored(scores, score_counts(counted, defined), score_counts(counted, every))


def true_events(told: Iterable[tuple[int, Any]]) -> list[Event]:
    """What happened, as the truths of the frames tell it, faults of the view among it."""
    frames = list(told)
    return [*_faults(frames), *_happened(frames)]


def _faults(told: list[tuple[int, Any]]) -> Iterator[Event]:
    """One event for each fault that begins; who turns a camera moves its view."""
    before: set[str] = set()
    for time_ns, truth in told:
        now = set(truth.get("view", {}).get("faults", ()))
        for fault in sorted(now - before):
            kind = "moved" if fault in ("tilted", "turned") else fault
            yield Event(f"view.{kind}", time_ns, "view")
        before = now


def _happened(told: list[tuple[int, Any]]) -> list[Event]:
    return [
        Event(
            kind=event["kind"],
            time_ns=event["time_ns"],
            name=event["name"],
            track=event.get("track"),
            data=event.get("data", {}),
        )
        for _, truth in told
        for event in truth.get("events", ())
    ]


def judge(
    recording: str,
    truth: str | None,
    asked: dict[str, Any],
    *,
    model: str = "truth",
    within_s: float = 2.0,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    exact: bool | None = None,
) -> Scored:
    """Score a scene, which is run now, or a recording of metadata or tracks.

    truth  a file; None: the scene's own, or what the recording itself holds
    asked  keys of a camera's configuration: lines, zones and other questions
    exact  believe every box and identity of the recording (None: where it is ground truth)
    Raises ConfigError, InputError.
    """
    if recording.startswith("scene:"):
        if truth is not None:
            raise ConfigError(f"{recording}: a scene knows the truth itself; leave out --truth")
        return evaluate_scene(scene_config(recording, model, asked), within_s)
    config = _asked_of(recording, truth, asked)
    found, counted = _answers(recording, config, size, fps, exact)
    if truth is None:
        told = _told(recording)
        if not told:
            raise ConfigError(f"{recording} holds no truth; name what does with --truth")
        return scored(config, found, counted, told, within_s)
    if truth.endswith(".json"):
        return Scored(counts=score_counts(counted, _counts_in(truth)))
    told = [] if truth.endswith(".txt") else _told(truth)
    if told:
        return scored(config, found, counted, told, within_s)
    true, numbers = _answers(truth, config, size, fps, exact=True)
    kinds = {event.kind for event in true}
    known = {kind: numbers[kind] for kind in ("lines", "zones") if numbers.get(kind)}
    return Scored(score_events(found, true, kinds, within_s), score_counts(counted, known))


def _asked_of(recording: str, truth: str | None, asked: dict[str, Any]) -> CameraConfig:
    """The questions given, else those of the scene that was recorded."""
    if not asked:
        for path in (recording, truth):
            source = open_reader(path).header.source if path and path.endswith(_OURS) else ""
            if source.startswith("scene:"):
                return scene_config(source, "truth")
    return parse_config({"name": "recording", **asked, "source": recording}, recording)


def _answers(
    path: str,
    config: CameraConfig,
    size: tuple[int, int] | None,
    fps: float | None,
    exact: bool | None,
) -> tuple[list[Event], dict[str, Any]]:
    """Events and counts of a file: worked out from its tracks, or else those that it holds."""
    reader = open_reader(path, size=size, fps=fps)
    labels = list(reader.header.labels)
    header = reader.header
    aspect = header.width / header.height if header.width and header.height else 1.0
    if exact is None:  # ground truth is believed as it is, as `sightline analyze` does
        named = Path(path).name == "gt.txt"
        exact = isinstance(reader, MotReader) and (named or reader.truth)
    analytics = questions(config, labels, aspect, exact=exact)
    if not analytics:
        return [item for item in reader.messages() if isinstance(item, Event)], {}
    replay = Replay(analytics, labels, config.detect.classes)
    found = [event for batch in replay.run(stretches(_tracks(reader, labels))) for event in batch]
    return found, {**counts(analytics), "tracks": replay.tracks()}


def _tracks(reader: MetadataReader, labels: list[str]) -> Iterator[tuple[int, Detections]]:
    for time_ns, tracks in reader.frames():
        labels += reader.header.labels[len(labels) :]
        if tracks.track_ids is None:
            tracks = tracks[:0].with_tracks(np.empty(0, np.int64))
        yield time_ns, tracks


def _told(path: str) -> list[tuple[int, Any]]:
    """The truths that the frames of a recording hold."""
    if not path.endswith(_OURS):
        return []
    return [
        (item.time_ns, item.truth)
        for item in open_reader(path).messages()
        if isinstance(item, FrameMetadata) and item.truth is not None
    ]


def _counts_in(path: str) -> dict[str, Any]:
    try:
        held: dict[str, Any] = msgspec.json.decode(Path(path).read_bytes(), type=dict[str, Any])
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise InputError(f"{path}: holds no counts in JSON: {error}") from None
    return held
