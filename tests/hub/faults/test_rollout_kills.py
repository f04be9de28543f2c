"""A rollout whose hub and whose camera are killed at random moments ends as if nothing had been.

SIGHTLINE_KILLS says how often; `make faults` kills a hundred times.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hubprocess import HubProcess

from sightline.camera.networks import Networks
from sightline.hub.simulation.camera import SimulatedCamera
from sightline.hub.simulation.identity import identities
from sightline.model.importing import About, import_network

KILLS = int(os.environ.get("SIGHTLINE_KILLS", "2"))
BUILT_IN = Path(sys.modules["sightline.model"].__path__[0]) / "builtin" / "scene.onnx"
SOURCE = "scene:entrance?live=1&size=160x120&fps=10&busy=2"
REAL = "a-real-one"  # by its name the canary
OVER = ("done", "rolled-back", "aborted")
# How long a program takes to come back is no sign of a bad model here.
PATIENT = {"latency_ratio": 1e6, "heat_c": 1e6, "errors": 1e6, "restarts": 1e6, "fps": 0.0,
           "counts": 0.0}  # fmt: skip

pytestmark = pytest.mark.timeout(240 + 40 * KILLS)


class Site:
    """A hub, one real camera and two that are simulated; all but the latter may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hub = HubProcess(folder / "site")
        self.light: list[SimulatedCamera] = []
        self.client = httpx.AsyncClient(timeout=10)
        self.camera: asyncio.subprocess.Process | None = None

    async def open(self) -> None:
        await self.hub.start()
        self.client.headers["Authorization"] = (
            f"Bearer {await self.hub.token('api', '--role', 'admin')}"
        )
        token = await self.hub.token("enroll", "--uses", "3")
        known = await identities(self.hub.url, token, ["light-0", "light-1"], self.folder / "keys")
        self.light = [SimulatedCamera(one, 10.0, lambda _: None) for one in known]
        tree = {"model": "truth", "agent": {"health_s": 1, "flush_s": 0.2}}
        (self.folder / "camera.json").write_text(json.dumps(tree))
        await self.start_camera("--hub", self.hub.url, "--token", token, "--name", REAL,
                                "--config", str(self.folder / "camera.json"), SOURCE)  # fmt: skip

    async def start_camera(self, *words: str) -> None:
        with (self.folder / "camera.log").open("ab") as log:
            self.camera = await asyncio.create_subprocess_exec(
                sys.executable, "-c", "from sightline.cli import main; main()", "camera",
                "--state", str(self.folder / "camera"), *words, stdout=log, stderr=log,
            )  # fmt: skip

    async def kill_camera(self) -> None:
        assert self.camera is not None
        if self.camera.returncode is None:
            self.camera.kill()
        await self.camera.wait()

    async def live(self) -> None:
        """The light cameras stay connected and say how they are."""
        sessions = [asyncio.create_task(one.session.run()) for one in self.light]
        try:
            while True:
                await asyncio.sleep(0.3)
                for one in self.light:
                    if one.session.open:
                        one.report_health(0)
        finally:
            for task in sessions:
                task.cancel()

    async def ask(self, method: str, path: str, **how: Any) -> Any:
        answer = await self.client.request(method, f"{self.hub.url}/api/v1/{path}", **how)
        answer.raise_for_status()
        return answer.json()

    async def model(self) -> str:
        """What the real camera says that it runs, since it started last."""
        twin = await self.ask("GET", f"cameras/{REAL}/twin")
        return str(((twin["reported"] or {}).get("model") or {}).get("version", ""))

    async def kill_one(self, chance: random.Random) -> None:
        if chance.random() < 0.5:
            await self.hub.kill()
            await self.hub.start()
        else:
            await self.kill_camera()
            await self.start_camera()


async def until(what: Callable[[], Awaitable[Any]], seconds: float = 90) -> Any:
    """The first answer that says something; a hub that is away says nothing."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = await what()
        except (httpx.TransportError, httpx.HTTPStatusError):
            found = None
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come true"
        await asyncio.sleep(0.1)


@pytest.fixture
async def site(tmp_path: Path) -> Any:
    made = Site(tmp_path)
    living: asyncio.Task[None] | None = None
    try:
        await made.open()
        living = asyncio.create_task(made.live())
        yield made
    finally:
        if living is not None:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
        await made.client.aclose()
        await made.kill_camera()
        await made.hub.kill()


async def test_whatever_dies_a_rollout_ends_and_tells_a_true_story(site: Site) -> None:
    await until(lambda: ready(site))
    chance = random.Random(os.urandom(8))
    holds, killed = "", 0
    for number in count(1):
        version, wanted = f"1.0.{number}", number % 2 == 1
        killed += await rolled_out(site, version, wanted, chance, KILLS - killed)
        held = await until(lambda: settled(site))
        if not wanted:
            assert held == holds, "the camera runs a model that the gate refused"
        holds = held
        if killed >= KILLS and number >= 2:
            return


async def rolled_out(
    site: Site, version: str, wanted: bool, chance: random.Random, kills: int
) -> int:
    """Deploy, and kill at random moments until it is over; how often something was killed."""
    before, killed = await site.model(), 0
    package = import_network(BUILT_IN, Networks(), About(name="scene", version=version))
    await site.ask("POST", "models", content=package.to_bytes())
    order = {
        "to": "", "model": f"scene:{version}", "shadow_s": 2, "watch_s": 1,
        "gate": PATIENT | {"agreement": 0.0 if wanted else 2.0},
    }  # fmt: skip
    id = (await site.ask("POST", "deployments", json=order))["id"]
    deadline = time.monotonic() + 180
    while True:
        state = (await until(lambda: site.ask("GET", f"deployments/{id}")))["state"]
        if state in OVER:
            break
        assert time.monotonic() < deadline, await site.ask("GET", f"deployments/{id}/log")
        await asyncio.sleep(chance.uniform(0.1, 3.0) if killed < kills else 0.2)
        if killed < kills:
            killed += 1
            await site.kill_one(chance)
    await until(lambda: settled(site))
    lines = (await site.ask("GET", f"deployments/{id}/log?limit=500"))["items"]
    tells_each_once(lines)
    standing = await site.ask("GET", f"deployments/{id}/cameras")
    states = {one["camera"]: one["state"] for one in standing["items"]}
    assert not set(states.values()) & {"told", "watched", "returning"}, lines
    runs = await site.model()
    if state == "done":
        assert wanted, lines
        assert set(states.values()) == {"done"}
        assert runs == version
    else:
        assert state == "rolled-back", lines
        assert runs == before, lines
        assert not wanted or killed  # a good one goes back only where its camera died too often
    for name in states:
        twin = await site.ask("GET", f"cameras/{name}/twin")
        assert (twin["deployment"] == id) == (state == "done"), lines
    return killed


def tells_each_once(lines: list[dict[str, Any]]) -> None:
    """Each camera comes into each state once, and no line stands there twice in a row."""
    for camera in {line["camera"] for line in lines}:
        states = [line["state"] for line in lines if line["camera"] == camera]
        entered = [state for state in states if "," not in state]
        assert len(entered) == len(set(entered)), lines
        assert all(one != next for one, next in pairwise(states)), lines


async def ready(site: Site) -> bool:
    listed = (await site.ask("GET", "cameras?q=state%3Donline"))["items"]
    return len(listed) == 3 and bool((await site.ask("GET", f"cameras/{REAL}/twin"))["reported"])


async def settled(site: Site) -> str | None:
    """What the real camera runs, once it is back and has said all that it was asked."""
    twin = await site.ask("GET", f"cameras/{REAL}/twin")
    health = (await site.ask("GET", f"cameras/{REAL}/health?limit=1"))["items"]
    said = twin["reported"]
    at_rest = said["version"] == twin["version"] and said["state"] != "pending"
    fresh = health and health[0]["health"]["config_version"] == twin["version"]
    alive = (await site.ask("GET", "cameras?q=state%3Donline"))["items"]
    return str(said["model"]["version"]) or "own" if at_rest and fresh and len(alive) == 3 else None
