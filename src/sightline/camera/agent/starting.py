"""From the command line to a running camera."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sightline.camera.agent.agent import Agent
from sightline.camera.agent.enrolment import enrol
from sightline.camera.agent.identity import Identity, load_identity, own_key, tls
from sightline.camera.agent.journal import keep_journal
from sightline.camera.agent.outside import Outside
from sightline.camera.agent.settings import base_of, state_folder
from sightline.camera.agent.state import StateFolder
from sightline.errors import ConfigError
from sightline.twin.config import parse_config


@dataclass(frozen=True, slots=True)
class Start:
    """What was said at the command line; `tree` is the configuration, None where none was."""

    hub: str | None = None
    token: str | None = None
    name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    state: Path | None = None
    tree: dict[str, Any] | None = None
    log_json: bool = False

    def at(self, folder: Path) -> Start:
        """The same with its state there."""
        return replace(self, state=folder)


def start(asked: Start) -> None:
    """Run a camera until it is told to stop. Raises SightlineError."""
    journal = keep_journal(asked.log_json)
    with StateFolder(_folder(asked)) as state:
        base, outside = _prepared(asked, state)

        async def main() -> None:
            agent = Agent(state, base, outside, journal)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, agent.stop)
            await agent.run()

        _run(main())


def prepare(asked: Start) -> str:
    """Enrol and remember the configuration without running; the camera's name."""
    with StateFolder(_folder(asked)) as state:
        base, _ = _prepared(asked, state)
    return str(base["name"])


def _prepared(asked: Start, state: StateFolder) -> tuple[dict[str, Any], Outside]:
    known = state.read_json("base.json")
    tree = asked.tree or known or {}
    kind = (tree.get("link") or {}).get("kind", "hub")
    identity = _identity(asked, state) if kind == "hub" else None
    named = tree.get("name") if isinstance(tree, dict) else None
    name = identity.camera if identity else asked.name or named or "camera"
    base = base_of(state, asked.tree, name)
    config = parse_config(base, "camera")
    trust = tls(state, identity) if identity else None
    outside = Outside(name, config.link, own_key(state), identity, trust, config.agent.metrics)
    return base, outside


def _identity(asked: Start, state: StateFolder) -> Identity:
    """Who the camera is: as it was, or by the token. A token for another hub enrols anew."""
    known = load_identity(state)
    if known is not None and (asked.hub is None or asked.hub.rstrip("/") == known.hub):
        return known
    if not asked.hub or not asked.token:
        raise ConfigError(
            "this camera belongs to no hub yet: give --hub URL and --token T "
            "(sightline hub tokens enroll), or name another link in camera.yaml"
        )
    name = asked.name or (asked.tree or {}).get("name", "")
    return enrol(state, asked.hub, asked.token, name, asked.tags)


def _folder(asked: Start) -> Path:
    return state_folder(asked.state, asked.name or str((asked.tree or {}).get("name", "")))


def _run(main: Any) -> None:
    """asyncio.run; of an error in a task group only what went wrong first."""
    try:
        asyncio.run(main)
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None
