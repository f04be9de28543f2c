"""Which sources a hub may name."""

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from sightline.camera.agent import reach
from sightline.errors import ConfigError


def resolve(table: dict[str, list[str]]) -> object:
    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[object]:
        if host == "127.0.0.1":  # whom the test itself connects to
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port))]
        if host not in table:
            raise OSError
        return [(0, 0, 0, "", (address, port)) for address in table[host]]

    return getaddrinfo


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        (["127.0.0.1"], "this machine itself"),
        (["::1"], "this machine itself"),
        (["::ffff:127.0.0.1"], "this machine itself"),
        (["169.254.169.254"], "link-local or metadata"),
        (["fe80::1"], "link-local or metadata"),
        (["fd00:ec2::254"], "link-local or metadata"),
        (["0.0.0.0"], "no machine"),
        (["224.0.0.1"], "no machine"),
        (["192.168.1.5", "169.254.169.254"], "link-local or metadata"),
    ],
)
def test_where_no_camera_is(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str], words: str
) -> None:
    monkeypatch.setattr(reach.socket, "getaddrinfo", resolve({"cam.lan": addresses}))
    with pytest.raises(ConfigError, match=words):
        reach.checked("rtsp://cam.lan/stream")


def test_a_name_is_resolved_once_and_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach.socket, "getaddrinfo", resolve({"cam.lan": ["192.168.1.5"]}))
    pinned = reach.checked("rtsp://me:secret@cam.lan:8554/stream?x=1")
    assert pinned == "rtsp://me:secret@192.168.1.5:8554/stream?x=1"
    assert reach.checked("rtsps://cam.lan/s") == "rtsps://cam.lan/s"  # the certificate is for it


@pytest.mark.parametrize(
    "uri",
    ["/etc/passwd", "file:///etc/passwd", "concat:a|b", "ftp://x/", "rtsp://", "x", "rtsp://[::1"],
)
def test_what_a_hub_may_not_name(uri: str) -> None:
    with pytest.raises(ConfigError, match="source: "):
        reach.checked(uri)


@pytest.mark.parametrize("uri", ["usb:0", "scene:entrance?live=1", "imx500:"])
def test_what_is_the_cameras_own(uri: str) -> None:
    assert reach.checked(uri) == uri


class Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/direct":
            self.send_response(200)
        else:
            target = {"/inside": "http://metadata.lan/", "/circle": "/circle"}[self.path]
            self.send_response(302)
            self.send_header("Location", target)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


def test_redirects_are_followed_here_and_each_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Redirecting)
    Thread(target=server.serve_forever, daemon=True).start()
    host = f"cam.lan:{server.server_port}"
    table = {
        "cam.lan": ["127.0.0.1"],
        "127.0.0.1": ["127.0.0.1"],
        "metadata.lan": ["169.254.169.254"],
    }
    monkeypatch.setattr(reach.socket, "getaddrinfo", resolve(table))
    check = reach._check
    # The server of the test stands for one in the network.
    monkeypatch.setattr(
        reach, "_check", lambda a, h: None if str(a) == "127.0.0.1" else check(a, h)
    )
    assert reach.checked(f"http://{host}/direct").endswith("/direct")
    with pytest.raises(ConfigError, match="metadata"):
        reach.checked(f"http://{host}/inside")
    with pytest.raises(ConfigError, match="in circles"):
        reach.checked(f"http://{host}/circle")
    server.shutdown()
    server.server_close()
