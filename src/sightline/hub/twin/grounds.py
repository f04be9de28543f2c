"""Where cameras see the floor, by what they are told or came with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from pydantic import ValidationError
from sqlalchemy import Connection, select

from sightline.analytics.floor import GroundConfig
from sightline.hub.store.tables.twins import twins

_AT_ONCE = 500


class _Tree(msgspec.Struct):
    config: dict[str, object] = {}


def grounds(connection: Connection, cameras: Sequence[str]) -> dict[str, GroundConfig]:
    """Those of the cameras that are calibrated."""
    return dict(_found(connection, cameras))


def _found(connection: Connection, cameras: Sequence[str]) -> Iterator[tuple[str, GroundConfig]]:
    for begin in range(0, len(cameras), _AT_ONCE):
        here = twins.c.camera.in_(cameras[begin : begin + _AT_ONCE])
        query = select(twins.c.camera, twins.c.version, twins.c.desired, twins.c.reported)
        for row in connection.execute(query.where(here)):
            body = row.desired if row.version else row.reported
            told = msgspec.json.decode(body, type=_Tree).config.get("ground") if body else None
            if isinstance(told, dict):
                try:
                    yield row.camera, GroundConfig.model_validate(told)
                except ValidationError:
                    continue  # as a camera told it that checks otherwise than this hub
