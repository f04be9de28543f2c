"""The feed of an IMX500, against a stand-in for picamera2."""

import sys
import time
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest

from sightline.errors import ConfigError, InputError
from sightline.picture import Frame
from sightline.source import SourceConfig, open_source


class FakeRequest:
    released = 0

    def __init__(self, number: int) -> None:
        self._number = number

    def make_array(self, stream: str) -> Any:
        assert stream == "main"
        return np.full((15, 20, 3), (255, 0, 0), np.uint8)

    def get_metadata(self) -> dict[str, int]:
        return {"SensorTimestamp": self._number * 33_000_000}

    def release(self) -> None:
        FakeRequest.released += 1


class FakePicamera2:
    """The few calls of picamera2 that are used; freezes after 20 pictures."""

    opened: ClassVar[list["FakePicamera2"]] = []

    def __init__(self, number: int) -> None:
        self.number = number
        self.count = 0
        self.closed = False
        FakePicamera2.opened.append(self)

    @staticmethod
    def global_camera_info() -> list[dict[str, Any]]:
        return [{"Model": "ov5647", "Num": 0}, {"Model": "imx500", "Num": 1}]

    def create_video_configuration(self, **keys: Any) -> dict[str, Any]:
        return keys

    def configure(self, configuration: dict[str, Any]) -> None:
        assert configuration["main"]["format"] == "BGR888"

    def start(self) -> None:
        pass

    def capture_request(self, wait: bool) -> None:
        assert not wait

    def wait(self, job: None, timeout: float) -> FakeRequest:
        time.sleep(0.005)
        self.count += 1
        if self.count > 20:
            raise TimeoutError
        return FakeRequest(self.count)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def picamera2(monkeypatch: pytest.MonkeyPatch) -> type[FakePicamera2]:
    module = ModuleType("picamera2")
    module.Picamera2 = FakePicamera2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)
    FakePicamera2.opened = []
    return FakePicamera2


def test_pictures_and_a_camera_that_freezes(picamera2: type[FakePicamera2]) -> None:
    with open_source(SourceConfig(uri="imx500:")) as source:
        assert (source.info.width, source.info.height, source.info.live) == (20, 15, True)
        frame, lost = None, None
        for item in source.frames():
            if isinstance(item, Frame):
                frame = item
            elif item.kind == "source.lost":
                lost = item
                break
    assert frame is not None
    assert frame.picture.rgb()[0, 0].tolist() == [255, 0, 0]
    assert lost is not None
    assert lost.data["reason"] == "no data for 5 s"
    assert picamera2.opened[0].number == 1
    assert picamera2.opened[0].closed


def test_only_as_many_as_are_there(picamera2: type[FakePicamera2]) -> None:
    with (
        pytest.raises(InputError, match="connected: 1"),
        open_source(SourceConfig(uri="imx500:1")),
    ):
        pass


def test_without_picamera2_the_sentence_says_how_to_install_it() -> None:
    with (
        pytest.raises(InputError, match="apt install python3-picamera2"),
        open_source(SourceConfig(uri="imx500:")),
    ):
        pass


def test_an_address_that_cannot_be_meant() -> None:
    with pytest.raises(ConfigError, match="imx500:1"):
        open_source(SourceConfig(uri="imx500:left"))
