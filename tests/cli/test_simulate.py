"""`sightline simulate` and `sightline hub broker-config`, as a person types them."""

import os
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hubprocess import HubProcess
from mqttpeers import run

CLI = str(Path(sys.executable).with_name("sightline"))


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    running = HubProcess(tmp_path / "site")
    await running.start()
    yield running
    await running.stop()


async def test_a_simulated_fleet_shows_up_and_comes_back(hub: HubProcess, tmp_path: Path) -> None:
    command = (
        CLI, "simulate", "--cameras", "3", "--hub", hub.url, "--seconds", "4",
        "--state", str(tmp_path / "keys"),
    )  # fmt: skip
    code, text = await run(*command, patience=90)
    assert code == 2
    assert "--token" in text
    code, text = await run(
        *command, "--token", await hub.token("enroll", "--uses", "3"), patience=90
    )
    assert code == 0, text
    assert "3 of 3 cameras connected" in text
    viewer = await hub.token("api")
    async with httpx.AsyncClient(
        base_url=hub.url, headers={"Authorization": f"Bearer {viewer}"}
    ) as client:
        cameras = (await client.get("/api/v1/cameras")).json()["items"]
        assert [camera["name"] for camera in cameras] == ["sim-0001", "sim-0002", "sim-0003"]
        frames = (await client.get("/api/v1/cameras/sim-0002/frames?limit=5")).json()["items"]
        assert len(frames) == 5
    kept = tmp_path / "keys" / "sim-0001.json"
    assert not kept.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    code, text = await run(*command, "--quiet", patience=90)
    assert (code, text) == (0, "")


async def test_a_configuration_for_mosquitto(hub: HubProcess, tmp_path: Path) -> None:
    out = tmp_path / "broker"
    code, text = await run(
        CLI, "hub", "broker-config", "mosquitto", "--data", str(hub.data), "--out", str(out),
        "--host", "broker.example", patience=90,
    )  # fmt: skip
    assert code == 0, text
    assert f"mosquitto -c {out}/mosquitto.conf" in text
    assert "mqtts://broker.example:8883" in text
    assert "pattern write sightline/v1/%u/up/#" in (out / "acl").read_text()
    for secret in ("server.key", "hub.key"):
        assert (out / secret).stat().st_mode & 0o777 == 0o600
    code, text = await run(CLI, "hub", "broker-config", "nats", "--data", str(hub.data))
    assert code == 2
    assert "mosquitto" in text
    assert os.listdir(out / "kept") == []
