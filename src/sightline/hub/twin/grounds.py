"""Where cameras see the floor, by what they are told or came with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec
from pydantic import ValidationError
from sqlalchemy import Connection, select

from sightline.analytics.floor import GroundConfig
from sightline.hub.store.tables.twins import twins

_AT_ONCE = 500


class _Config(msgspec.Struct):
    ground: msgspec.Raw = msgspec.Raw(b"null")


class _Tree(msgspec.Struct):
    config: _Config


_TREE = msgspec.json.Decoder(_Tree)


def grounds(connection: Connection, cameras: Sequence[str]) -> dict[str, GroundConfig]:
    """Those of the cameras that are calibrated."""
    found = ((camera, _sound(bytes(told))) for camera, told in _told(connection, cameras))
    return {camera: ground for camera, ground in found if ground is not None}


def _told(connection: Connection, cameras: Sequence[str]) -> Iterator[tuple[str, msgspec.Raw]]:
    for begin in range(0, len(cameras), _AT_ONCE):
        here = twins.c.camera.in_(cameras[begin : begin + _AT_ONCE])
        query = select(twins.c.camera, twins.c.version, twins.c.desired, twins.c.reported)
        for row in connection.execute(query.where(here)):
            body = row.desired if row.version else row.reported
            if body:
                yield row.camera, _TREE.decode(body).config.ground


@lru_cache(4096)
def _sound(told: bytes) -> GroundConfig | None:
    """A calibration as it stands in a twin; lists of plans read the same ones again and again."""
    if told == b"null":
        return None
    try:
        return GroundConfig.model_validate_json(told)
    except ValidationError:
        return None  # of a camera that checks otherwise than this hub
