"""A gateway on a real socket, with everything behind it, and the programs of others before it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hubkit import Store

from sightline.hub.gateway.base import Credentials, Hooks
from sightline.hub.gateway.mqtt.endpoint import Endpoint
from sightline.hub.gateway.mqtt.tcp import listen
from sightline.hub.gateway.mqtt.websocket import MqttOverWebSocket
from sightline.hub.registry.authority import Authority


def program(name: str) -> str:
    """Where a program is; the test skips where it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


class Registry:
    """Lets in who knows the word, and tells each camera the same."""

    def __init__(self) -> None:
        self.shown: list[Credentials] = []
        self.admits_all = False
        self.wanted: bytes | None = None

    async def admit(self, shown: Credentials) -> bool:
        self.shown.append(shown)
        return self.admits_all or shown.password == f"secret of {shown.camera}"

    async def desired(self, camera: str) -> bytes | None:
        return self.wanted or f"desired of {camera}".encode()


@asynccontextmanager
async def tcp_gateway(
    store: Store, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Endpoint, Registry, int]]:
    """The endpoint behind TCP or TLS; its port."""
    registry = Registry()
    endpoint = Endpoint(Hooks(registry.admit, registry.desired, store.ingest.deliver))
    server = await listen(endpoint, "127.0.0.1", 0, tls)
    watching = asyncio.create_task(endpoint.watch())
    try:
        yield endpoint, registry, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await endpoint.close()


@asynccontextmanager
async def websocket_gateway(store: Store) -> AsyncIterator[tuple[Endpoint, int]]:
    """The endpoint behind a WebSocket of uvicorn; its port."""
    registry = Registry()
    endpoint = Endpoint(Hooks(registry.admit, registry.desired, store.ingest.deliver))
    config = uvicorn.Config(
        MqttOverWebSocket(endpoint), host="127.0.0.1", port=0, log_level="warning",
        lifespan="off", ws="websockets-sansio",
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield endpoint, server.servers[0].sockets[0].getsockname()[1]
    finally:
        await endpoint.close()
        server.should_exit = True
        await serving


def server_tls(authority: Authority, folder: Path) -> ssl.SSLContext:
    """TLS of a hub: certified by the site's authority, cameras' certificates welcome."""
    key, chain = authority.server(["localhost", "127.0.0.1"])
    (folder / "server.pem").write_bytes(chain + key)
    (folder / "ca.pem").write_text(authority.certificate)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "server.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def camera_certificate(authority: Authority, folder: Path, camera: str) -> tuple[Path, Path]:
    """Certificate and key of a camera as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    made, kept = folder / f"{camera}.pem", folder / f"{camera}.key"
    made.write_bytes(authority.sign_camera(camera, key.public_key()).public_bytes(Encoding.PEM))
    kept.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made, kept


async def run(*command: str, patience: float = 30) -> tuple[int, str]:
    """Run a program to its end beside the event loop."""
    done: Any = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=patience, check=False
    )
    return done.returncode, done.stdout + done.stderr
