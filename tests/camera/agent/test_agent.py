"""The whole camera program in one process, with a hub that can be told anything."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.camera.networks import Networks
from sightline.camera.selftest import with_selftest
from sightline.model.importing import About, import_network
from sightline.wire.control import Command, Desired, ModelRef
from sightline.wire.egress import verify
from sightline.wire.parcel import Parcel

MIDDLE = {"name": "middle", "points": [[0.5, 0.0], [0.5, 1.0]]}
LATER = {"name": "later", "points": [[0.25, 0.0], [0.25, 1.0]]}
Walk = list[NDArray[np.uint8]]


@pytest.fixture
def source(pictures: Callable[..., Path], walk: Walk) -> str:
    return str(pictures(walk))


@pytest.fixture
def noise(pictures: Callable[..., Path]) -> str:
    """Pictures in which no sixteen bytes look like anything else."""
    random = np.random.default_rng(3)
    return str(pictures([random.integers(0, 256, (96, 128, 3), np.uint8) for _ in range(6)], "n"))


def test_a_new_configuration_takes_over_between_two_pictures(
    site: Any, source: str, bright_network: Path, wait: Any
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            await wait(lambda: len(hub.events("line.crossed")) >= 2)
            hub.tell(Desired(1, {"lines": [MIDDLE, LATER]}))
            await wait(
                lambda: (
                    hub.reported and hub.reported.state == "applied" and hub.reported.version == 1
                )
            )
            assert [line["name"] for line in hub.reported.config["lines"]] == ["middle", "later"]
            await wait(lambda: any(event.name == "later" for event in hub.events("line.crossed")))
        counts = hub.health.counts["lines"]
        for name in ("middle", "later"):
            told = [e for e in hub.events("line.crossed") if e.name == name]
            assert sum(counts[name].values()) == len(told) > 0
        assert "source" not in hub.reported.config or "uri" in hub.reported.config["source"]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"detect": {"score": 7}}, "detect.score"),
        ({"model": {"name": "/etc/passwd"}}, "not a file"),
        ({"model": {"name": "there-is-none"}}, "no network of that name"),
        ({"source": "/etc/passwd"}, "files are named on the camera itself"),
        ({"source": "http://169.254.169.254/latest"}, "link-local or metadata"),
        ({"source": "rtsp://127.0.0.1/x"}, "this machine itself"),
    ],
)
def test_what_cannot_be_is_rejected_and_the_old_goes_on(
    site: Any, source: str, bright_network: Path, wait: Any, config: dict[str, Any], words: str
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            hub.tell(Desired(4, config))
            said = await wait(
                lambda: (
                    hub.reported
                    and hub.reported.version == 4
                    and hub.reported.state != "pending"
                    and hub.reported
                )
            )
            assert said.state == "rejected"
            assert words in said.error
            before = len(hub.of(Parcel))
            await wait(lambda: len(hub.of(Parcel)) > before)

    asyncio.run(run())


def test_what_fails_at_work_is_left_again_by_the_camera_itself(
    site: Any, source: str, bright_network: Path, wait: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sightline.camera.course import Course

    step = Course.step

    def fails(course: Course, capture: Any) -> Any:
        if course.config.detect.score == 0.5:
            raise ZeroDivisionError("bad luck")
        return step(course, capture)

    monkeypatch.setattr(Course, "step", fails)

    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            hub.tell(Desired(2, {"detect": {"score": 0.5}}))
            said = await wait(
                lambda: hub.reported and hub.reported.state == "rolled-back" and hub.reported
            )
            assert "bad luck" in said.error
            await wait(lambda: "detect" not in hub.reported.config)
            before = len(hub.of(Parcel))
            await wait(lambda: len(hub.of(Parcel)) > before + 3)

    asyncio.run(run())


def test_a_source_that_gives_no_picture_is_left_again(
    site: Any, source: str, bright_network: Path, wait: Any
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            await wait(lambda: hub.of(Parcel))
            away = {"uri": "rtsp://192.0.2.1/x", "connect_timeout_s": 0.5}
            hub.tell(Desired(2, {"source": away}))
            said = await wait(
                lambda: hub.reported and hub.reported.state == "rolled-back" and hub.reported
            )
            assert said.error
            before = len(hub.of(Parcel))
            await wait(lambda: len(hub.of(Parcel)) > before + 3)

    asyncio.run(run())


def package(network: Path, version: str, samples: str) -> tuple[bytes, ModelRef]:
    made = import_network(network, Networks(), About(name="lamps", version=version))
    data = with_selftest(made, samples, 2).to_bytes()
    path = f"/api/v1/models/lamps/{version}/package"
    return data, ModelRef("lamps", version, hashlib.sha256(data).hexdigest(), len(data), path)


def test_a_model_is_fetched_in_parts_tried_beside_and_switched_to(
    site: Any, shelf: Any, source: str, bright_network: Path, wait: Any
) -> None:
    data, model = package(bright_network, "2.0.0", source)
    shelf.files[model.url] = data
    shelf.breaks_after = len(data) // 3 + 1

    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]) as agent:
            hub = site.hub
            gate = {"agreement": 0.9, "latency_ratio": 50.0, "counts": 0.5}
            hub.tell(Desired(3, {"lines": [MIDDLE]}, model, "rollout", 1.0, gate))
            said = await wait(
                lambda: (
                    hub.reported
                    and hub.reported.state in ("applied", "rejected")
                    and hub.reported.version == 3
                    and hub.reported
                )
            )
            assert said.state == "applied", said.error
            assert said.model == {"name": "lamps", "version": "2.0.0", "sha256": model.sha256}
            assert said.deployment == "rollout"
            assert said.trial["agreement"] == 1
            stages = list(
                dict.fromkeys(one.stage for one in hub.of(type(said)) if one.version == 3)
            )
            assert stages == ["downloading", "staged", "shadow", "switched"]
            await wait(lambda: hub.health.model == "lamps 2.0.0")
            assert agent._station.course.config.model.name.endswith(f"{model.sha256}.slm")
        counts = hub.health.counts["lines"]["middle"]
        assert sum(counts.values()) == len(hub.events("line.crossed"))

    asyncio.run(run())
    parts = [ranges for path, bearer, ranges in shelf.asked if bearer.startswith("Bearer ey")]
    assert len(parts) >= 3
    assert any(part.startswith("bytes=") for part in parts)


@pytest.mark.parametrize("fault", ["hash", "content", "version", "samples", "gate"])
def test_a_bad_model_never_runs(
    site: Any, shelf: Any, source: str, bright_network: Path, wait: Any, fault: str,
    make_onnx: Any, tmp_path: Path,
) -> None:  # fmt: skip
    data, model = package(bright_network, "2.0.0", source)
    desired = Desired(3, {"lines": [MIDDLE]}, model, "r", 0.5, {"agreement": 0.9})
    if fault == "hash":
        data = data[:-1] + b"\1"
    elif fault == "content":
        data = b"PK\3\4" + bytes(500)
        model = ModelRef("lamps", "2.0.0", hashlib.sha256(data).hexdigest(), len(data), model.url)
    elif fault == "version":
        model = ModelRef("lamps", "3.0.0", model.sha256, model.size, model.url)
    elif fault == "samples":
        from dataclasses import replace

        from sightline.model.package import make_package, read_package

        good = read_package(data, "x")
        tests = tuple(
            test.model_copy(update={"expected": test.expected + test.expected[:1]})
            for test in good.manifest.selftest
        )
        tests = tuple(
            test.model_copy(update={"expected": tuple(
                e.model_copy(update={"box": (0, 0, 0.1, 0.1), "score": 0.9}) for e in test.expected
            )}) for test in tests
        )  # fmt: skip
        manifest = good.manifest.model_copy(update={"selftest": tests})
        data = make_package(manifest, {k: bytes(v) for k, v in good.files.items()}).to_bytes()
        model = ModelRef("lamps", "2.0.0", hashlib.sha256(data).hexdigest(), len(data), model.url)
        del replace
    else:
        boxes = np.zeros((1, 84, 6), np.float32)
        blind = tmp_path / "blind.onnx"
        blind.write_bytes(make_onnx([1, 3, 64, 64], {"output": boxes}))
        made = import_network(
            blind,
            Networks(),
            About(name="lamps", version="2.0.0", labels=("lamp",), decoder="yolox"),
        )
        data = made.to_bytes()
        model = ModelRef("lamps", "2.0.0", hashlib.sha256(data).hexdigest(), len(data), model.url)
    shelf.files[model.url] = data
    desired = Desired(3, desired.config, model, "r", desired.shadow_s, desired.gate)

    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]):
            hub = site.hub
            hub.tell(desired)
            said = await wait(
                lambda: (
                    hub.reported
                    and hub.reported.version == 3
                    and hub.reported.state != "pending"
                    and hub.reported
                )
            )
            assert (said.state, said.stage) == ("rejected", "failed")
            assert said.error
            assert said.model["name"] != "lamps"
            before = len(hub.of(Parcel))
            await wait(lambda: len(hub.of(Parcel)) > before)

    asyncio.run(run())


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_with_policy_none_no_byte_of_a_picture_reaches_disk_or_network(
    site: Any, shelf: Any, noise: str, bright_network: Path, wait: Any, tmp_path: Path
) -> None:
    async def run() -> None:
        async with site.camera(noise, str(bright_network)):
            hub = site.hub
            await wait(lambda: len(hub.of(Parcel)) > 5)
            answer = await hub.result(Command("c1", "snapshot"))
            assert (answer.ok, "lets no picture out" in answer.error) == (False, True)
        sent = b"".join(msgspec.msgpack.encode(item) for item in hub.said)
        held = everything(tmp_path / "state") + sent
        from sightline.picture.opencv import opencv

        for path in sorted(Path(noise).glob("*.png")):
            pixels = opencv().imread(str(path))
            for order in (pixels, pixels[:, :, ::-1]):
                raw = order.tobytes()
                assert not any(raw[at : at + 16] in held for at in range(0, len(raw) - 16, 48))
            stored = path.read_bytes()
            assert not any(stored[at : at + 16] in held for at in range(64, len(stored) - 16, 64))
        assert b"\xff\xd8\xff" not in held  # no JPEG either

    asyncio.run(run())
    assert shelf.uploads == {}
    lines = (tmp_path / "state" / "ledger.jsonl").read_bytes().splitlines()
    entries = [item.entry for item in verify(lines, "ledger")]
    assert all(not entry.pictures and entry.policies == ("none",) for entry in entries)
    assert entries[-1].sent["frames"].bytes > 0


def test_a_picture_on_request_is_in_the_ledger_before_it_leaves(
    site: Any, shelf: Any, source: str, bright_network: Path, wait: Any, tmp_path: Path
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), privacy={"policy": "full"}):
            command = Command("c1", "snapshot", {"picture": "p7", "reason": "user ann"})
            answer = await site.hub.result(command)
            assert answer.ok, answer.error
            again = await site.hub.result(command)  # delivered twice, done once
            assert again == answer

    asyncio.run(run())
    [(path, body)] = shelf.uploads.items()
    assert path == "/api/v1/cameras/door/pictures/p7"
    assert body.startswith(b"\xff\xd8")
    lines = (tmp_path / "state" / "ledger.jsonl").read_bytes().splitlines()
    [picture] = [p for item in verify(lines, "ledger") for p in item.entry.pictures]
    assert picture.sha256 == hashlib.sha256(body).hexdigest()
    assert (picture.bytes, picture.policy, picture.reason) == (len(body), "full", "user ann")


def test_where_the_ledger_cannot_be_written_no_picture_leaves(
    site: Any, shelf: Any, source: str, bright_network: Path, wait: Any, tmp_path: Path
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), privacy={"policy": "full"}):
            ledger = tmp_path / "state" / "ledger.jsonl"
            await wait(lambda: len(site.hub.of(Parcel)) > 2)
            ledger.unlink(missing_ok=True)
            ledger.mkdir()
            answer = await site.hub.result(Command("c1", "snapshot"))
            assert not answer.ok
            ledger.rmdir()

    asyncio.run(run())
    assert shelf.uploads == {}


def test_commands(site: Any, source: str, bright_network: Path, wait: Any) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network)) as agent:
            hub = site.hub
            log = await hub.result(Command("c1", "log"))
            assert any("running" in line or "command" in line for line in log.value)
            ledger = await hub.result(Command("c2", "ledger"))
            assert ledger.value["number"] == 0
            late = await hub.result(Command("c3", "log", expires_ns=1))
            assert late.error == "it came too late"
            unknown = await hub.result(Command("c4", "dance"))
            assert "no such command" in unknown.error
            before = agent._station
            assert (await hub.result(Command("c5", "restart"))).ok
            await wait(lambda: agent._station is not before and agent._station.vitals.frames)
            assert not (await hub.result(Command("c6", "self-test"))).ok

    asyncio.run(run())


def test_a_hub_that_is_away_gets_it_all_afterwards(
    site: Any, source: str, bright_network: Path, wait: Any
) -> None:
    async def run() -> None:
        async with site.camera(source, str(bright_network), lines=[MIDDLE]) as agent:
            hub = site.hub
            await wait(lambda: hub.events("line.crossed"))
            hub.away = True
            await wait(lambda: not agent._courier.connected)
            await wait(lambda: sum(agent._station.vitals.counts["lines"]["middle"].values()) > 8)
            heard = len(hub.events("line.crossed"))
            hub.away = False
            await wait(lambda: len(hub.events("line.crossed")) > heard)
        assert sum(hub.health.counts["lines"]["middle"].values()) == len(hub.events("line.crossed"))
        numbers = sorted({parcel.sequence for parcel in hub.of(Parcel)})
        assert numbers == list(range(len(numbers)))

    asyncio.run(run())
