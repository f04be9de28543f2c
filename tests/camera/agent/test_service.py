"""The unit of systemd that a camera runs as."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightline.camera.agent import service
from sightline.cli import app
from sightline.errors import ToolError


def test_the_unit_is_printed_and_nothing_is_done() -> None:
    done = CliRunner().invoke(app, ["camera", "install", "--print", "--name", "front-door"])
    assert done.exit_code == 0
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(done.output)
    assert unit["Service"]["StateDirectory"] == "sightline-camera-front-door"
    assert unit["Service"]["DynamicUser"] == "yes"
    assert unit["Service"]["NoNewPrivileges"] == "yes"
    assert "slt_" not in done.output


def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    path = tmp_path / "sightline-camera-door.service"
    path.write_text(service.unit("door").replace("ExecStart=", "ExecStart=/bin/true "))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, timeout=60
    )
    assert "sightline-camera-door.service" not in done.stderr, done.stderr


def test_without_systemd_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.shutil, "which", lambda name: None)
    with pytest.raises(ToolError, match="--print"):
        service.install_unit("door", lambda folder: "door")


def test_it_enrols_into_the_services_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(service.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(service, "_UNITS", tmp_path)
    monkeypatch.setattr(service, "_STATES", tmp_path / "lib")
    monkeypatch.setattr(service.subprocess, "run", run)
    folders: list[Path] = []
    service.install_unit("door", lambda folder: folders.append(folder) or "door")  # type: ignore[func-returns-value]
    assert folders == [tmp_path / "lib" / "sightline-camera-door"]
    assert (tmp_path / "sightline-camera-door.service").read_text().startswith("[Unit]")
    assert calls[-1] == ["systemctl", "enable", "--now", "sightline-camera-door.service"]
