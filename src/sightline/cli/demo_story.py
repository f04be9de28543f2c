"""What people did before the demonstration: rollouts, rules, a camera that was switched off."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from sightline.cli.demo_cameras import (
    BEFORE,
    CAMERAS,
    SITE,
    SPOTS,
    TARGET,
    camera_tree,
    demo_layout,
    demo_package,
)
from sightline.cli.demo_past import AWAY_S
from sightline.cli.demo_plan import NAME as PLAN
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.api.services import Services
from sightline.hub.auth.principal import Principal
from sightline.hub.client import Client
from sightline.hub.demo.mark import TAG, Mark
from sightline.hub.deployments import records
from sightline.hub.deployments.plan import Plan
from sightline.hub.gateway.base import Arrival
from sightline.hub.plans.layout import Layout
from sightline.hub.refused import Unknown
from sightline.hub.simulation.identity import identities
from sightline.hub.simulation.story import Telling
from sightline.wire import topics
from sightline.wire.control import Health, ModelRef, Reported, encode_control

_DAY_S = 86400
_HEALTH_S = 300
_SECOND = 10**9
_TAGS = {"site": SITE, **dict([TAG])}
_AWAY = "aisle"
_SEEN = "the shelf is not watched"
_PATIENCE = 60  # seconds until an alert has come that somebody acknowledges


_RULES = (
    FleetRule(
        "a camera is away", f'offline("{_AWAY}")', f"name={_AWAY}",
        message="the camera at the aisle has not been heard of",
    ),
    FleetRule(
        _SEEN, f'offline("{_AWAY}")', f"name={_AWAY}", "info",
        message="nobody looks at the shelf until its camera is back",
    ),
    FleetRule(
        "slow camera", "health.fps < 2 for 2 min", "site=demo",
        message="fewer than two pictures a second for two minutes",
    ),
)  # fmt: skip


async def tell_story(
    parts: Services, mark: Mark, by: Principal, url: str, token: str, folder: Path
) -> None:
    """Once; where it was told before, nothing happens."""
    now_s = mark.spans[0][1]
    if not await parts.database.write(lambda c: _rollouts(c, now_s, by.actor)):
        return
    key, _ = await parts.registry.give_out(by.name, tags=_TAGS, camera=_AWAY)
    await identities(url, key, [_AWAY], folder / "away")
    aside = parts.ingest.aside()
    storing = asyncio.create_task(aside.run())
    await asyncio.gather(*map(aside.deliver, _health_of_a_day(now_s)))
    storing.cancel()
    await asyncio.gather(storing, return_exceptions=True)
    await parts.ingest.deliver(_reported(now_s - AWAY_S))
    await parts.ingest.deliver(_healthy(_AWAY, now_s - AWAY_S, random.Random(_AWAY)))  # noqa: S311
    package = await asyncio.to_thread(demo_package, folder, BEFORE)
    await asyncio.to_thread(_upload, url, token, package)
    for rule in _RULES:
        await parts.alerts.put_rule(rule, by, "")
    await _lay_out(parts, by)
    for _ in range(_PATIENCE):
        await asyncio.sleep(1.0)
        for alert in await parts.alerts.newest((_AWAY,), "open", 1 << 62, 10):
            if alert.rule == _SEEN:
                await parts.alerts.acknowledge(alert.id, by, "")
                return


async def _lay_out(parts: Services, by: Principal) -> None:
    """The cameras on their floor plan, as soon as all have been let in."""
    for _ in range(_PATIENCE):
        if all([await parts.registry.known(name) for name in SPOTS]):
            await parts.plans.put(PLAN, Layout.model_validate(demo_layout()), by, "")
            return
        await asyncio.sleep(1.0)


def _rollouts(connection: Connection, now_s: int, by: str) -> bool:
    """One that went well and one that went back; False where they are there."""
    try:
        records.shown(connection, "demo-1")
    except Unknown:
        name, version = BEFORE
        first = Plan(TARGET, _model(name, version), batch=2, note="a network made for these places")
        second = Plan(TARGET, _model(name, "1.0.1"), batch=2, note="fewer false alarms")
        well = {"agreement": 0.93, "counts": 0.97, "fps": 1.0, "latency_ratio": 1.1}
        badly = {"agreement": 0.41, "counts": 0.36, "fps": 1.0, "latency_ratio": 1.0}
        cameras = tuple(CAMERAS)
        for number, (plan, trial, days) in enumerate(((first, well, 27), (second, badly, 12)), 1):
            begun_ns = (now_s - days * _DAY_S + 7 * 3600) * _SECOND
            Telling(connection, f"demo-{number}", plan, cameras, trial, begun_ns, by).tell()
        return True
    return False


def _model(name: str, version: str) -> ModelRef:
    return ModelRef(name, version, "", 0, f"/api/v1/models/{name}/{version}/package")


def _upload(url: str, token: str, package: Path) -> None:
    with Client(url, token) as client:
        client.upload(package)


def _health_of_a_day(now_s: int) -> Iterator[Arrival]:
    for name, spot in SPOTS.items():
        chance = random.Random(name)  # noqa: S311
        end_s = now_s if spot.live else now_s - AWAY_S
        for at_s in range(now_s - _DAY_S, end_s, _HEALTH_S):
            yield _healthy(name, at_s, chance)


def _healthy(name: str, at_s: int, chance: random.Random) -> Arrival:
    """As a camera tells it, a little warmer in the afternoon."""
    warm = 3 * math.sin((at_s % _DAY_S) / _DAY_S * 2 * math.pi - 2)
    told = Health(
        name, "past", at_s * _SECOND, "running", float(at_s % (9 * _DAY_S)),
        7.7 + 0.3 * chance.random(),
        {"median": 12 + chance.random(), "p95": 17 + 3 * chance.random()},
        temperature_c=round(47 + warm + chance.random(), 1), memory_mb=118 + 4 * chance.random(),
        disk_free_mb=9000.0, model=" ".join(BEFORE),
    )  # fmt: skip
    return Arrival(name, topics.up(name, "health"), encode_control(told), at_s * _SECOND)


def _reported(at_s: int) -> Arrival:
    """What the camera that is off was when it was last heard of."""
    name, version = BEFORE
    said = Reported(
        0, "applied", camera_tree(_AWAY), {"name": name, "version": version},
        time_ns=at_s * _SECOND,
    )  # fmt: skip
    return Arrival(_AWAY, topics.up(_AWAY, "reported"), encode_control(said), at_s * _SECOND)
