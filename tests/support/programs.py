"""A hub and its cameras as the programs that they are, each a process of its own."""

import json
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from ports import free_ports

LINES = [
    {"name": "door", "points": [[0.5, 0], [0.5, 1]]},
    {"name": "across", "points": [[0, 0.6], [1, 0.6]]},
]
LIVE = "scene:entrance?live=1&size=320x180&fps=20&busy=4"


def until(what: Callable[[], Any], seconds: float = 40.0) -> Any:
    """The first answer that says something."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = what()
        except (httpx.TransportError, httpx.HTTPStatusError):
            found = None
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come true"
        time.sleep(0.1)


class Site:
    """A hub and its cameras, each a process."""

    def __init__(self, folder: Path, tls: bool = False) -> None:
        self.folder = folder
        self.address = f"127.0.0.1:{free_ports(2)}"
        self.url = f"{'https' if tls else 'http'}://{self.address}"
        self.more = ("--tls", "self-signed") if tls else ()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.token = ""

    def sightline(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", "from sightline.cli import main; main()", *arguments]

    def start(self, name: str, *arguments: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            self.running[name] = subprocess.Popen(
                self.sightline(*arguments), stdout=log, stderr=log, cwd=self.folder
            )

    def start_hub(self) -> None:
        self.start("hub", "hub", "--data", "site", "--listen", self.address, *self.more)
        until(lambda: httpx.get(f"{self.url}/healthz", verify=self.trust).is_success)
        if not self.token:
            self.token = self.printed(
                "hub", "tokens", "api", "--data", "site", "--role", "admin", "-q"
            )

    @property
    def trust(self) -> Any:
        authority = self.folder / "site" / "authority" / "ca.pem"
        if not self.more:
            return True
        if not authority.exists():
            raise httpx.ConnectError("the hub has made no authority yet")
        return ssl.create_default_context(cafile=authority)

    def printed(self, *arguments: str) -> str:
        done = subprocess.run(
            self.sightline(*arguments), cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def start_camera(self, name: str, source: str, **config: Any) -> None:
        """Enrol it the first time; afterwards its state says all."""
        state = self.folder / name
        if (state / "identity.json").exists():
            self.start(name, "camera", "--state", str(state))
            return
        token = self.printed("hub", "tokens", "enroll", "--data", "site", "--quiet")
        agent = {"health_s": 1, "measures_s": 2, "flush_s": 0.2}
        tree = {"model": "truth", "lines": LINES, "agent": agent} | config
        (self.folder / f"{name}.yaml").write_text(json.dumps(tree))
        self.start(
            name, "camera", "--hub", self.url, "--token", token, "--name", name,
            "--state", str(state), "--config", f"{name}.yaml", source,
        )  # fmt: skip

    def end(self, name: str, how: signal.Signals) -> int:
        process = self.running.pop(name)
        process.send_signal(how)
        return process.wait(30)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **how.pop("headers", {})}
        answer = httpx.request(
            method,
            f"{self.url}/api/v1/{path}",
            headers=headers,
            timeout=20,
            verify=self.trust,
            **how,
        )
        answer.raise_for_status()
        return answer

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, params=query).json()

    def all(self, path: str, **query: Any) -> list[Any]:
        items: list[Any] = []
        cursor = None
        while True:
            page = self.get(path, limit=500, **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                return items

    def health(self, camera: str) -> Any:
        items = self.get(f"cameras/{camera}/health", limit=1)["items"]
        return items[0]["health"] if items else None

    def crossings(self, camera: str) -> dict[str, dict[str, int]]:
        """What the hub stored, counted."""
        events = self.all("events", camera=camera, kind="line.crossed")
        numbers = Counter((event["name"], event["data"]["direction"]) for event in events)
        return {
            line["name"]: {way: numbers[line["name"], way] for way in ("in", "out")}
            for line in LINES  # type: ignore[misc]
        }

    def kill_all(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait(10)
