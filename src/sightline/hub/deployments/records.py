"""Deployments as they are stored: read and written whole within one transaction."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Row, func, insert, select, update

from sightline.hub.deployments.member import IN_FLIGHT, Member
from sightline.hub.deployments.messages import Note
from sightline.hub.deployments.plan import Plan
from sightline.hub.deployments.rollout import ACTIVE, Rollout
from sightline.hub.refused import Unknown
from sightline.hub.store.tables.deployments import deployment_log as log
from sightline.hub.store.tables.deployments import deployment_members as members
from sightline.hub.store.tables.deployments import deployments


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """A deployment, and how many of its cameras are in which state."""

    id: str
    state: str
    plan: Plan
    created_ns: int
    created_by: str
    changed_ns: int
    cameras: dict[str, int]


@dataclass(frozen=True, slots=True)
class MemberView:
    """Where a camera of a deployment stands, and why."""

    camera: str
    state: str
    stage: str
    since_ns: int
    trial: dict[str, float]
    failed: bool
    why: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something that happened. `camera` is empty for the deployment as a whole."""

    id: int
    time_ns: int
    camera: str
    state: str
    why: str


def create(connection: Connection, rollout: Rollout, by: str) -> None:
    """A new one."""
    row = {
        "id": rollout.id, "plan": msgspec.json.encode(rollout.plan).decode(),
        "state": rollout.state, "created_ns": rollout.created_ns, "created_by": by,
        "changed_ns": rollout.created_ns,
    }  # fmt: skip
    connection.execute(insert(deployments).values(row))


def load(connection: Connection, id: str) -> Rollout:
    """One of them with its cameras. Raises Unknown."""
    row = _row(connection, id)
    held = connection.execute(select(members.c.body).where(members.c.deployment == id))
    cameras = [msgspec.json.decode(item.body, type=Member) for item in held]
    plan = msgspec.json.decode(row.plan, type=Plan)
    return Rollout(row.id, plan, row.created_ns, row.state, cameras)


def save(connection: Connection, rollout: Rollout, before: dict[str, Member], now_ns: int) -> None:
    """What has changed since it was loaded."""
    for camera, member in rollout.members.items():
        if before.get(camera) == member:
            continue
        body = {"state": member.state, "body": msgspec.json.encode(member).decode()}
        here = (members.c.deployment == rollout.id) & (members.c.camera == camera)
        if not connection.execute(update(members).where(here).values(body)).rowcount:
            row = {"deployment": rollout.id, "camera": camera, **body}
            connection.execute(insert(members).values(row))
    connection.execute(
        update(deployments)
        .where(deployments.c.id == rollout.id)
        .values(state=rollout.state, changed_ns=now_ns)
    )


def note(connection: Connection, id: str, line: Note, now_ns: int) -> None:
    """Write a line of the log."""
    row = {
        "deployment": id, "time_ns": now_ns, "camera": line.camera, "state": line.state[:64],
        "why": line.why[:500],
    }  # fmt: skip
    connection.execute(insert(log).values(row))


def active(connection: Connection) -> list[str]:
    """The ids of those that are not over, the oldest first."""
    query = select(deployments.c.id).where(deployments.c.state.in_(ACTIVE))
    return [row.id for row in connection.execute(query.order_by(deployments.c.created_ns))]


def elsewhere(connection: Connection, id: str) -> set[str]:
    """Cameras in the middle of another deployment that is not over."""
    query = (
        select(members.c.camera)
        .join(deployments, deployments.c.id == members.c.deployment)
        .where(
            deployments.c.id != id, deployments.c.state.in_(ACTIVE), members.c.state.in_(IN_FLIGHT)
        )
    )
    return set(connection.execute(query).scalars())


def listed(connection: Connection, before_ns: int, limit: int) -> list[DeploymentView]:
    """The newest first."""
    query = (
        select(deployments)
        .where(deployments.c.created_ns < before_ns)
        .order_by(deployments.c.created_ns.desc())
        .limit(limit)
    )
    return [_view(connection, row) for row in connection.execute(query).all()]


def shown(connection: Connection, id: str) -> DeploymentView:
    """One of them. Raises Unknown."""
    return _view(connection, _row(connection, id))


def standing(connection: Connection, id: str) -> list[MemberView]:
    """Where its cameras stand, by name."""
    rollout = load(connection, id)
    return [
        MemberView(one.camera, one.state, one.stage, one.since_ns, one.trial, one.failed, one.why)
        for _, one in sorted(rollout.members.items())
    ]


def story(connection: Connection, id: str, after: int, limit: int) -> list[LogLine]:
    """What happened, in order."""
    _row(connection, id)
    query = (
        select(log).where(log.c.deployment == id, log.c.id > after).order_by(log.c.id).limit(limit)
    )
    return [
        LogLine(row.id, row.time_ns, row.camera, row.state, row.why)
        for row in connection.execute(query)
    ]


def _row(connection: Connection, id: str) -> Row[tuple[object, ...]]:
    row = connection.execute(select(deployments).where(deployments.c.id == id)).one_or_none()
    if row is None:
        raise Unknown(f"there is no deployment {id!r:.80}")
    return row


def _view(connection: Connection, row: Row[tuple[object, ...]]) -> DeploymentView:
    counted = connection.execute(
        select(members.c.state, func.count())
        .where(members.c.deployment == row.id)
        .group_by(members.c.state)
    )
    plan = msgspec.json.decode(row.plan, type=Plan)
    cameras: dict[str, int] = {row[0]: row[1] for row in counted}
    return DeploymentView(
        row.id, row.state, plan, row.created_ns, row.created_by, row.changed_ns, cameras
    )
