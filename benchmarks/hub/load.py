"""A fleet at its usual pace: what the hub stores, how late, at what cost."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from pathlib import Path

import httpx

from benchmarks.base import Finding, Row
from benchmarks.hub.process import HubProcess, hub
from sightline.hub.simulation.identity import identities
from sightline.hub.simulation.simulation import Simulation

_SETTLING_S = 10.0


async def run(folder: Path, cameras: int, people: int, seconds: float) -> list[Finding]:
    """One hub, so many cameras, so long."""
    async with hub(folder / "hub") as process:
        idle = process.memory
        token = await process.token("enroll", "--uses", str(cameras))
        viewer = await process.token("api")
        names = [f"sim-{i:04d}" for i in range(cameras)]
        known = await identities(process.url, token, names, folder / "keys")
        async with Simulation(known, people=people) as simulation:
            while simulation.connected < cameras:
                await asyncio.sleep(0.2)
            await asyncio.sleep(_SETTLING_S)
            simulation.delays.clear()
            before = (simulation.told.detections, process.cpu, time.monotonic())
            waited = process.starved
            memory, fresh = await _watch(process, simulation, viewer, seconds)
            passed = time.monotonic() - before[2]
            rate = (simulation.told.detections - before[0]) / passed
            cpu = (process.cpu - before[1]) / passed
            starved = (process.starved - waited) / passed
            delays = sorted(simulation.delays)
            await simulation.quiet()
            told = simulation.told.detections
    stored = _stored(folder / "hub")
    third = max(1, len(memory) // 3)
    growth = (sum(memory[-third:]) - sum(memory[:third])) / third / 2**20
    what = f"{cameras} cameras, {passed:.0f} s"
    return [
        Row(f"{what}: detections stored a second", rate, "/s", target=20_000, at_least=True),
        Row(f"{what}: from camera to acknowledgement, 99 %", 1e3 * _at(delays, 0.99), "ms",
            target=1000),
        Row(f"{what}: from camera to acknowledgement, median", 1e3 * _at(delays, 0.5), "ms"),
        Row(f"{what}: from camera to query (REST), 99 % of {len(fresh)}",
            1e3 * _at(sorted(fresh), 0.99), "ms", target=1000),
        Row(f"{what}: processor of the hub", 100 * cpu, "% of a core"),
        Row(f"{what}: its threads waited for a processor that others had", 100 * starved,
            "% of the time"),
        Row(f"{what}: memory a camera above an idle hub", (memory[-1] - idle) / cameras / 1e3,
            "kB", target=50),
        Row(f"{what}: memory, last third above first third", growth, "MB"),
        Row(f"{what}: detections said that are not stored", told - stored, "", target=0),
    ]  # fmt: skip


async def _watch(
    process: HubProcess, simulation: Simulation, viewer: str, seconds: float
) -> tuple[list[int], list[float]]:
    memory, fresh, ends = [], [], time.monotonic() + seconds
    async with httpx.AsyncClient(
        base_url=process.url, headers={"Authorization": f"Bearer {viewer}"}
    ) as client:
        while time.monotonic() < ends:
            memory.append(process.memory)
            fresh += [await _freshness(client, simulation) for _ in range(3)]
            await asyncio.sleep(0.5)
    return memory, fresh


async def _freshness(client: httpx.AsyncClient, simulation: Simulation) -> float:
    """Seconds from when a camera sends its newest picture to when a query shows it."""
    camera = random.choice(simulation.cameras)
    number = camera.picture
    while camera.picture == number:
        await asyncio.sleep(0.001)
    said, newest = time.monotonic(), camera.picture - 1
    while True:
        answer = await client.get(f"/api/v1/cameras/{camera.name}/frames?limit=1")
        items = answer.json()["items"]
        if items and items[0]["sequence"] >= newest:
            return time.monotonic() - said
        await asyncio.sleep(0.005)


def _stored(data: Path) -> int:
    with sqlite3.connect(data / "hub.db") as connection:
        return int(
            connection.execute(
                "SELECT (SELECT coalesce(sum(objects), 0) FROM tail) + "
                "(SELECT coalesce(sum(objects), 0) FROM segments)"
            ).fetchone()[0]
        )


def _at(values: list[float], place: float) -> float:
    return values[int(place * len(values))] if values else float("nan")
