"""USB cameras, as far as that goes without one."""

from pathlib import Path

import pytest

from sightline.errors import ConfigError, InputError
from sightline.source import SourceConfig, open_source
from sightline.source.usb import list_cameras, parse_device


@pytest.mark.parametrize(
    ("uri", "device", "options"),
    [
        ("usb:0", "/dev/video0", {}),
        ("usb:12", "/dev/video12", {}),
        ("/dev/video3", "/dev/video3", {}),
        ("/dev/v4l/by-id/cam", "/dev/v4l/by-id/cam", {}),
        (
            "usb:1?size=1280x720&fps=30&format=mjpeg",
            "/dev/video1",
            {"video_size": "1280x720", "framerate": "30", "input_format": "mjpeg"},
        ),
    ],
)
def test_addresses(uri: str, device: str, options: dict[str, str]) -> None:
    assert parse_device(uri) == (device, options)


@pytest.mark.parametrize("uri", ["usb:", "usb:front", "usb:0?zoom=3", "usb:0?size", "usb:-1"])
def test_addresses_that_cannot_be_meant(uri: str) -> None:
    with pytest.raises(ConfigError):
        open_source(SourceConfig(uri=uri))


def test_a_camera_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sightline.source.usb.list_cameras", lambda: [("usb:0", "Integrated Camera")]
    )
    with (
        pytest.raises(InputError, match=r"no camera at /dev/video77; found usb:0 \(Integrated"),
        open_source(SourceConfig(uri="usb:77")),
    ):
        pass


def test_cameras_are_listed_without_their_metadata_nodes(tmp_path: Path) -> None:
    for node, name, index in [
        ("video0", "Integrated Camera", "0"),
        ("video1", "Integrated Camera", "1"),
        ("video10", "Capture Card", "0"),
        ("video2", "Microscope", "0"),
    ]:
        (tmp_path / node).mkdir()
        (tmp_path / node / "name").write_text(name + "\n")
        (tmp_path / node / "index").write_text(index + "\n")
    assert list_cameras(tmp_path) == [
        ("usb:0", "Integrated Camera"),
        ("usb:2", "Microscope"),
        ("usb:10", "Capture Card"),
    ]
    assert list_cameras(tmp_path / "absent") == []
