"""A server that cuts, stalls, lies, ignores and redirects."""

import hashlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sightline.errors import DownloadError, OutputError
from sightline.model.download import Patience, download

CONTENT = bytes(range(256)) * 1200
SHA = hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(connect=1, silence=0.3, tries=3, pause=0.01, longest_pause=0.02)

Behaviour = Callable[["Server", int], None]  # the request, and which one it is


class Server(BaseHTTPRequestHandler):
    """Answers as the test tells it to; remembers the ranges it was asked for."""

    protocol_version = "HTTP/1.1"
    behaviour: Behaviour
    asked: list[str | None]

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Range"))
        self.close_connection = True
        type(self).behaviour(self, len(self.asked))

    def begin(self) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        return int(match[1]) if match else 0

    def answer(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def rest(self, upto: int = len(CONTENT), **headers: str) -> None:
        """Answer as a good server does, but end the connection at byte `upto`."""
        at = self.begin()
        headers = {"ETag": '"1"', **headers}
        if at:
            headers["Content_Range"] = f"bytes {at}-{len(CONTENT) - 1}/{len(CONTENT)}"
        self.answer(206 if at else 200, CONTENT[at : max(at, upto)], len(CONTENT) - at, **headers)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def serve() -> Iterator[Callable[[Behaviour], tuple[str, list[str | None]]]]:
    running: list[ThreadingHTTPServer] = []

    def start(behaviour: Behaviour) -> tuple[str, list[str | None]]:
        asked: list[str | None] = []
        handler = type("Told", (Server,), {"behaviour": staticmethod(behaviour), "asked": asked})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/net.onnx", asked

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


Serve = Callable[[Behaviour], tuple[str, list[str | None]]]


def fetch(url: str, path: Path, **more: object) -> bytes:
    download(url, path, sha256=SHA, size=len(CONTENT), patience=QUICK, **more)  # type: ignore[arg-type]
    return path.read_bytes()


def test_a_file_comes_whole_and_progress_is_told(serve: Serve, tmp_path: Path) -> None:
    url, asked = serve(lambda server, n: server.rest())
    told: list[tuple[int, int]] = []
    path = tmp_path / "deep" / "net.onnx"
    assert fetch(url, path, progress=lambda *step: told.append(step)) == CONTENT
    assert asked == [None]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [file.name for file in path.parent.iterdir()] == ["net.onnx"]


def test_a_server_that_cuts_is_asked_for_the_rest(serve: Serve, tmp_path: Path) -> None:
    url, asked = serve(lambda server, n: server.rest(n * 30000))
    assert fetch(url, tmp_path / "net") == CONTENT
    assert len(asked) == 11  # more than the three fruitless tries that are allowed
    assert asked[1] == "bytes=30000-"


def test_a_server_that_stalls_is_left_and_asked_again(serve: Serve, tmp_path: Path) -> None:
    release = threading.Event()

    def stall(server: Server, n: int) -> None:
        server.rest(50000 if n == 1 else len(CONTENT))
        if n == 1:
            release.wait(5)

    url, asked = serve(stall)
    try:
        assert fetch(url, tmp_path / "net") == CONTENT
    finally:
        release.set()
    assert asked == [None, "bytes=50000-"]


def test_what_an_earlier_run_left_is_used(serve: Serve, tmp_path: Path) -> None:
    url, asked = serve(lambda server, n: server.rest())
    (tmp_path / "net.part").write_bytes(CONTENT[:1000])
    assert fetch(url, tmp_path / "net") == CONTENT
    assert asked == ["bytes=1000-"]


@pytest.mark.parametrize("left", [b"x" * 1000, b"x" * len(CONTENT), CONTENT + b"x"])
def test_wrong_left_overs_cost_one_more_try(serve: Serve, tmp_path: Path, left: bytes) -> None:
    url, asked = serve(lambda server, n: server.rest())
    (tmp_path / "net.part").write_bytes(left)
    assert fetch(url, tmp_path / "net") == CONTENT
    assert asked[-1] is None


def test_a_server_that_ignores_ranges_sends_all_again(serve: Serve, tmp_path: Path) -> None:
    def whole(server: Server, n: int) -> None:
        server.answer(200, CONTENT[:9000] if n == 1 else CONTENT, len(CONTENT))

    url, asked = serve(whole)
    assert fetch(url, tmp_path / "net") == CONTENT
    assert asked == [None, "bytes=9000-"]


def test_another_part_than_asked_for_is_not_taken(serve: Serve, tmp_path: Path) -> None:
    def shifted(server: Server, n: int) -> None:
        if n == 2:
            server.answer(206, CONTENT[5:], Content_Range=f"bytes 5-{len(CONTENT)}/9")
        else:
            server.rest(9000 if n == 1 else len(CONTENT))

    assert fetch(serve(shifted)[0], tmp_path / "net") == CONTENT


@pytest.mark.parametrize("status", [429, 500, 503, 416])
def test_a_busy_server_is_asked_again(serve: Serve, tmp_path: Path, status: int) -> None:
    url, asked = serve(lambda s, n: s.answer(status, b"") if n < 3 else s.rest())
    assert fetch(url, tmp_path / "net") == CONTENT
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda s, n: s.answer(404, b""), "answered 404"),
        (lambda s, n: s.answer(503, b""), "answered 503"),
        (lambda s, n: s.answer(200, CONTENT[::-1]), "SHA-256 differs"),
        (lambda s, n: s.answer(200, CONTENT + b"more"), "more than its 307200 bytes"),
        (lambda s, n: s.answer(200, CONTENT[:5]), "ended after 5 of 307200"),
        (lambda s, n: s.answer(302, b"", Location="ftp://127.0.0.1/x"), "ftp"),
        (lambda s, n: s.answer(302, b"", Location="http://example.com/x"), "only https"),
        (lambda s, n: s.answer(302, b"", Location="/net.onnx"), "in circles"),
        (lambda s, n: s.wfile.write(b"no http at all\r\n\r\n"), "broke off"),
        (lambda s, n: None, "broke off"),
    ],
)
def test_a_server_that_lies_leaves_nothing_behind(
    serve: Serve, tmp_path: Path, answer: Behaviour, told: str
) -> None:
    with pytest.raises(DownloadError, match=told):
        fetch(serve(answer)[0], tmp_path / "net")
    assert not (tmp_path / "net").exists()


def test_an_endless_body_is_cut_at_the_known_size(serve: Serve, tmp_path: Path) -> None:
    def endless(server: Server, n: int) -> None:
        server.send_response(200)
        server.end_headers()
        for _ in range(1000):
            server.wfile.write(b"x" * 65536)

    def quiet(server: Server, n: int) -> None:
        with suppress(OSError):
            endless(server, n)

    with pytest.raises(DownloadError, match="more than"):
        fetch(serve(quiet)[0], tmp_path / "net")
    assert list(tmp_path.iterdir()) == []


def test_nobody_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DownloadError, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/net", tmp_path / "net")


@pytest.mark.parametrize("url", ["http://example.com/x", "file:///etc/passwd", "nonsense", ""])
def test_addresses_that_are_not_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(DownloadError):
        fetch(url, tmp_path / "net")


def test_a_folder_that_cannot_be_written(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        fetch(serve(lambda s, n: s.rest())[0], tmp_path / "file" / "net")
