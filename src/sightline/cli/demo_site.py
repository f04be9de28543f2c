"""A hub and three rendered cameras on this machine, as anybody would start them."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from sightline.cli.demo_cameras import CAMERAS, PACKAGE, camera_tree, demo_package
from sightline.errors import ToolError
from sightline.hub.auth.principal import Principal
from sightline.hub.client import Client
from sightline.hub.hub import Hub
from sightline.hub.refused import Unknown
from sightline.hub.settings import Settings
from sightline.hub.twin import twins
from sightline.hub.twin.twins import TwinView
from sightline.web import mount
from sightline.wire.control import Desired, ModelRef

_KEYBOARD = Principal("user", "demo", "admin")
_END_S = 20.0  # a camera says goodbye
_SHADOW_S = 5.0  # the new network beside the old one


@dataclass
class Site:
    """A hub that serves, and its cameras, each a program of its own."""

    hub: Hub
    folder: Path
    token: str
    cameras: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        """Enrol a camera the first time; later it knows who it is."""
        state = self.folder / name
        words = ["camera", "--state", str(state)]
        if not (state / "identity.json").exists():
            registry = self.hub.app.state.services.registry
            token, _ = await registry.give_out("demo", tags={"site": "demo"}, camera=name)
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
        """Upload a network, and give it to each camera as soon as that has said what it is."""
        package = await asyncio.to_thread(demo_package, self.folder)
        services = self.hub.app.state.services
        name, version = PACKAGE
        if (name, version) not in {(m.name, m.version) for m in await services.models.list()}:
            await asyncio.to_thread(self._upload, package)
        model = await services.models.ref(name, version)
        waiting = set(CAMERAS)
        while waiting:
            await asyncio.sleep(1.0)
            for camera in sorted(waiting):
                twin = await self._twin(camera)
                if twin is None or twin.reported is None:
                    continue
                waiting.discard(camera)
                if twin.model != model:
                    await self._give(camera, model)

    def _upload(self, package: Path) -> None:
        with Client(self.hub.url, self.token) as client:
            client.upload(package)

    async def _twin(self, camera: str) -> TwinView | None:
        try:
            view: TwinView = await self.hub.app.state.services.twins.show(camera)
        except Unknown:
            return None
        return view

    async def _give(self, camera: str, model: ModelRef) -> None:
        services = self.hub.app.state.services

        def work(connection: Connection) -> Desired:
            config = twins.starting_point(connection, camera)
            author = twins.Author("demo", time.time_ns(), "the demonstration's network")
            return twins.change(
                connection, camera,
                lambda old: replace(old, config=config, model=model, shadow_s=_SHADOW_S), author,
            )  # fmt: skip

        await services.twins.tell(camera, await services.database.write(work))

    def heard(self) -> list[dict[str, Any]]:
        """What the hub has of each camera."""
        with Client(self.hub.url, self.token) as client:
            return [
                {
                    "camera": camera["name"], "state": camera["state"],
                    "model": camera.get("model") or "-",
                    "frames": sum(1 for _ in client.frames(camera["name"], 1000)),
                    "events": sum(1 for _ in client.events(1000, camera=camera["name"])),
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
        for name in CAMERAS:
            await site.start(name)
        _say_where(site, console)
        ending = asyncio.create_task(stopped.wait())
        giving = asyncio.create_task(site.deploy())
        await asyncio.wait((ending,), timeout=seconds)
        ending.cancel()
        giving.cancel()
        await asyncio.wait((ending, giving))
        if not giving.cancelled():
            giving.result()
        heard = await asyncio.to_thread(site.heard)
        await site.end()
    _tell(heard, console)
    silent = [row["camera"] for row in heard if not row["frames"]]
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
