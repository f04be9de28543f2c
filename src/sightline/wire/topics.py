"""Where on MQTT a camera speaks and listens: its own subtree and nothing else.

sightline/v1/<camera>/up/frames       parcels of packed frames, QoS 1
sightline/v1/<camera>/up/events       parcels of headers, events, measures and ledger, QoS 1
sightline/v1/<camera>/up/health       retained
sightline/v1/<camera>/up/reported     retained
sightline/v1/<camera>/up/result/<id>  answers to commands
sightline/v1/<camera>/down/desired    retained
sightline/v1/<camera>/down/command/<id>
sightline/v1/<camera>/down/watch      somebody looks on; not answered
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ROOT = "sightline/v1"
CAMERA_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_TOPIC = re.compile(
    rf"{ROOT}/(?P<camera>{CAMERA_NAME.pattern})/"
    rf"(?:up/(?P<up>frames|events|health|reported|result)|down/(?P<down>desired|command|watch))"
    rf"(?:/(?P<id>{_ID}))?"
)
_WITH_ID = ("result", "command")

Up = Literal["frames", "events", "health", "reported", "result"]
Down = Literal["desired", "command", "watch"]


@dataclass(frozen=True, slots=True)
class Address:
    """A topic taken apart. `id` names the command of a result or command, else it is empty."""

    camera: str
    direction: Literal["up", "down"]
    kind: str
    id: str = ""


def up(camera: str, kind: Up, id: str = "") -> str:
    """The topic on which a camera says something."""
    return f"{ROOT}/{camera}/up/{kind}" + (f"/{id}" if id else "")


def down(camera: str, kind: Down, id: str = "") -> str:
    """The topic on which a camera is told something."""
    return f"{ROOT}/{camera}/down/{kind}" + (f"/{id}" if id else "")


def listens(camera: str) -> str:
    """The one filter that a camera subscribes to."""
    return f"{ROOT}/{camera}/down/#"


def parse(topic: str) -> Address | None:
    """What a topic says; None for one that is not ours."""
    found = _TOPIC.fullmatch(topic)
    if found is None:
        return None
    kind = found["up"] or found["down"]
    if (kind in _WITH_ID) != bool(found["id"]):
        return None
    return Address(found["camera"], "up" if found["up"] else "down", kind, found["id"] or "")
