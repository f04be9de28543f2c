"""Deployments of one hub: ordered by people, taken further once a second."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.deployments import records
from sightline.hub.deployments.messages import Note, Order
from sightline.hub.deployments.plan import Plan
from sightline.hub.deployments.records import DeploymentView, LogLine, MemberView
from sightline.hub.deployments.rollout import Rollout
from sightline.hub.deployments.step import Changed, step, supersede
from sightline.hub.refused import Refused
from sightline.hub.registry import question
from sightline.hub.registry.cameras import select_names
from sightline.hub.spans import Span, untraced
from sightline.hub.store.database import Database
from sightline.hub.store.trouble import passes
from sightline.wire.control import Desired

_EVERY_S = 1.0
_LOG = logging.getLogger(__name__)

TellCamera = Callable[[str, Desired], Awaitable[None]]


class Deployments:
    """`run` is the task that takes them further. `tell` sends a desired state down."""

    def __init__(self, database: Database, tell: TellCamera, span: Span = untraced) -> None:
        self._database = database
        self._tell = tell
        self._span = span
        self._broken: set[str] = set()

    async def begin(self, plan: Plan, by: Principal, remote: str) -> DeploymentView:
        """Order one. Raises Refused, also where no camera matches its target."""
        plan.check()
        question.parse(plan.target)
        rollout = Rollout(secrets.token_hex(5), plan, time.time_ns())

        def work(connection: Connection) -> DeploymentView:
            if not select_names(connection, plan.target):
                raise Refused(f"no camera matches {plan.target!r:.80}: nobody would be told")
            supersede(connection, rollout)
            records.create(connection, rollout, by.actor)
            why = plan.note or f"{by.actor} asked for it"
            records.note(connection, rollout.id, Note("", "running", why), rollout.created_ns)
            told = {"to": plan.target, "canary": plan.canary}
            subject = f"deployment {rollout.id}"
            note(connection, by.actor, "deployment.begun", subject, told, remote)
            return records.shown(connection, rollout.id)

        return await self._database.write(work)

    async def order(self, id: str, order: Order, by: Principal, remote: str) -> DeploymentView:
        """Pause, resume, abort or roll back. Raises Unknown, Taken."""

        def work(connection: Connection) -> tuple[Changed, DeploymentView]:
            changed = step(connection, id, time.time_ns(), order)
            subject = f"deployment {id}"
            note(connection, by.actor, f"deployment.{order.verb}", subject, remote=remote)
            return changed, records.shown(connection, id)

        changed, view = await self._database.write(work)
        await self._told(changed)
        return view

    async def newest(self, before_ns: int, limit: int) -> list[DeploymentView]:
        """The newest first."""
        return await self._database.read(lambda c: records.listed(c, before_ns, limit))

    async def show(self, id: str) -> DeploymentView:
        """One of them. Raises Unknown."""
        return await self._database.read(lambda c: records.shown(c, id))

    async def cameras(self, id: str) -> list[MemberView]:
        """Where its cameras stand. Raises Unknown."""
        return await self._database.read(lambda c: records.standing(c, id))

    async def story(self, id: str, after: int, limit: int) -> list[LogLine]:
        """What happened, in order. Raises Unknown."""
        return await self._database.read(lambda c: records.story(c, id, after, limit))

    async def run(self) -> None:
        """Take each one a step further, once a second, until cancelled."""
        while True:
            try:
                for id in await self._database.read(records.active):
                    await self._advanced(id)
            except Exception as error:
                if not passes(error):
                    raise
                _LOG.warning("deployments wait: %s", error)
            await asyncio.sleep(_EVERY_S)

    async def _advanced(self, id: str) -> None:
        """What is wrong with one of them stops neither the others nor the hub."""
        try:
            await self.advance(id)
        except Exception as error:
            if passes(error):
                raise
            if id not in self._broken:
                _LOG.exception("deployment %s stands still", id)
            self._broken.add(id)

    async def advance(self, id: str) -> None:
        """One step of one of them."""
        with self._span("deployment.step", {"sightline.deployment": id}):
            await self._told(await self._database.write(lambda c: step(c, id, time.time_ns())))

    async def _told(self, changed: Changed) -> None:
        for camera, asked in changed:
            await self._tell(camera, asked)
