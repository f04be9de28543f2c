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
from sightline.hub.deployments.member import IN_FLIGHT, Sight
from sightline.hub.deployments.messages import (
    Action,
    Foreign,
    Matches,
    Message,
    Note,
    Restore,
    Saw,
    Superseded,
    Tell,
    Tick,
    Told,
    Unfit,
)
from sightline.hub.deployments.plan import Plan
from sightline.hub.deployments.rollout import Rollout
from sightline.hub.refused import Refused
from sightline.hub.registry.cameras import select_names
from sightline.hub.store.events import last_health
from sightline.hub.store.tables.registry import cameras
from sightline.hub.store.tables.twins import twins as twin_rows
from sightline.hub.twin import twins
from sightline.hub.twin.checking import check
from sightline.hub.twin.twins import Author
from sightline.twin.merge import merged
from sightline.wire.control import Desired

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
        return Unfit(camera, str(error))

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
        return Foreign(camera)

    def make(_: Desired) -> Desired:
        return replace(old, deployment="", shadow_s=0.0, gate={})

    author = Author(f"deployment {rollout.id}", now_ns, "goes back")
    asked = twins.change(connection, camera, make, author)
    changed.append((camera, asked))
    return Told(camera, asked.version)


def supersede(connection: Connection, newer: Rollout) -> None:
    """What a deployment that is about to begin wants, older ones that wait for it leave to it."""
    wanted = frozenset(select_names(connection, newer.plan.target))
    for id in records.active(connection):
        older = records.load(connection, id)
        before = dict(older.members)
        for line in older.on_message(Superseded(wanted, newer.id), newer.created_ns):
            assert isinstance(line, Note)
            records.note(connection, id, line, newer.created_ns)
        if older.members != before:
            records.save(connection, older, before, newer.created_ns)


def _sights(connection: Connection, rollout: Rollout) -> dict[str, Sight]:
    """What is known now of its cameras that wait or are in the middle."""
    states = {name: one.state for name, one in rollout.members.items()}
    open_ones = [name for name, state in states.items() if state in ("waiting", *IN_FLIGHT)]
    rows = {
        row.name: row
        for row in connection.execute(
            select(
                cameras.c.name, cameras.c.connected, cameras.c.revoked_ns, twin_rows.c.deployment
            )
            .outerjoin(twin_rows, twin_rows.c.camera == cameras.c.name)
            .where(cameras.c.name.in_(open_ones))
        )
    }
    busy = records.elsewhere(connection, rollout.id)
    flying = [name for name in open_ones if states[name] in IN_FLIGHT]
    health = last_health(connection, flying)
    found = {}
    for name in open_ones:
        row = rows.get(name)
        report = health.get(name)
        found[name] = Sight(
            connected=bool(row and row.connected),
            known=row is not None and row.revoked_ns is None,
            busy=name in busy,
            holder=(row.deployment or "") if row else "",
            reported=twins.reported(connection, name) if name in flying else None,
            health=report.health if report else None,
        )
    return found
