"""Tags, which people give, and properties of the hardware, which the camera tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from sightline.hub.refused import Refused
from sightline.hub.store.tables.registry import properties

Kind = Literal["tag", "hardware"]

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_VALUE = re.compile(r"[^\x00-\x1f\x7f\"]{1,200}")
_MOST = 64


def checked(values: Mapping[str, str], kind: Kind) -> dict[str, str]:
    """The same, if each is a key and a value that a query can ask for. Raises Refused."""
    if len(values) > _MOST:
        raise Refused(f"a camera has at most {_MOST} {kind} properties, not {len(values)}")
    for key, value in values.items():
        if not _KEY.fullmatch(key) or not _VALUE.fullmatch(value):
            raise Refused(
                f"{key!r:.80}={value!r:.80} is no {kind}: a key is letters, digits, '_', '.' and "
                f"'-', a value has 1 to 200 characters and no quotes"
            )
    return dict(values)


def give(connection: Connection, camera: str, kind: Kind, values: Mapping[str, str]) -> None:
    """Replace all properties of a kind. Raises Refused."""
    sound = checked(values, kind)
    connection.execute(
        delete(properties).where(properties.c.camera == camera, properties.c.kind == kind)
    )
    if sound:
        rows = [
            {"camera": camera, "kind": kind, "key": key, "value": value}
            for key, value in sound.items()
        ]
        connection.execute(insert(properties), rows)


def of(connection: Connection, names: Iterable[str], kind: Kind) -> dict[str, dict[str, str]]:
    """The properties of a kind of each of these cameras."""
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    rows = connection.execute(
        select(properties)
        .where(properties.c.kind == kind, properties.c.camera.in_(found))
        .order_by(properties.c.key)
    )
    for row in rows:
        found[row.camera][row.key] = row.value
    return found
