"""The headers that frames are read with, at hand."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from sqlalchemy import Connection, select

from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.frame_messages import read_header
from sightline.hub.store.tables.frames import headers
from sightline.wire.codec import encode
from sightline.wire.messages import Header

_MOST = 8192


class Headers:
    """By camera and digest. Lives in the writer's thread.

    Cameras that run the same model share its list of class names.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Header] = OrderedDict()
        self._labels: dict[tuple[str, ...], tuple[str, ...]] = {}

    def learn(
        self, connection: Connection, camera: str, digest: str, header: Header, arrived_ns: int
    ) -> None:
        """Keep a header that came."""
        row = (camera, digest, encode(header), arrived_ns)
        columns = ("camera", "digest", "body", "arrived_ns")
        insert_rows(connection, headers, columns, [row], "ON CONFLICT DO NOTHING")
        self._keep(camera, digest, header)

    def get(self, connection: Connection, camera: str, digest: str) -> Header | None:
        """The header; None where it has not come."""
        header = self._known.get((camera, digest))
        if header is not None:
            self._known.move_to_end((camera, digest))
            return header
        query = select(headers.c.body).where(headers.c.camera == camera, headers.c.digest == digest)
        body = connection.execute(query).scalar_one_or_none()
        return self._keep(camera, digest, read_header(body)) if body is not None else None

    def forget(self) -> None:
        """What was learned last may have been rolled back."""
        self._known.clear()

    def _keep(self, camera: str, digest: str, header: Header) -> Header:
        if len(self._labels) > _MOST:
            self._labels.clear()
        header = replace(header, labels=self._labels.setdefault(header.labels, header.labels))
        self._known[camera, digest] = header
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return header
