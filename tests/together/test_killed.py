"""Nothing lost, nothing twice, whatever is killed."""

import signal
import time

from programs import LIVE, Site, until


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
