"""The hub as a person starts it: one command on a fresh folder."""

import json
import re
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starting import CLI, Started

PASSWORD = "a sentence is easy"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Started]:
    started = Started(tmp_path / "site")
    yield started
    started.end()


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CLI, *words], capture_output=True, text=True, timeout=60, check=False)


def test_first_start_to_first_administrator(hub: Started) -> None:
    assert httpx.get(f"{hub.url}/healthz").json() == {"status": "alive"}
    assert httpx.get(f"{hub.url}/readyz").json() == {"status": "ready"}
    assert "<!doctype html>" in httpx.get(f"{hub.url}/").text
    line = hub.process.stderr.readline() if hub.process.stderr else ""
    link = (hub.process.stderr.readline() if hub.process.stderr else "").strip()
    assert "nobody is there yet" in line
    assert link.startswith(f"{hub.url}/setup?token=")
    token = link.partition("=")[2]
    with httpx.Client(base_url=f"{hub.url}/api/v1/") as client:
        body = {"token": token, "name": "ada", "password": PASSWORD}
        assert client.post("setup", json=body).status_code == 201
        assert client.post("session", json={"name": "ada", "password": PASSWORD}).is_success
        assert client.get("me").json()["role"] == "admin"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told(tmp_path: Path, number: int) -> None:
    started = Started(tmp_path / "site")
    assert started.end(number) == 0
    assert "Traceback" not in started.said


def test_nobody_else_can_read_its_folder(hub: Started) -> None:
    assert stat.S_IMODE(hub.data.stat().st_mode) == 0o700


def test_tokens_are_given_out_while_it_runs(hub: Started) -> None:
    data = str(hub.data)
    given = run("hub", "tokens", "api", "--data", data, "--role", "viewer", "--quiet")
    assert given.returncode == 0, given.stderr
    headers = {"Authorization": f"Bearer {given.stdout.strip()}"}
    assert httpx.get(f"{hub.url}/api/v1/cameras", headers=headers).json()["items"] == []
    enrol = run("hub", "tokens", "enroll", "--data", data, "--tag", "site=oslo", "--quiet")
    assert re.fullmatch(r"slt_[0-9a-f]{40}\n", enrol.stdout)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["hub", "--listen", "0.0.0.0:8600"], "needs TLS"),
        (["hub", "--listen", "nonsense"], "is no address"),
        (["hub", "--listen", "127.0.0.1:8600", "--tls", "sometimes"], "self-signed"),
        (["hub", "tokens", "api", "--data", "nowhere"], "holds no hub yet"),
        (["hub", "--database", "mysql://x/y", "--listen", "127.0.0.1:0"], "database"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, words: list[str], sentence: str) -> None:
    given = [*words, "--data", str(tmp_path / "new")] if "--data" not in words else words
    said = run(*given)
    assert said.returncode == 2, said.stderr
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr


def test_the_log_for_programs_tells_of_requests_and_no_secrets(tmp_path: Path) -> None:
    started = Started(tmp_path / "site", "--log-json")
    headers = {"Authorization": "Bearer sla_the-secret"}
    httpx.get(f"{started.url}/api/v1/cameras?q=x&token=the-secret", headers=headers)
    assert started.end() == 0
    lines = [json.loads(line) for line in started.said.splitlines() if line.startswith("{")]
    [told] = [line for line in lines if line.get("path") == "/api/v1/cameras"]
    assert (told["method"], told["status"], told["level"]) == ("GET", 401, "info")
    assert told["request"]
    assert "the-secret" not in started.said


def test_a_token_of_a_role_that_does_not_exist(hub: Started) -> None:
    said = run("hub", "tokens", "api", "--data", str(hub.data), "--role", "king")
    assert said.returncode == 2
    assert "is no role" in said.stderr


def test_a_port_that_is_taken(hub: Started, tmp_path: Path) -> None:
    address = hub.url.removeprefix("http://")
    said = run("hub", "--data", str(tmp_path / "other"), "--listen", address)
    assert said.returncode == 2
    assert "cannot listen" in said.stderr


def test_with_an_authority_of_its_own(tmp_path: Path) -> None:
    started = Started(tmp_path / "site", "--tls", "self-signed")
    try:
        assert started.url.startswith("https://")
        import ssl

        trust = ssl.create_default_context(cafile=str(started.data / "authority" / "ca.pem"))
        assert httpx.get(f"{started.url}/healthz", verify=trust).status_code == 200
        enrol = run("hub", "tokens", "enroll", "--data", str(started.data), "--quiet")
        assert re.fullmatch(r"slt_[0-9a-f]{40}_[0-9a-f]{32}\n", enrol.stdout)
    finally:
        assert started.end() == 0
