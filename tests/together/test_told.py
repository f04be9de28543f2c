"""What a camera counted and kept to itself, and what its hub heard of it."""

import os
import signal
from collections import Counter

from programs import LIVE, Site, until

from sightline.wire.egress import verify


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


def test_no_secret_reaches_a_log(site: Site) -> None:
    site.start_camera("door", LIVE)
    until(lambda: site.health("door"))
    site.end("door", signal.SIGTERM)
    told = (site.folder / "door.log").read_text()
    key = (site.folder / "door" / "key.pem").read_text().splitlines()[1]
    assert key not in told
    assert "slt_" not in told
    assert os.stat(site.folder / "door" / "key.pem").st_mode & 0o077 == 0
