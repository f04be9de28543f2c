"""A TCP proxy that does to an RTSP stream what bad networks do. Run as a thread of a test."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress
from io import BufferedReader


class Proxy:
    """Passes connections from `port` on to `target`; what comes back may be spoilt.

    corrupt  spoils one in so many RTP packets (0: none), inside their payload
    """

    def __init__(self, target: int) -> None:
        self.corrupt = 0
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._random = random.Random(1)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Cut every connection, as a router does that restarts."""
        _shut(*self._open)
        self._open.clear()

    def close(self) -> None:
        """Stop for good."""
        self.reset()
        _shut(self._listener)
        self._thread.join()

    def _accept(self) -> None:
        with self._listener, suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with (
            near,
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self._target)) as far,
        ):
            self._open += [near, far]
            back = threading.Thread(target=_request, args=(near, far), daemon=True)
            back.start()
            with suppress(OSError), far.makefile("rb") as reader:
                self._answer(reader, near)
            _shut(near, far)
            back.join()

    def _answer(self, reader: BufferedReader, near: socket.socket) -> None:
        while first := reader.read(1):
            if first != b"$":  # a line of RTSP's own
                near.sendall(first + reader.readline())
                continue
            head = reader.read(3)
            payload = bytearray(reader.read(int.from_bytes(head[1:], "big")))
            if head[0] == 0 and self.corrupt and self._random.randrange(self.corrupt) == 0:
                self._spoil(payload)
            near.sendall(first + head + payload)

    def _spoil(self, payload: bytearray) -> None:
        for _ in range(8):
            payload[self._random.randrange(12, len(payload))] ^= 1 << self._random.randrange(8)


def _request(near: socket.socket, far: socket.socket) -> None:
    with suppress(OSError):
        while data := near.recv(65536):
            far.sendall(data)
    _shut(near, far)


def _shut(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
