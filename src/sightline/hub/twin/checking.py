"""What the hub may ask of a camera: a sound configuration, and nothing of the camera's own disk."""

from __future__ import annotations

import re
from typing import Any

from sightline.errors import ConfigError
from sightline.hub.outside import Outside, split
from sightline.hub.refused import Refused
from sightline.source.uri import redact
from sightline.twin.config import parse_config

SOURCES = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
_ON_THE_CAMERA = re.compile(r"usb:\d{1,3}|imx500:[A-Za-z0-9?=&_.,-]*|scene:[A-Za-z0-9?=&_.,:-]*")
_MODEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_OWN = ("output", "link", "max_frames")
_LARGEST = 24 << 10  # clouds take twins of 32 KB


def check(camera: str, config: dict[str, Any]) -> None:
    """Raises Refused unless this may be the configuration of `camera`.

    It may leave out the source, which then stays the one that the camera was started with.
    """
    for key in _OWN:
        if config.get(key):
            raise Refused(f"{key}: is set on the camera alone, not from the hub")
    if config.get("name", camera) != camera:
        raise Refused(f"name: this camera is {camera}; enrol it again to call it otherwise")
    try:
        sound = parse_config({"source": "scene:", **config}, camera)
    except ConfigError as error:
        raise Refused(redact(str(error))) from None
    if len(repr(config)) > _LARGEST:
        raise Refused(f"the configuration is larger than {_LARGEST >> 10} KB")
    if not _MODEL.fullmatch(sound.model.name):
        raise Refused("model.name: from the hub it is the name of a network, not a file")
    if isinstance(sound.model.labels, str) and not _MODEL.fullmatch(sound.model.labels):
        raise Refused("model.labels: from the hub they are a known set or names, not a file")


def source_of(config: dict[str, Any]) -> str | None:
    """The source that a configuration names, if any."""
    source = config.get("source")
    uri = source.get("uri") if isinstance(source, dict) else source
    return uri if isinstance(uri, str) else None


async def check_source(uri: str, outside: Outside) -> None:
    """Raises Refused unless a camera may be told to look there.

    Names that the hub cannot resolve pass: the camera may sit in another network. It checks
    again what it connects to.
    """
    if _ON_THE_CAMERA.fullmatch(uri):
        return
    scheme = uri.partition("://")[0].lower()
    if scheme not in SOURCES:
        raise Refused(
            "source: from the hub it is rtsp://, rtsps://, http://, https://, usb:N, imx500: or "
            "scene:; files are named on the camera alone"
        )
    _, host, port = split(uri, SOURCES)
    await outside.resolve(host, port)
