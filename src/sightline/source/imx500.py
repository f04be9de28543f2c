"""The picture feed of a Raspberry Pi AI Camera (IMX500), through picamera2."""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter_ns
from typing import Any

from sightline.errors import ConfigError, InputError
from sightline.picture.rgb import RgbPicture
from sightline.source.base import SourceConfig
from sightline.source.connection import Connection, Lost, Promise
from sightline.source.live import LiveSource
from sightline.source.notice import Notice
from sightline.source.reader import Decoded

_SIZE = (2028, 1520)  # the sensor's binned mode, which runs at 30 pictures a second
_FPS = 30.0
_WAIT_S = 5.0


class Imx500Source(LiveSource):
    """`imx500:` the first such camera, `imx500:1` the second.

    Only its pictures: the network then runs in software. Raises InputError where picamera2
    or the camera is missing.
    """

    def __init__(self, config: SourceConfig) -> None:
        super().__init__(config)
        number = config.uri.removeprefix("imx500:") or "0"
        if not number.isdecimal():
            raise ConfigError(f"{config.uri}: name the camera as imx500: or imx500:1")
        self._number = int(number)

    def connect(self) -> Connection:
        """Start the camera. Raises Lost where another program holds it."""
        picamera2 = _picamera2(self._config.uri)
        cameras = [
            camera["Num"]
            for camera in picamera2.global_camera_info()
            if "imx500" in str(camera.get("Model", "")).lower()
        ]
        if self._number >= len(cameras):
            raise InputError(
                f"{self._config.uri}: IMX500 cameras connected: {len(cameras)}; "
                "check the ribbon cable, then run rpicam-hello --list-cameras"
            )
        try:
            return _Feed(picamera2(cameras[self._number]), self._config.fps or _FPS)
        except RuntimeError as error:
            raise Lost(f"the camera could not be started: {error}") from None


class _Feed:
    def __init__(self, camera: Any, fps: float) -> None:
        self._camera = camera
        self.promise = Promise(fps)
        # libcamera's RGB888 is named by the order in a word: in memory it is B, G, R.
        camera.configure(
            camera.create_video_configuration(
                main={"size": _SIZE, "format": "BGR888"}, controls={"FrameRate": fps}
            )
        )
        camera.start()

    def media_ns(self, pts: int | None) -> int | None:
        return pts

    def pictures(self) -> Generator[Decoded | Notice | None]:
        while True:
            begun = perf_counter_ns()
            job = self._camera.capture_request(wait=False)
            try:
                request = self._camera.wait(job, timeout=_WAIT_S)
            except TimeoutError:
                raise Lost(f"no data for {_WAIT_S:g} s") from None
            try:
                picture = RgbPicture(request.make_array("main"))
                pts = request.get_metadata().get("SensorTimestamp")
            finally:
                request.release()
            yield Decoded(picture, pts, perf_counter_ns() - begun)

    def close(self) -> None:
        self._camera.close()


def _picamera2(uri: str) -> Any:
    try:
        from picamera2 import Picamera2
    except ImportError:
        raise InputError(
            f"{uri}: needs picamera2, which comes with Raspberry Pi OS: "
            "sudo apt install python3-picamera2 imx500-all"
        ) from None
    return Picamera2
