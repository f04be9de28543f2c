"""A reverse proxy as people put before a hub: TLS outside, plain HTTP and WebSocket inside."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sightline.hub.registry.authority import Authority

_HOP = {b"host", b"connection", b"x-forwarded-for", b"x-forwarded-proto"}


_ENDS = (OSError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError)


class Proxy:
    """`url` is where it is: https://localhost:PORT.

    behind  port of the hub, once it is known
    host    what it says in the header Host: the name that the browser used, else its own
    tells   whether it says who asks and how, as a good one does
    """

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self.behind = 0
        self.host = ""
        self.tells = True
        self.opened: list[asyncio.StreamWriter] = []
        key, chain = Authority.open(folder / "authority").server(["localhost", "127.0.0.1"])
        (folder / "proxy.pem").write_bytes(chain + key)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "proxy.pem")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened.append(writer)
        with suppress(*_ENDS):
            head = await reader.readuntil(b"\r\n\r\n")
            inner, outer = await asyncio.open_connection("127.0.0.1", self.behind)
            self.opened.append(outer)
            outer.write(self._changed(head, writer.get_extra_info("peername")[0]))
            await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
        writer.close()

    def _changed(self, head: bytes, remote: str) -> bytes:
        first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        named = {line.partition(b":")[0].lower(): line for line in lines}
        kept = [line for name, line in named.items() if name not in _HOP]
        upgrades = b"upgrade" in named
        kept.append(f"Host: {self.host}".encode() if self.host else named[b"host"])
        kept.append(b"Connection: Upgrade" if upgrades else b"Connection: close")
        if self.tells:
            kept += [f"X-Forwarded-For: {remote}".encode(), b"X-Forwarded-Proto: https"]
        return b"\r\n".join((first, *kept)) + b"\r\n\r\n"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def proxy(folder: Path) -> Iterator[Proxy]:
    """Served until the block is left."""
    made = Proxy(folder)
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=made.context)
        made.url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        loops.append(asyncio.get_running_loop())
        ready.set()
        await over.wait()
        server.close()
        for one in made.opened:
            one.transport.abort()
        await asyncio.sleep(0.1)  # until they are gone

    thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield made
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(20)
