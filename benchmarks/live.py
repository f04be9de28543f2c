"""`make live`: how old a box is when it is on screen, and what a wall of cameras costs.

Everything is a process of its own, as it is in use: a hub, a camera that looks at a rendered
scene, simulated cameras for the wall, and Chromium without a window. A box is as old as the
moment at which the scene was looked at (its picture is rendered after that) until the browser
begins the frame that follows the one in which it was drawn.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.base import Row
from benchmarks.browser import chromium, signed_in
from benchmarks.hub.process import SIGHTLINE, HubProcess, hub
from benchmarks.report import show

_CAMERA = "entrance"
_SCENE = "scene:entrance?live=1&size=640x360&fps=10"
_SETTLE_S = 8.0
_PASSWORD = "a sentence is easy"

# In the page: whenever a view shows a newer frame, how old that is once it has been drawn.
_WATCH = """async () => {
  const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
  const { Player } = await import(base + "canvas/player.js");
  const step = Player.prototype.step;
  window.ages = [];
  Player.prototype.step = function (...args) {
    const changed = step.apply(this, args);
    const taken = this.memory.capturedMs;
    if (changed) requestAnimationFrame(() => window.ages.push(Date.now() - taken));
    return changed;
  };
}"""
_COUNT = """(ms) => new Promise((done) => {
  let frames = 0;
  const began = performance.now();
  const beat = () => {
    frames += 1;
    const passed = performance.now() - began;
    if (passed < ms) requestAnimationFrame(beat);
    else done((1000 * frames) / passed);
  };
  requestAnimationFrame(beat);
})"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--cameras", type=int, default=20)
    parser.add_argument("--fps", type=int, default=5)
    given = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="sightline-live-") as folder:
        rows = asyncio.run(_measured(Path(folder), given.seconds, given.cameras, given.fps))
    show(rows)


async def _measured(folder: Path, seconds: float, cameras: int, fps: int) -> list[Row]:
    async with hub(folder / "hub") as process, chromium() as browser:
        await _first_user(process)
        page = await signed_in(browser, process.url, "ada", _PASSWORD)
        async with _scene_camera(process, folder):
            rows = await _ages(page, f"{process.url}/cameras/{_CAMERA}", seconds, "one camera")
        async with _simulated(process, folder, cameras, fps):
            return rows + await _wall(page, process, seconds, cameras, fps)


async def _ages(page: Any, url: str, seconds: float, what: str) -> list[Row]:
    """How old boxes are when they are seen."""
    await page.goto(url)
    await page.wait_for_selector("main .stage canvas")
    await asyncio.sleep(_SETTLE_S)
    await page.evaluate(_WATCH)
    await asyncio.sleep(seconds)
    ages = await page.evaluate("window.ages")
    half, most = np.percentile(ages, [50, 95])
    print(f"{what}: {len(ages)} frames shown, the oldest {max(ages):.0f} ms old")
    return [
        Row(f"capture to screen, {what}, half within", half, "ms", target=250),
        Row(f"capture to screen, {what}, 95 % within", most, "ms", target=250),
    ]


async def _wall(
    page: Any, process: HubProcess, seconds: float, cameras: int, fps: int
) -> list[Row]:
    await page.goto("about:blank")
    await asyncio.sleep(20.0)  # cameras that nobody looks at any more have gone back
    alone = await _share(process, seconds)
    what = f"{cameras} cameras at {fps} fps"
    rows = await _ages(page, f"{process.url}/wall", seconds / 2, f"wall of {what}")
    share, drawn = await asyncio.gather(
        _share(process, seconds), page.evaluate(_COUNT, 1000 * seconds)
    )
    return [
        *rows,
        Row(f"frames rendered a second, {what}", drawn, "", target=30, at_least=True),
        Row(f"hub for {what}, beside nobody looking on", 100 * share, "% of a core",
            theirs=100 * alone),
        Row("hub, what looking on adds", 100 * (share - alone), "% of a core", target=10),
    ]  # fmt: skip


async def _share(process: HubProcess, seconds: float) -> float:
    before = process.cpu
    await asyncio.sleep(seconds)
    return (process.cpu - before) / seconds


async def _first_user(process: HubProcess) -> None:
    log = (process.data / "log").read_text()
    found = re.search(r"token=([\w-]+)", log)
    assert found, log
    body = {"token": found[1], "name": "ada", "password": _PASSWORD}
    async with httpx.AsyncClient(base_url=process.url) as client:
        (await client.post("/api/v1/setup", json=body)).raise_for_status()


@asynccontextmanager
async def _scene_camera(process: HubProcess, folder: Path) -> AsyncIterator[None]:
    token = await process.token("enroll")
    config = folder / "camera.yaml"
    config.write_text(f"source: {_SCENE}\nmodel: scene\ndetect: {{classes: [person]}}\n")
    words = ("--name", _CAMERA, "--state", str(folder / "camera"), "--config", str(config))
    async with _running(folder / "camera.log", "camera", "--hub", process.url, "--token", token,
                        *words):  # fmt: skip
        await _online(process, 1)
        yield


@asynccontextmanager
async def _simulated(
    process: HubProcess, folder: Path, cameras: int, fps: int
) -> AsyncIterator[None]:
    token = await process.token("enroll", "--uses", str(cameras))
    words = ("--cameras", cameras, "--fps", fps, "--people", 4, "--state", folder / "fleet")
    async with _running(folder / "fleet.log", "simulate", "--hub", process.url, "--token", token,
                        "--quiet", *map(str, words)):  # fmt: skip
        await _online(process, cameras)
        yield


async def _online(process: HubProcess, count: int) -> None:
    token = await process.token("api")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=process.url, headers=headers) as client:
        async with asyncio.timeout(60):
            while True:
                answer = await client.get("/api/v1/cameras", params={"q": "state=online"})
                if len(answer.json()["items"]) >= count:
                    return
                await asyncio.sleep(0.3)


@asynccontextmanager
async def _running(log: Path, *words: str) -> AsyncIterator[None]:
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(SIGHTLINE, *words, stdout=said, stderr=said)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await process.wait()


if __name__ == "__main__":
    main()
