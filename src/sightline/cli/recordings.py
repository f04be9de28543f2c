"""Recorded tracks, of one camera or of several over one floor plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sightline.errors import ConfigError, InputError

if TYPE_CHECKING:
    from sightline.results import Detections
    from sightline.results.stretch import Stretch
    from sightline.twin.plan import Plan
    from sightline.wire.formats.base import MetadataReader

    Rows = Iterator[tuple[int, Detections]]


def tracked_rows(reader: MetadataReader, labels: list[str], name: str) -> Rows:
    """Time and tracks of each picture. `labels` grows with those of the recording.

    Raises InputError where there are detections without identities.
    """
    for time_ns, tracks in reader.frames():
        labels += reader.header.labels[len(labels) :]
        if tracks.track_ids is None:
            if len(tracks):
                raise _no_identities(name)
            tracks = tracks.with_tracks(np.empty(0, np.int64))
        yield time_ns, tracks


def tracked_film(reader: MetadataReader, labels: list[str], name: str) -> Iterator[Stretch]:
    """The same, many pictures at a time."""
    from sightline.results.stretch import stretches
    from sightline.wire.formats.base import BlockReader

    if not isinstance(reader, BlockReader):
        yield from stretches(tracked_rows(reader, labels, name))
        return
    for block in reader.blocks():
        labels += reader.header.labels[len(labels) :]
        if np.diff(block.offsets)[~block.tracked].any():
            raise _no_identities(name)
        yield block.tracks()


def _no_identities(name: str) -> InputError:
    return InputError(
        f"{name} holds detections without identities; give it to `sightline track` first and "
        "analyze what that writes"
    )


def floor_rows(
    names: Sequence[str], readers: Sequence[MetadataReader], plan: Plan, labels: list[str]
) -> Rows:
    """Everybody on the plan, as its camera from above sees them; who changes cameras stays one.

    `labels` becomes the class names of all recordings. Raises ConfigError where the plan does not
    know a camera, or where the recordings' times have nothing to do with each other.
    """
    from sightline.analytics.across import Across
    from sightline.analytics.floorwide import floorwide

    cameras = [_camera_of(name, reader, plan) for name, reader in zip(names, readers, strict=True)]
    twice = {camera for camera in cameras if cameras.count(camera) > 1}
    if twice:
        raise ConfigError(f"two recordings are of camera {sorted(twice)[0]!r}; give one of each")
    if len({reader.header.clock for reader in readers}) > 1:
        raise ConfigError(
            "some recordings count time since 1970 and others since their own beginning; only "
            "recordings by the same clock can be laid over each other"
        )
    across = Across({camera: plan.ground_of(camera) for camera in cameras})
    rows = {
        camera: _relabelled(tracked_rows(reader, own, name), own, labels)
        for camera, name, reader in zip(cameras, names, readers, strict=True)
        for own in [list(reader.header.labels)]
    }
    return floorwide(across, rows, plan.low, plan.high, plan.flip)


def _camera_of(name: str, reader: MetadataReader, plan: Plan) -> str:
    """Which camera of the plan a recording is of: by its header, else by its file's name."""
    told = reader.header.camera
    camera = told if told in plan.grounds else Path(name).stem
    plan.ground_of(camera)
    return camera


def _relabelled(rows: Rows, own: list[str], labels: list[str]) -> Rows:
    """The rows with class indices into `labels`, which grows by names that it lacks."""
    from dataclasses import replace

    table = np.empty(0, np.int32)
    for time_ns, tracks in rows:
        if len(table) < len(own):
            labels += [name for name in own if name not in labels]
            table = np.array([labels.index(name) for name in own], np.int32)
        yield time_ns, replace(tracks, labels=table[tracks.labels]) if len(tracks) else tracks
