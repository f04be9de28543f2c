"""One engine for all cameras with the same network; threads by how many there are."""

import pytest

from sightline.model.load import Model
from sightline.sensor.base import SensorConfig
from sightline.sensor.engines import shared
from sightline.sensor.engines.shared import shared_engine


class Engine:
    def __init__(self, model: Model, providers: tuple[str, ...], threads: int) -> None:
        self.threads = threads


@pytest.fixture(autouse=True)
def four_cores(monkeypatch) -> None:
    monkeypatch.setattr(shared, "load", lambda group, name, table: Engine)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(4)), raising=False)


MODEL = Model("net", "onnx", b"one")


def test_cameras_with_the_same_network_share_it() -> None:
    first = shared_engine(MODEL, SensorConfig(), 2)
    assert shared_engine(Model("again", "onnx", b"one"), SensorConfig(), 2) is first
    assert shared_engine(Model("net", "onnx", b"two"), SensorConfig(), 2) is not first
    assert shared_engine(MODEL, SensorConfig(providers=("cuda",)), 2) is not first
    assert shared_engine(MODEL, SensorConfig(threads=3), 2) is not first


def test_it_goes_with_its_last_camera() -> None:
    first = shared_engine(MODEL, SensorConfig(), 2)
    before = id(first.engine)
    del first
    held = Model("hold the address", "onnx", b"zero")
    assert id(shared_engine(held, SensorConfig(), 2)) != before
    assert (MODEL.digest, ("cpu",), 1) not in shared._held


@pytest.mark.parametrize(
    ("cameras", "asked", "threads", "places"),
    [(1, 0, 4, 1), (2, 0, 1, 4), (8, 0, 1, 4), (8, 2, 2, 2), (1, 1, 1, 4), (3, 16, 16, 1)],
)
def test_every_core_is_used_once(cameras: int, asked: int, threads: int, places: int) -> None:
    found = shared_engine(MODEL, SensorConfig(threads=asked), cameras)
    assert found.engine.threads == threads  # type: ignore[attr-defined]
    assert found.gate._free == places
