"""The web application of a hub without sockets, and people of every role who use it."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from pgserver import Cluster

from sightline.hub.alerts.desk import Alerts
from sightline.hub.api.app import create_app
from sightline.hub.api.services import Services
from sightline.hub.auth.people import People
from sightline.hub.auth.principal import Principal
from sightline.hub.commands.commands import Desk, keep_results
from sightline.hub.deployments.desk import Deployments
from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.feed import Feed, LedgerArrived, ReportedArrived, ResultArrived
from sightline.hub.ingest.ingest import Ingest
from sightline.hub.ledger.ledger import keep_entries
from sightline.hub.models.models import Models
from sightline.hub.outside import Outside
from sightline.hub.pictures.pictures import Pictures
from sightline.hub.plans.plans import Plans
from sightline.hub.query.watchers import Watchers
from sightline.hub.registry.authority import Authority
from sightline.hub.registry.registry import Registry
from sightline.hub.settings import Settings
from sightline.hub.store.database import Database
from sightline.hub.store.segments import Segments
from sightline.hub.twin.desk import Twins
from sightline.hub.twin.reports import keep_reports
from sightline.wire import topics
from sightline.wire.control import Health, encode_control
from sightline.wire.credential import sign_in

KEYBOARD = Principal("user", "keyboard", "admin")
SignedIn = Callable[..., Awaitable[httpx.AsyncClient]]


class Told:
    """A gateway that remembers what cameras were told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, bytes]] = []
        self.counts: Counter[str] = Counter()

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        self.said.append((camera, topic, payload))

    async def cut(self, camera: str) -> None:
        self.said.append((camera, "cut", b""))

    def connected(self, camera: str) -> bool:
        return False


# Where routes ask the database much: their tests run on SQLite and on PostgreSQL.
ON_BOTH = (
    "test_access", "test_alert_faults", "test_alerts", "test_deployments", "test_history",
    "test_ledger", "test_metrics", "test_models", "test_pictures", "test_twin", "test_unchanged",
)  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.path.stem in ON_BOTH and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A new database of a hub; tests on PostgreSQL skip where that is not installed."""
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    if getattr(request, "param", "sqlite") == "postgresql":
        running: Cluster = request.getfixturevalue("postgres")
        url = running.migrated()
    async with Database(url) as opened:
        yield opened


@pytest.fixture
def services(database: Database, authority: Authority, tmp_path: Path) -> Services:
    """The parts of a hub."""
    gateway, feed = Told(), Feed()
    registry = Registry(database, authority)
    registry.cut.append(gateway.cut)
    desk = Desk(database, gateway)
    settings = Settings(data=tmp_path)
    twins = Twins(database, gateway, Outside())
    keepers: Any = {
        ReportedArrived: keep_reports, ResultArrived: keep_results, LedgerArrived: keep_entries,
    }  # fmt: skip
    return Services(
        settings=settings,
        database=database,
        people=People(database),
        registry=registry,
        feed=feed,
        watchers=Watchers(gateway),
        twins=twins,
        gateway=gateway,
        models=Models(database, tmp_path / "models"),
        commands=desk,
        pictures=Pictures(database, tmp_path / "pictures", desk),
        deployments=Deployments(database, twins.tell),
        alerts=Alerts(database, settings, Outside(["loopback"])),
        segments=Segments(tmp_path / "frames"),
        ingest=Ingest(database, feed, keepers),
        plans=Plans(database),
        mqtt="mqtt://127.0.0.1:8601",
    )


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The application."""
    return create_app(services)


@pytest.fixture
async def anybody(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with _client(app) as client:
        yield client


@pytest.fixture
async def as_role(app: FastAPI, services: Services) -> AsyncIterator[SignedIn]:
    """Programs with a token: `client = await as_role("viewer", scope="site=oslo")`."""
    opened: list[httpx.AsyncClient] = []

    async def give(role: str, scope: str = "") -> httpx.AsyncClient:
        secret, _ = await services.people.give_out(KEYBOARD, "", role=role, scope=scope)
        client = _client(app)
        client.headers["Authorization"] = f"Bearer {secret}"
        opened.append(client)
        return client

    yield give
    for client in opened:
        await client.aclose()


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


@pytest.fixture
def enrol(services: Services, app: FastAPI) -> Callable[..., Awaitable[httpx.AsyncClient]]:
    """`client = await enrol("door", site="oslo")`: a camera, and requests in its name."""

    async def let_in(name: str, **tags: str) -> httpx.AsyncClient:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject)
        signed = request.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
        token, _ = await services.registry.give_out("test", tags=tags)
        client = _client(app)
        asked = {"token": token, "request": signed, "name": name}
        answer = await client.post("/api/v1/enroll", json=asked)
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {sign_in(name, key)}"
        client.key = key  # type: ignore[attr-defined]
        return client

    return let_in


@pytest.fixture
async def front(
    services: Services, enrol: SignedIn
) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """`await front(fps=3)`: the camera front says how it is."""
    await enrol("front", site="oslo")
    running = asyncio.create_task(services.ingest.run())

    async def say(**health: Any) -> None:
        now = time.time_ns()
        told = encode_control(Health("front", "b", now, "running", **health))
        await services.ingest.deliver(Arrival("front", topics.up("front", "health"), told, now))

    yield say
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
