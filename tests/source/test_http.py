"""Streams and recordings over HTTP, from servers good and bad."""

import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from resident import resident_mb

from sightline.errors import SourceError
from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

Read = Callable[..., tuple[list[Frame], list[Event]]]
Clip = Callable[..., Path]
pytestmark = pytest.mark.usefixtures("quiet_threads")


class Camera(http.server.BaseHTTPRequestHandler):
    """What a test's path asks for: a stream, a file, a redirect, an error."""

    files: Path

    def do_GET(self) -> None:
        name = self.path.partition("?")[0]
        try:
            if name == "/mjpeg":
                self._mjpeg()
            elif name == "/flaky":
                self._mjpeg(pictures=3, pause=0)
            elif name.startswith("/to/"):
                self._redirect(name.removeprefix("/to/"))
            elif name == "/private":
                self.send_error(401)
            elif name == "/html":
                self._send(b"<html>log in</html>" * 200, "text/html")
            elif (self.files / name[1:]).is_file():
                self._send((self.files / name[1:]).read_bytes(), "video/mp4")
            else:
                self.send_error(404)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def _mjpeg(self, pictures: int = 60, pause: float = 0.02) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=shot")
        self.end_headers()
        for number in range(pictures):
            image = np.full((48, 64, 3), number * 4, np.uint8)
            body = cv2.imencode(".jpg", image)[1].tobytes()
            head = f"--shot\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body + b"\r\n")
            time.sleep(pause)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server that offers the files of `tmp_path`."""
    handler = type("Handler", (Camera,), {"files": tmp_path})
    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    serving.daemon_threads = True
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()


def refusal(uri: str, timeout: float = 1.0) -> str:
    with (
        pytest.raises(SourceError) as caught,
        open_source(SourceConfig(uri=uri, connect_timeout_s=timeout)),
    ):
        pass
    return str(caught.value)


def test_mjpeg_as_cameras_send_it(server: str) -> None:
    items: list[Frame | Event] = []
    with open_source(SourceConfig(uri=f"{server}/mjpeg?channel=1&token=secret")) as source:
        assert (source.info.width, source.info.height, source.info.live) == (64, 48, True)
        for item in source.frames():
            items.append(item)
            if isinstance(item, Event) and item.kind == "source.lost":
                break
    frames = [item for item in items if isinstance(item, Frame)]
    assert len(frames) > 20
    assert abs(frames[-1].time_ns - time.time_ns()) < 10e9
    events = [item for item in items if isinstance(item, Event)]
    assert [event.kind for event in events] == ["source.connected", "source.lost"]
    assert all(event.name == f"{server}/mjpeg?channel=1&token=***" for event in events)


def test_a_recording_over_http_is_a_recording(
    server: str, clip: Clip, read: Read, tmp_path: Path
) -> None:
    whole = clip("fast.mp4", 50, muxer={"movflags": "faststart"})
    (tmp_path / "walk.mp4").write_bytes(whole.read_bytes())
    frames, events = read(f"{server}/walk.mp4")
    assert [frame.time_ns // 1_000_000 for frame in frames] == [40 * n for n in range(50)]
    assert [event.kind for event in events] == ["source.connected", "source.ended"]


def test_hls(server: str, clip: Clip, read: Read, tmp_path: Path) -> None:
    (tmp_path / "part.ts").write_bytes(clip("part.ts", 50).read_bytes())
    playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\npart.ts\n#EXT-X-ENDLIST\n"
    (tmp_path / "live.m3u8").write_text(playlist)
    frames, _ = read(f"{server}/live.m3u8")
    assert len(frames) == 50


def test_a_redirect_to_another_server_is_followed(
    server: str, clip: Clip, read: Read, tmp_path: Path
) -> None:
    whole = clip("fast.mp4", 50, muxer={"movflags": "faststart"})
    (tmp_path / "walk.mp4").write_bytes(whole.read_bytes())
    elsewhere = server.replace("127.0.0.1", "localhost")
    assert len(read(f"{server}/to/{elsewhere}/walk.mp4")[0]) == 50


@pytest.mark.parametrize("prefix", ["file://", "file:", "ftp://127.0.0.1", "concat:"])
def test_a_redirect_to_another_protocol_is_not(
    server: str, clip: Clip, tmp_path: Path, prefix: str
) -> None:
    assert refusal(f"{server}/to/{prefix}{clip('even.mp4', 50)}")


@pytest.mark.parametrize("line", ["file://{path}", "{path}", "concat:{path}"])
def test_a_playlist_from_a_server_reads_no_file_of_ours(
    server: str, clip: Clip, tmp_path: Path, line: str
) -> None:
    part = clip("part.ts", 50)
    entry = line.format(path=part)
    (tmp_path / "trap.m3u8").write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{entry}\n#EXT-X-ENDLIST\n"
    )
    assert refusal(f"{server}/trap.m3u8")


def test_an_absent_path_is_told_at_once(server: str) -> None:
    begun = time.monotonic()
    assert "knows no such stream" in refusal(f"{server}/absent", timeout=20)
    assert time.monotonic() - begun < 3


def test_a_wrong_password_is_told_at_once_and_without_it(server: str) -> None:
    address = server.replace("http://", "http://admin:secret@")
    said = refusal(f"{address}/private", timeout=20)
    assert "the user name or the password is wrong" in said
    assert "secret" not in said
    assert "admin" not in said


def test_a_page_is_not_a_video(server: str) -> None:
    assert "what it sends is not a video" in refusal(f"{server}/html")


def test_a_server_that_refuses() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "the connection was refused" in refusal(f"http://127.0.0.1:{port}/mjpeg")


def test_a_server_that_hangs() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        said = refusal(f"http://127.0.0.1:{silent.getsockname()[1]}/mjpeg")
    assert "no data for 1 s" in said
    assert time.monotonic() - begun < 4


def test_hundreds_of_reconnects_leave_the_memory_flat(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sightline.source.grabber._FIRST_WAIT_S", 0.0)
    monkeypatch.setattr("sightline.source.grabber._JITTER_S", 0.002)
    resident = []
    with open_source(SourceConfig(uri=f"{server}/flaky")) as source:
        for item in source.frames():
            if isinstance(item, Event) and item.kind == "source.lost":
                resident.append(resident_mb())
            if source.counters.reconnects >= 300:
                break
    assert len(resident) > 200
    assert resident[-1] - resident[len(resident) // 3] < 8
