"""Stored frames as messages, or as detections for analytics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pyarrow as pa
from sqlalchemy import Connection, select

from sightline.errors import InputError
from sightline.hub.store.frame_table import Piece, pieces_of
from sightline.hub.store.tables.frames import headers
from sightline.results.stretch import Stretch
from sightline.wire.formats.block import PackedFrame
from sightline.wire.frame import frame_metadata
from sightline.wire.messages import FrameMetadata, Header


class Reading:
    """Makes messages of tables of one camera; looks up each header once."""

    def __init__(self, connection: Connection, camera: str) -> None:
        self._connection = connection
        self._camera = camera
        self._headers: dict[str, Header | None] = {}

    def messages(self, table: pa.Table) -> Iterator[FrameMetadata]:
        """One message a frame."""
        for piece in pieces_of(table):
            labels = self._labels(piece)
            for time_ns, sequence, detections, extras in sound_frames(piece):
                yield frame_metadata(
                    detections, labels, self._camera, sequence, time_ns,
                    extras.get("truth"), str(extras.get("name", "")),
                )  # fmt: skip

    def header(self, digest: str) -> Header | None:
        """The header that a digest names; None where it never came."""
        if digest not in self._headers:
            query = select(headers.c.body).where(
                headers.c.camera == self._camera, headers.c.digest == digest
            )
            body = self._connection.execute(query).scalar_one_or_none()
            self._headers[digest] = None if body is None else read_header(body)
        return self._headers[digest]

    def _labels(self, piece: Piece) -> list[str]:
        header = self.header(piece.header)
        known = list(header.labels) if header is not None else []
        most = int(piece.block.objects.labels.max(initial=-1)) + 1
        return known + [f"class {i}" for i in range(len(known), min(most, 1 << 16))]


def sound_frames(piece: Piece) -> list[PackedFrame]:
    """The frames of a piece; without keypoints and masks where a camera sent what are none."""
    try:
        return list(piece.block.frames())
    except InputError:
        return list(replace(piece.block, extras={}).frames())


def sound_tracks(piece: Piece) -> Stretch:
    """The frames of a piece for analytics; without probes where a camera sent what are none."""
    try:
        return piece.block.tracks()
    except InputError:
        return replace(piece.block, extras={}).tracks()


def read_header(body: bytes) -> Header:
    """A header as the database keeps it."""
    header: Header = msgspec.json.decode(body, type=Header)
    return header
