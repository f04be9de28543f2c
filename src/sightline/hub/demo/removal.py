"""Demo data goes again: the cameras with all that they said, and what was done with them."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, delete, select

from sightline.hub.api.services import Services
from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.demo.mark import Mark, remove_mark
from sightline.hub.plans import records
from sightline.hub.store.erasure import erase
from sightline.hub.store.tables.alerts import rules
from sightline.hub.store.tables.deployments import (
    deployment_log,
    deployment_members,
    deployments,
)
from sightline.hub.store.tables.models import models


async def remove_demo(parts: Services, mark: Mark, by: Principal, remote: str) -> None:
    """Cut the cameras off, and leave nothing of them but the line in the audit log."""
    for name in mark.cameras:
        if await parts.registry.known(name):
            await parts.registry.revoke(name)
    remove_mark(parts.settings.data)

    def work(connection: Connection) -> list[str]:
        paths = erase(connection, mark.cameras)
        _made_by(connection, mark.by)
        _off_plans(connection, mark)
        parts.ingest.forget()
        told = {"cameras": list(mark.cameras)}
        note(connection, by.actor, "demo.removed", "demo data", told, remote)
        return paths

    paths = await parts.database.write(work)
    await asyncio.to_thread(parts.segments.remove, paths)


def _made_by(connection: Connection, actors: tuple[str, ...]) -> None:
    ids = list(
        connection.scalars(select(deployments.c.id).where(deployments.c.created_by.in_(actors)))
    )
    for table in (deployment_log, deployment_members):
        connection.execute(delete(table).where(table.c.deployment.in_(ids)))
    connection.execute(delete(deployments).where(deployments.c.id.in_(ids)))
    connection.execute(delete(rules).where(rules.c.changed_by.in_(actors)))
    connection.execute(delete(models).where(models.c.uploaded_by.in_(actors)))


def _off_plans(connection: Connection, mark: Mark) -> None:
    """Plans of the demo go, also where somebody has moved its cameras on them; others keep those
    cameras that are real."""
    for plan in records.listed(connection):
        placed = plan.layout.cameras
        real = tuple(one for one in placed if one.camera not in mark.cameras)
        if plan.changed_by in mark.by or (placed and not real):
            records.remove(connection, plan.name, None)
        elif len(real) < len(placed):
            rest = plan.layout.model_copy(update={"cameras": real})
            records.put(connection, plan.name, rest, plan.changed_by, None)
