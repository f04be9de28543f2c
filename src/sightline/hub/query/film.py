"""Tracks as the hub stored them, for whatever looks at them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from sightline.hub.store.frame_messages import Reading, sound_tracks
from sightline.hub.store.frame_table import pieces_of
from sightline.hub.store.frames import between
from sightline.hub.store.segments import Segments
from sightline.results.stretch import Stretch

MOST_FRAMES = 500_000  # of one question: a day at five frames a second


def stored(
    connection: Connection, segments: Segments, camera: str, from_ns: int, to_ns: int
) -> Iterator[tuple[list[str], float, Stretch]]:
    """Class names, aspect, and frames; names stay as they were first."""
    known: list[str] = []
    reading = Reading(connection, camera)
    for table in between(connection, segments, camera, from_ns, to_ns):
        for piece in pieces_of(table):
            header = reading.header(piece.header)
            names = list(header.labels) if header else []
            aspect = header.width / header.height if header and header.height else 1.0
            known += [name for name in names if name not in known]
            film = sound_tracks(piece)
            if names:
                own = np.array([known.index(name) for name in names], np.int32)
                labels = own[film.objects.labels.clip(0, len(own) - 1)]
                film = replace(film, objects=replace(film.objects, labels=labels))
            yield known, aspect, film
