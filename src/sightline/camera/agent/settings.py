"""What a camera program is started with, and what it remembers of that."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sightline.camera.agent.state import StateFolder
from sightline.errors import ConfigError
from sightline.source import SourceConfig, open_source
from sightline.twin.config import CameraConfig, parse_config

_PICTURES = ("video", "preview", "metadata", "summary", "state")


def state_folder(given: Path | None, name: str) -> Path:
    """Where the camera's state lives: as given, as systemd says, or in the user's folder."""
    if given is not None:
        return given
    if folder := os.environ.get("STATE_DIRECTORY"):
        return Path(folder.split(":")[0])
    base = os.environ.get("XDG_STATE_HOME", "")
    home = Path(base) if os.path.isabs(base) else Path.home() / ".local" / "state"
    return home / "sightline" / (name or "camera")


def base_of(state: StateFolder, given: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    """The configuration that the camera was started with, now or the last time.

    given  what was said now; None where nothing was
    Raises ConfigError where there never was any.
    """
    if given is None:
        held = state.read_json("base.json")
        if not isinstance(held, dict):
            raise ConfigError(
                "there is nothing to look at: name a source, such as a video file, rtsp://…, "
                "usb:0 or scene:"
            )
        given = held
    base = {**given, "name": name}
    config = parse_config(base, "camera")
    refuse_outputs(config)
    open_source(SourceConfig(uri=config.source.uri))
    state.write_json("base.json", base)
    return base


def refuse_outputs(config: CameraConfig) -> None:
    """Raises ConfigError for files: what a camera of a hub sees goes into its outbox alone."""
    for key in _PICTURES:
        if getattr(config.output, key):
            raise ConfigError(
                f"output.{key}: is for `sightline run`; a camera of a hub writes its outbox alone"
            )
