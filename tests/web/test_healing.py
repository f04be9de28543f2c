"""A hub that is killed under an open page, and started again: the page goes on by itself."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from ports import free_ports
from visits import PASSWORD, Visit

SIGHTLINE = str(Path(sys.executable).with_name("sightline"))
SAYS = "(words) => document.querySelector('.stage .badge').textContent.endsWith(words)"


@contextmanager
def program(log: Path, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as said:
        process = subprocess.Popen([SIGHTLINE, *words], stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def until_it_answers(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the hub does not start")


def the_first_user(url: str, log: Path) -> None:
    found = re.search(r"token=([\w-]+)", log.read_text())
    assert found
    body = {"token": found[1], "name": "ada", "password": PASSWORD}
    httpx.post(f"{url}/api/v1/setup", json=body).raise_for_status()


def enrolment_token(data: Path) -> str:
    words = (SIGHTLINE, "hub", "tokens", "enroll", "--data", str(data), "--quiet")
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def until_it_came(seen: Visit, camera: str) -> None:
    for _ in range(300):
        if seen.context.request.get(f"{seen.url}/api/v1/cameras/{camera}").ok:
            return
        time.sleep(0.1)
    raise AssertionError("the camera did not come")


def test_a_live_page_heals_when_the_hub_was_killed(browser: Any, tmp_path: Path) -> None:
    data, log, port = tmp_path / "site", tmp_path / "hub.log", free_ports(2)
    url = f"http://127.0.0.1:{port}"
    hub = ("hub", "--data", str(data), "--listen", f"127.0.0.1:{port}")
    with ExitStack() as outlives:
        with program(log, *hub):
            until_it_answers(url)
            the_first_user(url, log)
            camera = ("simulate", "--cameras", "1", "--hub", url, "--quiet")
            own = ("--token", enrolment_token(data), "--state", str(tmp_path / "keys"))
            outlives.enter_context(program(tmp_path / "camera.log", *camera, *own))
            seen = Visit(browser, url, "ada")
            outlives.callback(seen.context.close)
            until_it_came(seen, "sim-0001")
            page = seen.go("/cameras/sim-0001")
            page.wait_for_function(SAYS, arg=" ms ago")
            page.evaluate("window.still = 'the same page'")
        page.wait_for_selector(".lost:not([hidden])")
        page.wait_for_function(SAYS, arg="no pictures now")
        with program(log, *hub):
            page.wait_for_selector(".lost", state="hidden")
            page.wait_for_function(SAYS, arg=" ms ago")
            assert page.evaluate("window.still") == "the same page"
            assert page.inner_text("main p[role=status]") == ""
