"""What of all this is made up: rendered cameras, and a past that they never had."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter

from sightline.hub.api.access import Remote, Viewer, WholeAdmin, visible_cameras
from sightline.hub.api.services import Parts
from sightline.hub.demo.mark import read_mark
from sightline.hub.demo.removal import remove_demo
from sightline.hub.refused import Unknown

router = APIRouter(prefix="/api/v1/demo", tags=["status"])


@dataclass(frozen=True, slots=True)
class DemoView:
    """`from_ns`, `to_ns`: which time was made up; `done`, 0..1: how much of it is stored so far."""

    demo: bool
    cameras: list[str]
    from_ns: int = 0
    to_ns: int = 0
    done: float = 1.0


@router.get("", summary="Which data is demo data")
async def shown(who: Viewer, parts: Parts) -> DemoView:
    """`sightline demo` marks what it makes; a hub of real cameras says that nothing is."""
    mark = await asyncio.to_thread(read_mark, parts.settings.data)
    seen = await visible_cameras(parts, who)
    cameras = [name for name in mark.cameras if seen is None or name in seen] if mark else []
    if mark is None or not cameras:
        return DemoView(demo=False, cameras=[])
    spans = mark.spans or ((0, 0),)
    begin, end = spans[0][0], spans[-1][1]
    return DemoView(True, cameras, begin * 10**9, end * 10**9, round(mark.done, 3))


@router.delete("", status_code=204, summary="Remove all demo data")
async def removed(who: WholeAdmin, parts: Parts, remote: Remote) -> None:
    """The demo's cameras, all that they said, their rollouts, rules, plans and packages."""
    mark = await asyncio.to_thread(read_mark, parts.settings.data)
    if mark is None:
        raise Unknown("there is no demo data here")
    await remove_demo(parts, mark, who, remote)
