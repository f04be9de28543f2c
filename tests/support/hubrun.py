"""A whole hub that serves on loopback, in a thread of the test."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from hubkit import arrival

from sightline.hub.api.services import Services
from sightline.hub.auth.principal import Principal
from sightline.hub.gateway.base import Arrival
from sightline.hub.hub import Hub
from sightline.hub.settings import Settings
from sightline.wire.control import Enrolment
from sightline.wire.parcel import Parcel

T = TypeVar("T")
KEYBOARD = Principal("user", "keyboard", "admin")


def signing_request(name: str = "camera") -> str:
    """What a camera asks to be let in with, for a key that nobody keeps."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    return request.public_bytes(Encoding.PEM).decode()


class RunningHub:
    """`url` is where it is; `do` runs a coroutine on its event loop."""

    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        self.hub = hub
        self.url = hub.url
        self.services: Services = hub.app.state.services
        self._loop = loop

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.start(work).result(30)

    def token(self, role: str = "viewer", scope: str = "") -> str:
        """An API token."""
        give = self.services.people.give_out(KEYBOARD, "", role=role, scope=scope)
        return self.do(give)[0]

    def enrol(self, name: str, **tags: str) -> None:
        """Let a camera in, with a key that nobody keeps."""
        pem = signing_request(name)
        registry = self.services.registry
        token, _ = self.do(registry.give_out("test", tags=tags))
        self.do(registry.enrol(Enrolment(token, pem, name)))

    def hear(self, *parcels: Parcel) -> None:
        """Store what cameras say, as if it had come by a gateway."""

        self.arrive(*map(arrival, parcels))

    def arrive(self, *arrivals: Arrival) -> None:
        """Store what a gateway hands on."""

        async def deliver() -> None:
            await asyncio.gather(*map(self.services.ingest.deliver, arrivals))

        self.do(deliver())

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begin a coroutine on its event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, action: Callable[[], object]) -> None:
        """Do something there soon."""
        self._loop.call_soon_threadsafe(action)


@contextmanager
def running_hub(
    data: Path, mounted: Callable[[FastAPI], None] = lambda app: None, **settings: Any
) -> Iterator[RunningHub]:
    """Served until the block is left; `mounted` adds to its application."""
    ready = threading.Event()
    found: list[RunningHub] = []
    failed: list[BaseException] = []

    async def main() -> None:
        async with Hub(Settings(data=data, listen="127.0.0.1:0", **settings)) as hub:
            mounted(hub.app)
            found.append(RunningHub(hub, asyncio.get_running_loop()))
            ready.set()
            await hub.serve()

    def work() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            failed.append(error)
            ready.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(60)
    if failed:
        raise failed[0]
    try:
        yield found[0]
    finally:
        found[0].do(_stop(found[0].hub))
        thread.join(30)
        assert not thread.is_alive()
        if failed:
            raise failed[0]


async def _stop(hub: Hub) -> None:
    hub.stop()
