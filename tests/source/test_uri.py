"""Which source an address means, and what of it may be written down."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ConfigError
from sightline.source import redact
from sightline.source.uri import kind


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        ("rtsp://admin:secret@10.0.0.5:554/main", "rtsp://10.0.0.5:554/main"),
        ("rtsp://admin@cam/main", "rtsp://cam/main"),
        ("rtsp://admin:p@ss@cam/main", "rtsp://cam/main"),
        ("rtsp://admin:p/ss?w#d@cam/main", "rtsp://cam/main"),
        ("rtsp://cam:554/live@2", "rtsp://cam:554/live@2"),
        ("http://cam/video?token=abc&channel=1", "http://cam/video?token=***&channel=1"),
        ("http://cam/video?Pass%77ord=abc", "http://cam/video?Pass%77ord=***"),
        ("http://cam/video?abc", "http://cam/video?***"),
        ("http://cam/video#token=abc", "http://cam/video"),
        (
            "rtsp://cam/user=admin&password=x_y&channel=1&stream=0.sdp",
            "rtsp://cam/user=***&password=***&channel=1&stream=0.sdp",
        ),
        ("could not open 'rtsp://u:p@h/s': refused", "could not open 'rtsp://h/s': refused"),
        ("/data/a@b.mp4", "/data/a@b.mp4"),
        ("usb:0", "usb:0"),
    ],
)
def test_what_is_written_of_an_address(uri: str, written: str) -> None:
    assert redact(uri) == written


@given(
    user=st.text(min_size=1),
    password=st.text(min_size=6).filter(lambda text: text not in "rtsp://camera:554/main"),
)
def test_a_quoted_password_never_shows(user: str, password: str) -> None:
    shown = redact(f"rtsp://{quote(user, safe='')}:{quote(password, safe='')}@camera:554/main")
    assert shown == "rtsp://camera:554/main"


_RAW = st.text(
    st.characters(codec="ascii", exclude_characters="'\"<> ", categories=("L", "N", "P"))
)


@given(_RAW.filter(lambda text: not text.isdecimal()))
def test_nor_does_one_that_should_have_been_quoted(password: str) -> None:
    assert "Xq7" not in redact(f"rtsp://admin:Xq7{password}@camera/main")


@given(st.text())
def test_any_text_can_be_redacted_twice(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("rtsp://cam/x", "rtsp"),
        ("RTSPS://cam/x", "rtsp"),
        ("http://cam/x.mjpg", "http"),
        ("https://cam/x.mp4", "http"),
        ("usb:0", "usb"),
        ("/dev/video2", "usb"),
        ("imx500:", "imx500"),
        ("scene:shop", "scene"),
        ("walk.mp4", "file"),
        ("file:///videos/walk.mp4", "file"),
        ("walk.gif", "file"),
        ("one.JPG", "images"),
        ("shots/*.png", "images"),
    ],
)
def test_which_source_an_address_means(uri: str, expected: str) -> None:
    assert kind(uri) == expected


def test_a_folder_means_its_images(tmp_path: Path) -> None:
    assert kind(str(tmp_path)) == "images"
    assert kind(f"file://{tmp_path}") == "images"


def test_a_file_that_exists_is_a_file_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("front:door.mp4", "shot[1].mp4"):
        Path(name).touch()
        assert kind(name) == "file"


@pytest.mark.parametrize("uri", ["rtmp://u:secret@h/x", "concat:a|b", "ftp://h/x", "data:x,y"])
def test_addresses_of_no_known_kind_are_refused(uri: str) -> None:
    with pytest.raises(ConfigError, match="there is no source for") as caught:
        kind(uri)
    assert "secret" not in str(caught.value)
