"""The demonstration, as `make demo` starts it, bounded for here."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

CLI = [sys.executable, "-c", "from sightline.cli import main; main()", "demo"]


def test_three_cameras_are_heard_and_get_a_network(tmp_path: Path) -> None:
    flags = ["--out", str(tmp_path), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen([*CLI, *flags], stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        assert process.stderr is not None
        while "*.log" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        found = re.search(r"SIGHTLINE_HUB=(\S+) SIGHTLINE_TOKEN=(\S+)", said)
        assert found, said
        assert "/setup?token=" in said
        headers = {"Authorization": f"Bearer {found[2]}"}
        deadline = time.monotonic() + 100
        while True:
            with httpx.Client(base_url=f"{found[1]}/api/v1/", headers=headers) as client:
                seen = client.get("cameras?q=not name=aisle").json()["items"]
                names = [camera["name"] for camera in seen]
                twins = [client.get(f"cameras/{name}/twin").json() for name in names]
                reported = [twin["reported"] or {} for twin in twins]
            if [one.get("model", {}).get("name") for one in reported] == ["demo-people"] * 3:
                break
            assert time.monotonic() < deadline, reported
            time.sleep(0.5)
        with httpx.Client(base_url=f"{found[1]}/api/v1/", headers=headers) as client:
            told = client.get("demo").json()
            marked = client.get("cameras?q=demo=yes").json()["items"]
            rollouts = client.get("deployments").json()["items"]
            [plan] = client.get("plans").json()["items"]
        assert told["demo"]
        assert sorted(told["cameras"]) == sorted(camera["name"] for camera in marked)
        assert 29 * 86400 < (told["to_ns"] - told["from_ns"]) / 1e9 < 31 * 86400
        assert (plan["name"], plan["site"]) == ("Demo shop", "demo")
        assert {one["camera"] for one in plan["cameras"]} == set(told["cameras"])
        assert all(one["sees"] and not one["trouble"] for one in plan["cameras"])
        assert {"done", "rolled-back"} <= {one["state"] for one in rollouts}
    finally:
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    for name in ("shop-entrance", "checkout", "loading-bay"):
        assert name in rest


def test_one_rendered_camera_is_compared_with_the_truth(tmp_path: Path) -> None:
    flags = ["--once", "--seconds", "2", "--out", str(tmp_path), "--quiet"]
    done = subprocess.run([*CLI, *flags], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert set(summary["truth"]) >= {"lines", "zones"}
    assert (tmp_path / "entrance.mp4").stat().st_size > 1000
