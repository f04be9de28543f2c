"""The two programs, as two processes: nothing lost, nothing twice, whatever is killed."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ports import free_ports

from sightline.wire.egress import verify

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


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    try:
        made.start_hub()
        yield made
    finally:
        for process in made.running.values():
            process.kill()
            process.wait(10)


def test_a_recording_is_counted_the_same_by_camera_and_hub(site: Site) -> None:
    source = "scene:entrance?size=320x180&fps=20&busy=4&seconds=15"
    agent = {"health_s": 1, "flush_s": 0.2, "pace": "free"}
    site.start_camera("door", source, agent=agent)
    assert site.running.pop("door").wait(60) == 0  # it ends with the recording, all told
    health = until(lambda: site.health("door"))
    counted = health["counts"]["lines"]
    assert counted == site.crossings("door")
    assert sum(counted["door"].values()) > 2
    frames = site.all("cameras/door/frames")
    assert len(frames) == 15 * 20
    measured = Counter[tuple[str, str]]()
    for one in site.all("measures", camera="door", kind="line.count"):
        measured[one["name"], one["data"]["direction"]] += one["value"]
    for line, ways in counted.items():
        assert {way: measured[line, way] for way in ways} == ways
    ledger = verify((site.folder / "door" / "ledger.jsonl").read_bytes().splitlines(), "ledger")
    assert sum(entry.entry.sent["frames"].messages for entry in ledger) > 5
    whose = ("--hub", site.url, "--token", site.token, "--camera", "door")
    proof = site.printed("ledger", "verify", *whose)
    assert f"{len(ledger)} entries" in proof
    assert "no picture left" in proof


def test_counts_are_whole_whatever_is_killed(site: Site) -> None:
    site.start_camera("door", LIVE)
    until(lambda: site.all("events", camera="door", kind="line.crossed"))
    for victim in ("door", "hub", "door", "hub", "door"):
        time.sleep(2)
        site.end(victim, signal.SIGKILL)
        time.sleep(0.5)
        site.start_hub() if victim == "hub" else site.start_camera("door", LIVE)
    time.sleep(3)
    until(lambda: (site.health("door") or {}).get("state") == "running")
    assert site.end("door", signal.SIGTERM) == 0
    health = until(lambda: (h := site.health("door")) and h["state"] == "stopping" and h)
    assert health["outbox"]["lost_events"] == 0
    counted = health["counts"]["lines"]
    assert sum(sum(ways.values()) for ways in counted.values()) > 10
    assert counted == site.crossings("door")
    frames = [(f["time_ns"], f["sequence"]) for f in site.all("cameras/door/frames")]
    assert len(frames) == len(set(frames))


def test_metadata_is_there_within_seconds_and_a_hub_that_was_away_misses_nothing(
    site: Site,
) -> None:
    begun = time.monotonic()
    site.start_camera("door", LIVE)
    until(lambda: site.all("cameras/door/frames"))
    print(f"queryable {time.monotonic() - begun:.1f} s after the command")
    site.end("hub", signal.SIGKILL)
    time.sleep(4)
    assert site.running["door"].poll() is None
    site.start_hub()
    last = time.time_ns()
    until(lambda: site.all("cameras/door/frames", **{"from": last}))
    assert site.end("door", signal.SIGTERM) == 0
    health = until(lambda: (h := site.health("door")) and h["state"] == "stopping" and h)
    sequences = sorted(frame["sequence"] for frame in site.all("cameras/door/frames"))
    missing = sequences[-1] - sequences[0] + 1 - len(sequences)
    assert missing <= health["dropped"]
    assert health["counts"]["lines"] == site.crossings("door")


def test_no_secret_reaches_a_log(site: Site) -> None:
    site.start_camera("door", LIVE)
    until(lambda: site.health("door"))
    site.end("door", signal.SIGTERM)
    told = (site.folder / "door.log").read_text()
    key = (site.folder / "door" / "key.pem").read_text().splitlines()[1]
    assert key not in told
    assert "slt_" not in told
    assert os.stat(site.folder / "door" / "key.pem").st_mode & 0o077 == 0


@pytest.fixture
def safe_site(tmp_path: Path) -> Iterator[Site]:
    """A hub with an authority of its own."""
    made = Site(tmp_path, tls=True)
    try:
        made.start_hub()
        yield made
    finally:
        for process in made.running.values():
            process.kill()
            process.wait(10)


def test_under_tls_the_camera_knows_its_hub_and_is_steered_by_it(safe_site: Site) -> None:
    site = safe_site
    site.start_camera("door", LIVE, privacy={"policy": "redacted"})
    until(lambda: site.all("cameras/door/frames"))
    twin = site.ask("GET", "cameras/door/twin")
    config = {
        "model": "truth", "lines": LINES[:1], "privacy": {"policy": "redacted"},
        "agent": {"flush_s": 0.2, "health_s": 1},
    }  # fmt: skip
    tag = {"If-Match": twin.headers["ETag"]} if "ETag" in twin.headers else {}
    changed = site.ask("PATCH", "cameras/door/twin", json=config, headers=tag).json()
    until(
        lambda: (
            (r := site.get("cameras/door/twin")["reported"])
            and r["version"] == changed["version"]
            and r["state"] == "applied"
        )
    )
    reported = site.get("cameras/door/twin")["reported"]["config"]
    assert [line["name"] for line in reported["lines"]] == ["door"]
    asked = site.ask("POST", "cameras/door/pictures", json={"reason": "to see the door"}).json()
    image = until(lambda: site.ask("GET", f"pictures/{asked['id']}/image").content)
    assert image.startswith(b"\xff\xd8")
    site.end("door", signal.SIGTERM)
    lines = (site.folder / "door" / "ledger.jsonl").read_bytes().splitlines()
    [picture] = [p for item in verify(lines, "ledger") for p in item.entry.pictures]
    assert (picture.id, picture.policy, picture.bytes) == (asked["id"], "redacted", len(image))


def test_a_token_of_another_site_is_noticed(safe_site: Site) -> None:
    token = safe_site.printed("hub", "tokens", "enroll", "--data", "site", "--quiet")
    assert token.count("_") == 2
    wrong = f"{token[:-32]}{'0' * 32}"
    done = subprocess.run(
        safe_site.sightline(
            "camera", "--hub", safe_site.url, "--token", wrong, "--state", "x", "scene:"
        ),
        cwd=safe_site.folder, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "is not the hub that gave out this token" in done.stderr
    assert not (safe_site.folder / "x" / "identity.json").exists()


def test_a_bad_model_stops_at_the_canary_and_a_good_one_goes_on(
    site: Site, pictures: Callable[..., Path], walk: Any, bright_network: Path, make_onnx: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Of five cameras; the model that sees nothing runs beside the old one and never instead."""
    import numpy as np

    from sightline.camera.networks import Networks
    from sightline.camera.selftest import with_selftest
    from sightline.model.importing import About, import_network

    source = str(pictures(walk))
    good = import_network(bright_network, Networks(), About(name="lamps", version="1.0.0"))
    site.ask("POST", "models", content=with_selftest(good, source, 2).to_bytes())
    blind = tmp_path / "blind.onnx"
    blind.write_bytes(make_onnx([1, 3, 64, 64], {"output": np.zeros((1, 84, 6), np.float32)}))
    about = About(name="lamps", version="2.0.0", labels=("lamp",), decoder="yolox")
    site.ask("POST", "models", content=import_network(blind, Networks(), about).to_bytes())
    agent = {"health_s": 1, "flush_s": 0.2, "at_end": "loop"}
    middle = [{"name": "middle", "points": [[0.5, 0.0], [0.5, 1.0]]}]
    names = ("one", "two", "three", "four", "five")
    for name in names:
        site.start_camera(name, source, model=str(bright_network), lines=middle, agent=agent)
        until(lambda name=name: (site.health(name) or {}).get("state") == "running")
    plan = {"to": "", "canary": 1, "shadow_s": 3, "watch_s": 2, "gate": {"latency_ratio": 1000}}

    def deployed(model: str, *states: str) -> Any:
        begun = site.ask("POST", "deployments", json={**plan, "model": model}).json()
        return until(
            lambda: (d := site.get(f"deployments/{begun['id']}"))["state"] in states and d, 90
        )

    bad = deployed("lamps:2.0.0", "rolled-back", "paused", "done")
    assert bad["state"] == "rolled-back"
    story = " ".join(str(line) for line in site.all(f"deployments/{bad['id']}/log"))
    assert "agree" in story
    assert all((site.health(name) or {})["model"] != "lamps 2.0.0" for name in names)
    fine = deployed("lamps:1.0.0", "rolled-back", "paused", "done")
    assert fine["state"] == "done", site.all(f"deployments/{fine['id']}/log")
    until(lambda: all(site.health(name)["model"] == "lamps 1.0.0" for name in names))
