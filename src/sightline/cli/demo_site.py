"""A hub and three rendered cameras on this machine, as anybody would start them."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from sightline.cli.demo_cameras import (
    CAMERAS,
    PACKAGE,
    SITE,
    TARGET,
    camera_tree,
    demo_package,
)
from sightline.cli.demo_past import Backfill, marked
from sightline.cli.demo_story import tell_story
from sightline.errors import ToolError
from sightline.hub.auth.principal import Principal
from sightline.hub.client import Client
from sightline.hub.demo.mark import TAG
from sightline.hub.hub import Hub
from sightline.hub.settings import Settings
from sightline.web import mount

_KEYBOARD = Principal("user", "demo", "admin")
_BY = ("user demo", "token demo")
_END_S = 20.0  # a camera says goodbye
# One camera tries the network beside its old one, then the others do. The gate is wide, because
# all of them share this machine with whatever else it does.
_PLAN = {
    "canary": 1, "batch": 2, "shadow_s": 5, "watch_s": 5, "patience_s": 300,
    "gate": {"agreement": 0.3, "fps": 0.1, "counts": 0, "latency_ratio": 20, "errors": 50},
}  # fmt: skip


@dataclass
class Site:
    """A hub that serves, and its cameras, each a program of its own."""

    hub: Hub
    folder: Path
    token: str
    cameras: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    begun_ns: int = field(default_factory=time.time_ns)

    async def start(self, name: str) -> None:
        """Enrol a camera the first time; later it knows who it is."""
        state = self.folder / name
        words = ["camera", "--state", str(state)]
        registry = self.hub.app.state.services.registry
        if not await registry.known(name):
            shutil.rmtree(state, ignore_errors=True)  # of a demo whose data was removed
            tags = {"site": SITE, **dict([TAG])}
            token, _ = await registry.give_out("demo", tags=tags, camera=name)
            config = self.folder / f"{name}.yaml"
            tree = camera_tree(name)
            source = tree.pop("source")
            config.write_text(json.dumps(tree))
            words += ["--hub", self.hub.url, "--token", token, "--name", name, "--config"]
            words += [str(config), source]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.cameras[name] = await asyncio.create_subprocess_exec(
                sys.executable, "-c", "from sightline.cli import main; main()", *words,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def remember(self, console: Console) -> None:
        """Give them a past, beside all else; the console and the dashboard show how far it is."""
        parts = self.hub.app.state.services
        cameras = await parts.registry.list(limit=len(CAMERAS) + 1)
        seen_s = max((one.seen_ns // 10**9 for one in cameras), default=0)
        mark = marked(self.hub, _BY, int(time.time()), seen_s)
        story = tell_story(parts, mark, _KEYBOARD, self.hub.url, self.token, self.folder)
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("a month of demo data", total=1.0)
            filling = Backfill(self.hub, mark, lambda done: progress.update(bar, completed=done))
            async with asyncio.TaskGroup() as group:
                group.create_task(story)
                group.create_task(filling.run())

    async def end(self) -> None:
        """Tell the cameras to stop, and wait until they have."""
        running = [camera for camera in self.cameras.values() if camera.returncode is None]
        for camera in running:
            camera.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_END_S):
                await asyncio.gather(*(camera.wait() for camera in running))
        except TimeoutError:
            for camera in running:
                if camera.returncode is None:
                    camera.kill()
            await asyncio.gather(*(camera.wait() for camera in running))

    async def deploy(self) -> None:
        """Upload a network and roll it out as soon as all cameras have said what they are."""
        package = await asyncio.to_thread(demo_package, self.folder)
        while not await asyncio.to_thread(self._begun, package):
            await asyncio.sleep(1.0)

    def _begun(self, package: Path) -> bool:
        name, version = PACKAGE
        with Client(self.hub.url, self.token) as client:
            present = [camera["name"] for camera in client.cameras("state=online")]
            twins = [client.twin(camera) for camera in CAMERAS if camera in present]
            models = [(twin["reported"] or {}).get("model", {}) for twin in twins]
            if len(models) < len(CAMERAS) or not all(models):
                return False
            if all(model.get("name") == name for model in models):
                return True
            if (name, version) not in {(m["name"], m["version"]) for m in client.items("models")}:
                client.upload(package)
            plan = {"to": TARGET, "model": f"{name}:{version}", **_PLAN}
            client.request("POST", "deployments", json=plan)
        return True

    def heard(self) -> list[dict[str, Any]]:
        """What the hub has heard of each camera since it began."""
        since = {"begin": self.begun_ns}
        with Client(self.hub.url, self.token) as client:
            return [
                {
                    "camera": camera["name"], "state": camera["state"],
                    "model": camera.get("model") or "-",
                    "frames": sum(1 for _ in client.frames(camera["name"], 1000, **since)),
                    "events": sum(
                        1 for _ in client.events(1000, camera=camera["name"], **since)
                    ),
                }
                for camera in client.cameras()
            ]  # fmt: skip


def run_site(folder: Path, listen: str, seconds: float | None, quiet: bool) -> None:
    """Until Ctrl-C, or for some seconds. Raises SightlineError."""
    console = Console(stderr=True, quiet=quiet)
    asyncio.run(_run(folder, listen, seconds, console))


async def _run(folder: Path, listen: str, seconds: float | None, console: Console) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with _site(folder, listen) as site:
        past = asyncio.create_task(site.remember(console))
        for name in CAMERAS:
            await site.start(name)
        _say_where(site, console)
        ending = asyncio.create_task(stopped.wait())
        giving = asyncio.create_task(site.deploy())
        await asyncio.wait((ending,), timeout=seconds)
        tasks = (ending, giving, past)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for task in (giving, past):
            if not task.cancelled():
                task.result()
        heard = await asyncio.to_thread(site.heard)
        await site.end()
    _tell(heard, console)
    silent = [row["camera"] for row in heard if row["camera"] in CAMERAS and not row["frames"]]
    if seconds and (silent or len(heard) < len(CAMERAS)):
        raise ToolError(f"nothing came from {', '.join(silent) or 'some camera'}; see {folder}")


@asynccontextmanager
async def _site(folder: Path, listen: str) -> AsyncIterator[Site]:
    async with Hub(Settings(data=folder / "hub", listen=listen)) as hub:
        mount(hub.app)
        people = hub.app.state.services.people
        token, _ = await people.give_out(_KEYBOARD, "", role="admin", name="demo", expires_s=86400)
        site = Site(hub, folder, token)
        serving = asyncio.create_task(hub.serve())
        try:
            yield site
        finally:
            await site.end()
            hub.stop()
            await serving


def _say_where(site: Site, console: Console) -> None:
    console.print(f"[bold]Sightline[/] at {site.hub.url}   (Ctrl-C ends it)")
    if site.hub.setup_url:
        console.print("this link, good once, makes you the administrator:")
        console.print(f"  [bold]{site.hub.setup_url}[/]", soft_wrap=True)
    console.print(f"three rendered cameras come to it: {', '.join(CAMERAS)}", soft_wrap=True)
    console.print("from another terminal:")
    console.print(
        f"  export SIGHTLINE_HUB={site.hub.url} SIGHTLINE_TOKEN={site.token}", soft_wrap=True
    )
    console.print("  sightline cameras list        sightline events --from -5min")
    console.print(f"what the cameras say of themselves: {site.folder}/*.log", soft_wrap=True)


def _tell(heard: list[dict[str, Any]], console: Console) -> None:
    table = Table("camera", "state", "model", "frames", "events")
    for row in heard:
        table.add_row(*(str(value) for value in row.values()))
    console.print(table)
