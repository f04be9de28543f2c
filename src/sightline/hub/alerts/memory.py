"""What the look at the fleet remembers from one time to the next, as it is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from sightline.hub.alerts import records
from sightline.hub.store.tables.alerts import watch_state

_RULE = "rule "


def kept(connection: Connection, key: str) -> str | None:
    """What is remembered under a key."""
    found: Any = connection.execute(
        select(watch_state.c.body).where(watch_state.c.key == key)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def keep(connection: Connection, key: str, body: str) -> None:
    """Remember it, in place of what was there."""
    connection.execute(delete(watch_state).where(watch_state.c.key == key))
    connection.execute(insert(watch_state).values(key=key, body=body))


def key(rule: str, camera: str) -> str:
    """Of a rule of the fleet at one camera. No camera's name holds a blank."""
    return f"{_RULE}{rule} {camera}"


def cameras_of(connection: Connection, rule: str) -> list[str]:
    """The cameras at which something is remembered of a rule."""
    like = watch_state.c.key.startswith(key(rule, ""), autoescape=True)
    found = connection.execute(select(watch_state.c.key).where(like)).scalars()
    named = [one.removeprefix(_RULE).rpartition(" ") for one in found]
    return [camera for name, _, camera in named if name == rule]


def forget(connection: Connection, rule: str, camera: str, now_ns: int) -> int | None:
    """Nobody looks at it any more, so its alert is over; the number of that, if one was open."""
    connection.execute(delete(watch_state).where(watch_state.c.key == key(rule, camera)))
    return records.cleared(connection, rule, camera, now_ns)
