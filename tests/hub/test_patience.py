"""Who sends slowly is let go; who is slow to be served is not."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hubrun import RunningHub, running_hub

from sightline.hub import patience


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningHub]:
    monkeypatch.setattr(patience, "HEAD_S", 0.3)
    with running_hub(tmp_path / "site") as running:
        yield running


def connected(hub: RunningHub) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", int(hub.url.rpartition(":")[2])))
    opened.settimeout(20)
    return opened


def drip(opened: socket.socket, piece: bytes) -> None:
    """Send a piece again and again until the other side has had enough."""
    over = threading.Event()

    def send() -> None:
        while not over.is_set():
            try:
                opened.sendall(piece)
            except OSError:
                return
            time.sleep(0.05)

    dripping = threading.Thread(target=send)
    dripping.start()
    try:
        while opened.recv(4096):
            pass
    except ConnectionResetError:
        pass
    finally:
        over.set()
        dripping.join()


HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"", b""),
        (HEAD, b"X-Slow: 1\r\n"),
        (HEAD + b"\r\n" + HEAD, b"X-Slow: 1\r\n"),
        (
            b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n",
            b" ",
        ),
    ],
    ids=["silence", "head", "second head", "body"],
)
def test_who_sends_slowly_is_let_go(hub: RunningHub, begin: bytes, piece: bytes) -> None:
    with connected(hub) as opened:
        opened.sendall(begin)
        drip(opened, piece)  # comes back only when the hub has closed
    assert httpx.get(f"{hub.url}/healthz").is_success


def test_who_waits_for_an_answer_is_not(hub: RunningHub) -> None:
    async def slow() -> dict[str, Any]:
        import asyncio

        await asyncio.sleep(1.5)
        return {"done": True}

    app: FastAPI = hub.hub.app
    app.add_api_route("/slow", slow)
    assert httpx.get(f"{hub.url}/slow", timeout=20).json() == {"done": True}


def test_a_connection_is_used_again_after_a_pause(hub: RunningHub) -> None:
    with httpx.Client() as client:
        for _ in range(3):
            assert client.get(f"{hub.url}/healthz").is_success
            time.sleep(0.7)
