"""Floor plans as the rest of the hub sees them: with the cameras on them as they are now.

Who may see some cameras only sees the plans that these are on, with no others on them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from sightline.analytics.floor import GroundConfig
from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.plans import records
from sightline.hub.plans.drawing import Drawing, DrawingView, drawing
from sightline.hub.plans.layout import Layout, Placed, Point
from sightline.hub.plans.records import Plan
from sightline.hub.plans.sight import Mirrored, Sheet, outline, sight
from sightline.hub.refused import Refused, Unknown
from sightline.hub.registry.selection import state
from sightline.hub.store.database import Database
from sightline.hub.store.tables.registry import cameras
from sightline.hub.twin.grounds import grounds

Seen = Collection[str] | None  # the cameras that somebody may see; None for all


@dataclass(frozen=True, slots=True)
class PlacedView:
    """A camera on a plan, as it is now.

    state       online, degraded, failed, offline or revoked
    calibrated  whether it knows where it sees the floor; else it is but a pin
    sees        corners of what it sees of the plan, in the plan's metres
    floor       picture to plan: three rows, which make X, Y, W of x, y, 1; X / W and Y / W are
                metres where W is positive; none where it does not know
    trouble     why its calibration does not fit the plan, empty where it does
    """

    camera: str
    x: float
    y: float
    turn: float
    metres: Literal["plan", "camera"]
    state: str
    calibrated: bool
    sees: tuple[Point, ...]
    trouble: str
    floor: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan and what is on it; keys as they are put. `version` is that of its ETag."""

    name: str
    site: str
    size: tuple[float, float]
    origin: Point
    upwards: bool
    walls: tuple[tuple[Point, ...], ...]
    cameras: list[PlacedView]
    drawing: DrawingView | None
    version: int
    changed_ns: int
    changed_by: str


class Plans:
    """The plans of a hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, seen: Seen, site: str | None = None) -> list[PlanView]:
        """By name."""

        def work(connection: Connection) -> list[PlanView]:
            return _viewed(connection, records.listed(connection, site), seen)

        return await self._database.read(work)

    async def show(self, name: str, seen: Seen) -> PlanView:
        """One of them. Raises Unknown."""

        def work(connection: Connection) -> PlanView:
            return _view(connection, records.shown(connection, name), seen)

        return await self._database.read(work)

    async def put(
        self, name: str, layout: Layout, by: Principal, remote: str, expected: int | None = None
    ) -> PlanView:
        """Add or replace one. Raises Refused, Stale."""

        def work(connection: Connection) -> PlanView:
            _check_cameras(connection, layout)
            plan = records.put(connection, name, layout, by.actor, expected)
            told = {"version": plan.version, "cameras": len(layout.cameras)}
            note(connection, by.actor, "plan.changed", f"plan {name}", told, remote)
            return _view(connection, plan, None)

        return await self._database.write(work)

    async def remove(
        self, name: str, by: Principal, remote: str, expected: int | None = None
    ) -> None:
        """With its drawing; cameras keep their calibration. Raises Unknown, Stale."""

        def work(connection: Connection) -> None:
            records.remove(connection, name, expected)
            note(connection, by.actor, "plan.removed", f"plan {name}", remote=remote)

        await self._database.write(work)

    async def draw(
        self,
        name: str,
        data: bytes | None,
        by: Principal,
        remote: str,
        expected: int | None = None,
    ) -> PlanView:
        """Lay a drawing under a plan, or take it away. Raises Unknown, Refused, Stale."""
        sound = None if data is None else await asyncio.to_thread(drawing, data)

        def work(connection: Connection) -> PlanView:
            plan = records.draw(connection, name, sound, by.actor, expected)
            told = {"version": plan.version, "bytes": sound.view.bytes if sound else 0}
            note(connection, by.actor, "plan.drawn", f"plan {name}", told, remote)
            return _view(connection, plan, None)

        return await self._database.write(work)

    async def drawing(self, name: str, seen: Seen) -> Drawing:
        """What lies under a plan. Raises Unknown."""

        def work(connection: Connection) -> Drawing:
            _view(connection, records.shown(connection, name), seen)
            return records.drawing_of(connection, name)

        return await self._database.read(work)


def placed_on(plan: Plan, seen: Seen) -> list[Placed]:
    """The cameras on a plan that somebody may see. Raises Unknown where that is nothing to him."""
    found = [one for one in plan.layout.cameras if seen is None or one.camera in seen]
    if seen is not None and not found:
        raise Unknown(f"there is no plan {plan.name!r:.80}")
    return found


def _viewed(connection: Connection, plans: Iterable[Plan], seen: Seen) -> list[PlanView]:
    found = []
    for plan in plans:
        try:
            found.append(_view(connection, plan, seen))
        except Unknown:
            continue
    return found


def _view(connection: Connection, plan: Plan, seen: Seen) -> PlanView:
    placed = placed_on(plan, seen)
    names = [one.camera for one in placed]
    label = state().label("state")
    rows = connection.execute(select(cameras.c.name, label).where(cameras.c.name.in_(names)))
    states = {row.name: row.state for row in rows}
    known, sheet = grounds(connection, names), Sheet.of(plan.layout)
    layout = plan.layout
    return PlanView(
        plan.name, layout.site, layout.size, layout.origin, layout.upwards, layout.walls,
        [_placed(one, states.get(one.camera, "revoked"), known.get(one.camera), sheet)
         for one in placed],
        plan.drawing, plan.version, plan.changed_ns, plan.changed_by,
    )  # fmt: skip


def _placed(one: Placed, state: str, ground: GroundConfig | None, sheet: Sheet) -> PlacedView:
    seen: tuple[Point, ...] = ()
    floor: tuple[tuple[float, float, float], ...] = ()
    trouble = ""
    if ground is not None:
        try:
            seen = outline(ground, one, sheet)
            rows = sight(ground, one, sheet).matrix.tolist()
            floor = tuple((a, b, c) for a, b, c in rows)
            trouble = "" if seen else "by its calibration it sees nothing of this plan"
        except Mirrored as error:
            trouble = str(error)
    return PlacedView(
        one.camera,
        one.x,
        one.y,
        one.turn,
        one.metres,
        state,
        ground is not None,
        seen,
        trouble,
        floor,
    )


def _check_cameras(connection: Connection, layout: Layout) -> None:
    names = [one.camera for one in layout.cameras]
    known = set(connection.scalars(select(cameras.c.name).where(cameras.c.name.in_(names))))
    for name in names:
        if name not in known:
            raise Refused(f"cameras: there is no camera {name!r:.80}")
