"""The demonstration as anybody starts it, once its month is stored and its rollout is over."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from visits import PASSWORD

_CLI = [sys.executable, "-c", "from sightline.cli import main; main()", "demo"]
_PATIENCE_S = 300


@contextmanager
def demo_place(folder: Path) -> Iterator[str]:
    """The address of its hub, served until the block is left. `ada` is its administrator."""
    flags = ["--out", str(folder), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen([*_CLI, *flags], stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        assert process.stderr is not None
        while "*.log" not in said:
            said += process.stderr.readline()
            assert process.poll() is None, said
        found = re.search(r"SIGHTLINE_HUB=(\S+) SIGHTLINE_TOKEN=(\S+)", said)
        link = re.search(r"/setup\?token=(\S+)", said)
        assert found
        assert link
        headers = {"Authorization": f"Bearer {found[2]}"}
        with httpx.Client(base_url=f"{found[1]}/api/v1/", headers=headers, timeout=30) as client:
            account = {"token": link[1], "name": "ada", "password": PASSWORD}
            client.post("setup", json=account).raise_for_status()
            deadline = time.monotonic() + _PATIENCE_S
            while not _whole(client):
                assert time.monotonic() < deadline
                time.sleep(2)
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _whole(client: httpx.Client) -> bool:
    rollouts = client.get("deployments").json()["items"]
    finished = len(rollouts) == 3 and rollouts[0]["state"] == "done"
    return finished and client.get("demo").json()["done"] == 1
