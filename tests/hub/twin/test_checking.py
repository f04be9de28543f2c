"""What may be asked of a camera from afar."""

from typing import Any

import pytest

from sightline.hub.outside import Outside
from sightline.hub.refused import Refused
from sightline.hub.twin.checking import check, check_source


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"lines": [{"name": "door", "points": [[0, 0.5], [1, 0.5]]}]},
        {"name": "door", "detect": {"score": 0.4}},
        {"source": {"uri": "rtsp://10.0.0.5/live", "fps": 5}},
        {"model": "yolox-nano"},
        {"model": {"name": "scene", "labels": ["a", "b"]}},
        {"output": {}},
    ],
)
def test_sound_ones(config: dict[str, Any]) -> None:
    check("door", config)


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ({"lines": 5}, "lines"),
        ({"nonsense": 1}, "there is no such key"),
        ({"name": "gate"}, "this camera is door"),
        ({"output": {"metadata": "/etc/cron.d/x"}}, "on the camera alone"),
        ({"max_frames": 1}, "on the camera alone"),
        ({"model": "/etc/passwd"}, "not a file"),
        ({"model": "../x.onnx"}, "not a file"),
        ({"model": {"name": "scene", "labels": "/etc/passwd"}}, "not a file"),
        ({"source": {"uri": "rtsp://u:secret@h/", "fps": -1}}, "fps"),
        ({"lines": [{"name": "x" * 40000, "points": [[0, 0], [1, 1]]}]}, "lines|larger"),
    ],
)
def test_others_are_refused(config: dict[str, Any], fault: str) -> None:
    with pytest.raises(Refused, match=fault) as caught:
        check("door", config)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "uri",
    [
        "usb:0", "imx500:", "imx500:1", "scene:", "scene:entrance?seed=7&people=3",
        "rtsp://93.184.216.34/live", "https://1.1.1.1/mjpeg", "rtsp://cam.invalid/live",
        "rtsp://u:p@93.184.216.34:8554/live",
    ],
)  # fmt: skip
async def test_sources_that_may_be_named(uri: str) -> None:
    await check_source(uri, Outside())


@pytest.mark.parametrize(
    "uri",
    [
        "/etc/passwd", "file:///etc/passwd", "pictures/*.jpg", "rtsp://169.254.169.254/x",
        "http://169.254.169.254/latest/meta-data", "rtsp://10.0.0.5/", "http://localhost/",
        "concat:/etc/passwd", "ftp://x/", "usb:/dev/mem", "scene:../../x", "rtsp://", "",
        "rtsp://u:pa#ss@h/",
    ],
)  # fmt: skip
async def test_sources_that_may_not(uri: str) -> None:
    with pytest.raises(Refused):
        await check_source(uri, Outside())
