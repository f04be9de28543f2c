"""One step of a deployment within one transaction: look, decide, change twins, write it down.

Because all of it is committed together, a hub that dies at any point goes on from the last
whole step. What cameras are to be told is told after the commit; a camera that was not told
hears it when it connects, as it does with every desired state.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from sightline.hub.deployments import records
from sightline.hub.deployments.gate import Baseline, baseline
from sightline.hub.deployments.member import Sight
from sightline.hub.deployments.plan import Plan
from sightline.hub.deployments.rollout import (
    Action,
    Matches,
    Message,
    Note,
    Restore,
    Rollout,
    Saw,
    Tell,
    Tick,
    Told,
)
from sightline.hub.refused import Refused
from sightline.hub.registry.cameras import select_names
from sightline.hub.store.events import last_health
from sightline.hub.store.tables.deployments import deployment_members as members
from sightline.hub.store.tables.registry import cameras
from sightline.hub.twin import twins
from sightline.hub.twin.checking import check
from sightline.hub.twin.merge import merged
from sightline.hub.twin.twins import Author
from sightline.wire.control import Desired, Reported

Changed = list[tuple[str, Desired]]


def step(connection: Connection, id: str, now_ns: int, first: Message | None = None) -> Changed:
    """Take a deployment one step further; who has to be told what.

    first  an order of a person, before anything else
    """
    rollout = records.load(connection, id)
    before = dict(rollout.members)
    changed: Changed = []

    def act(message: Message) -> None:
        for action in rollout.on_message(message, now_ns):
            _perform(connection, rollout, action, now_ns, changed, act)

    if first is not None:
        act(first)
    try:
        act(Matches(tuple(select_names(connection, rollout.plan.target))))
    except Refused as error:
        records.note(connection, id, Note("", rollout.state, f"target: {error}"), now_ns)
    for camera, sight in _sights(connection, rollout).items():
        act(Saw(camera, sight))
    act(Tick())
    if rollout.members != before or changed or first is not None or _over(rollout):
        records.save(connection, rollout, before, now_ns)
    return changed


def _over(rollout: Rollout) -> bool:
    return rollout.state in ("done", "aborted", "rolled-back", "paused")


def _perform(
    connection: Connection,
    rollout: Rollout,
    action: Action,
    now_ns: int,
    changed: Changed,
    act: object,
) -> None:
    assert callable(act)
    match action:
        case Note():
            records.note(connection, rollout.id, action, now_ns)
        case Tell(camera):
            act(_tell(connection, rollout, camera, now_ns, changed))
        case Restore(camera):
            act(_restore(connection, rollout, camera, now_ns, changed))


def _tell(
    connection: Connection, rollout: Rollout, camera: str, now_ns: int, changed: Changed
) -> Message:
    # Where nobody had said anything, what the camera came with is what it goes back to.
    came_with = twins.starting_point(connection, camera)
    held = replace(twins.desired(connection, camera), config=came_with)
    plan = rollout.plan
    health = last_health(connection, [camera]).get(camera)
    how = baseline(health.health) if health else Baseline()
    try:
        config = _config(connection, camera, plan)
    except Refused as error:
        refused = Reported(held.version, "rejected", {}, error=str(error))
        return Saw(camera, Sight(True, holder=rollout.id, reported=refused))

    def make(old: Desired) -> Desired:
        model = plan.model if plan.model is not None else old.model
        return replace(
            old, config=config, model=model, deployment=rollout.id, shadow_s=plan.shadow_s,
            gate=plan.limits,
        )  # fmt: skip

    author = Author(f"deployment {rollout.id}", now_ns, plan.note)
    asked = twins.change(connection, camera, make, author)
    changed.append((camera, asked))
    return Told(camera, asked.version, held, how)


def _config(connection: Connection, camera: str, plan: Plan) -> dict[str, object]:
    base = twins.starting_point(connection, camera)
    tree = merged(base, plan.patch) if plan.patch is not None else base
    check(camera, tree)
    return tree


def _restore(
    connection: Connection, rollout: Rollout, camera: str, now_ns: int, changed: Changed
) -> Message:
    held = twins.desired(connection, camera)
    old = rollout.members[camera].before
    if held.deployment != rollout.id or old is None:
        return Told(camera, held.version)

    def make(_: Desired) -> Desired:
        return replace(old, deployment="", shadow_s=0.0, gate={})

    author = Author(f"deployment {rollout.id}", now_ns, "goes back")
    asked = twins.change(connection, camera, make, author)
    changed.append((camera, asked))
    return Told(camera, asked.version)


def _sights(connection: Connection, rollout: Rollout) -> dict[str, Sight]:
    """What is known of its cameras now."""
    names = list(rollout.members)
    rows = {
        row.name: row
        for row in connection.execute(
            select(cameras.c.name, cameras.c.connected, cameras.c.revoked_ns)
        )
        if row.name in rollout.members
    }
    watched = [name for name in names if rollout.members[name].state in ("watched", "told")]
    health = last_health(connection, watched)
    busy = _busy(connection, rollout.id)
    found = {}
    for name in names:
        row = rows.get(name)
        report = health.get(name)
        found[name] = Sight(
            connected=bool(row and row.connected),
            known=row is not None and row.revoked_ns is None,
            busy=name in busy,
            holder=twins.desired(connection, name).deployment,
            reported=twins.reported(connection, name),
            health=report.health if report else None,
        )
    return found


def _busy(connection: Connection, id: str) -> set[str]:
    """Cameras in the middle of another deployment."""
    query = select(members.c.camera).where(
        members.c.deployment != id, members.c.state.in_(("told", "watched", "returning"))
    )
    return {row.camera for row in connection.execute(query)}
