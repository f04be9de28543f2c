"""Commands and their answers. A camera that is away until a command expires never does it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.gateway.base import Gateway
from sightline.hub.ingest.feed import ResultArrived
from sightline.hub.refused import Unknown
from sightline.hub.store.database import Database
from sightline.hub.store.tables.errands import commands
from sightline.wire import topics
from sightline.wire.control import Command, encode_control

_PATIENCE_S = 60.0
_LONGEST = 20_000  # characters of an answer that are kept


@dataclass(frozen=True, slots=True)
class CommandView:
    """A command and what came of it. `ok` is null until the camera has answered."""

    id: str
    camera: str
    name: str
    arguments: dict[str, Any]
    asked_by: str
    asked_ns: int
    expires_ns: int
    answered_ns: int
    ok: bool | None
    value: Any
    error: str


class Desk:
    """Sends commands of one hub."""

    def __init__(self, database: Database, gateway: Gateway) -> None:
        self._database = database
        self._gateway = gateway

    async def send(
        self, camera: str, name: str, arguments: dict[str, Any], by: Principal, remote: str,
        id: str = "",
    ) -> CommandView:  # fmt: skip
        """Ask a camera to do something once."""
        now = time.time_ns()
        command = Command(
            id or secrets.token_hex(8), name, arguments, now + int(_PATIENCE_S * 1e9)
        )  # fmt: skip

        def work(connection: Connection) -> CommandView:
            row = {
                "id": command.id, "camera": camera, "name": name,
                "arguments": json.dumps(arguments), "asked_by": by.actor, "asked_ns": now,
                "expires_ns": command.expires_ns, "answered_ns": 0, "ok": None, "value": "null",
                "error": "",
            }  # fmt: skip
            connection.execute(insert(commands).values(row))
            told = {"command": name, "arguments": arguments}
            note(connection, by.actor, "camera.command", f"camera {camera}", told, remote)
            return shown(connection, camera, command.id)

        view = await self._database.write(work)
        topic = topics.down(camera, "command", command.id)
        await self._gateway.tell(camera, topic, encode_control(command))
        return view

    async def show(self, camera: str, id: str) -> CommandView:
        """A command. Raises Unknown."""
        return await self._database.read(lambda connection: shown(connection, camera, id))


def shown(connection: Connection, camera: str, id: str) -> CommandView:
    """A command. Raises Unknown."""
    row = connection.execute(
        select(commands).where(commands.c.id == id, commands.c.camera == camera)
    ).one_or_none()
    if row is None:
        raise Unknown(f"there is no command {id!r:.80} of {camera}")
    return CommandView(
        row.id, row.camera, row.name, json.loads(row.arguments), row.asked_by, row.asked_ns,
        row.expires_ns, row.answered_ns, row.ok, json.loads(row.value), row.error,
    )  # fmt: skip


def keep_results(connection: Connection, arrived: Sequence[ResultArrived]) -> None:
    """Answers, in the transaction that acknowledges them; each camera answers its own only."""
    for item in arrived:
        value = json.dumps(item.result.value)
        mine = (commands.c.id == item.result.id) & (commands.c.camera == item.camera)
        connection.execute(
            update(commands)
            .where(mine, commands.c.ok.is_(None))
            .values(
                ok=item.result.ok, error=item.result.error[:1000], answered_ns=time.time_ns(),
                value=value if len(value) <= _LONGEST else json.dumps("too long to keep"),
            )
        )  # fmt: skip
