"""Cameras on this machine that Video4Linux knows: USB cameras, capture cards."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

from sightline.errors import ConfigError, InputError
from sightline.source.base import SourceConfig
from sightline.source.connection import Connection
from sightline.source.libav import connect
from sightline.source.live import LiveSource

_SYSFS = Path("/sys/class/video4linux")
_OPTIONS = {"size": "video_size", "fps": "framerate", "format": "input_format"}


class UsbSource(LiveSource):
    """`usb:0` or `/dev/video0`; `usb:0?size=1280x720&fps=30&format=mjpeg` chooses a mode.

    A camera that is not there when the run begins is a mistake (InputError that names those
    that are); one that is unplugged later is lost, and taken up again when it returns.
    """

    def __init__(self, config: SourceConfig) -> None:
        super().__init__(config)
        self._device, self._options = parse_device(config.uri)

    def connect(self) -> Connection:
        """Open the device. Raises Lost, or InputError where it has never been there."""
        if not self.info.width and not Path(self._device).exists():
            there = ", ".join(f"{uri} ({name})" for uri, name in list_cameras())
            raise InputError(
                f"{self._config.uri}: there is no camera at {self._device}; "
                + (f"found {there}" if there else "no camera is plugged in")
            )
        connection = connect(
            self._device,
            {"protocol_whitelist": "file", **self._options},
            self.counters,
            format="v4l2",
            stall_s=self._config.stall_s,
        )
        return self.leave_out_idle(connection)


def parse_device(uri: str) -> tuple[str, dict[str, str]]:
    """The device file and libav's options that a URI means. Raises ConfigError."""
    address, _, query = uri.partition("?")
    match = re.fullmatch(r"usb:(\d{1,3})", address)
    device = f"/dev/video{match[1]}" if match else address
    if not device.startswith("/dev/"):
        raise ConfigError(f"{uri}: name a USB camera as usb:0, or by its file as /dev/video0")
    try:
        chosen = dict(parse_qsl(query, strict_parsing=bool(query)))
        return device, {_OPTIONS[key]: value for key, value in chosen.items()}
    except (KeyError, ValueError):
        raise ConfigError(
            f"{uri}: after '?' only size=WxH, fps=N and format=NAME are known"
        ) from None


def list_cameras(sysfs: Path = _SYSFS) -> list[tuple[str, str]]:
    """The cameras plugged in, as (URI, name); only the node of each that gives pictures."""
    nodes = sorted(sysfs.glob("video*"), key=lambda node: int(node.name[5:] or 0))
    return [
        (f"usb:{node.name[5:]}", _text(node / "name") or node.name)
        for node in nodes
        if _text(node / "index") in ("", "0")
    ]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
