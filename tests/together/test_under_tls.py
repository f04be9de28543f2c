"""A hub with an authority of its own, and cameras that know it."""

import signal
import subprocess

from programs import LINES, LIVE, Site, until

from sightline.wire.egress import verify


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
