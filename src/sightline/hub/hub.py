"""One hub: its parts put together, and served until it is told to stop.

async with Hub(Settings(data=Path("site"))) as hub:
    await hub.serve()
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import uvicorn
from fastapi import FastAPI
from starlette.routing import WebSocketRoute

from sightline.errors import OutputError
from sightline.hub.alerts.desk import Alerts
from sightline.hub.api.app import create_app
from sightline.hub.api.services import Services
from sightline.hub.api.traces import Traces
from sightline.hub.auth.oidc import Provider
from sightline.hub.auth.people import People
from sightline.hub.commands.commands import Desk, keep_results
from sightline.hub.deployments.desk import Deployments
from sightline.hub.encryption import broker_context, mqtt_context, tls_files
from sightline.hub.gateway.base import Hooks
from sightline.hub.gateway.broker import Broker, without_credentials
from sightline.hub.gateway.mqtt.endpoint import Endpoint
from sightline.hub.gateway.mqtt.tcp import listen
from sightline.hub.gateway.mqtt.websocket import MqttOverWebSocket
from sightline.hub.gateway.together import Gateways
from sightline.hub.ingest.batch import Keepers
from sightline.hub.ingest.feed import Feed, LedgerArrived, ReportedArrived, ResultArrived
from sightline.hub.ingest.ingest import Ingest
from sightline.hub.ledger.ledger import keep_entries
from sightline.hub.listening import listening
from sightline.hub.models.models import Models
from sightline.hub.outside import Outside
from sightline.hub.patience import Impatient
from sightline.hub.pictures.pictures import Pictures
from sightline.hub.plans.plans import Plans
from sightline.hub.query.watchers import Watchers
from sightline.hub.registry.authority import Authority
from sightline.hub.registry.presence import Presences
from sightline.hub.registry.registry import Registry
from sightline.hub.settings import Settings
from sightline.hub.spans import untraced
from sightline.hub.store.database import Database
from sightline.hub.store.upkeep import Upkeep
from sightline.hub.twin.desk import Twins
from sightline.hub.twin.reports import keep_reports

# Readers give the interpreter up for each row that SQLite steps to and each body that is inflated;
# at Python's usual 5 ms a turn, some that work side by side would wait for each other most of all.
_TURN_S = 0.001


class _Server(uvicorn.Server):
    """Signals are the business of whoever runs the hub."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Hub:
    """Everything of one hub. `app` may get more mounted before `serve`.

    url        where it listens
    address    where people go: the same, or that of a reverse proxy before it
    setup_url  the one-time link of the first start; None once somebody is there
    upkeep     what the store does by itself
    Raises ConfigError, InputError or OutputError on entering.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.setup_url: str | None = None
        self._stack = AsyncExitStack()
        self._stopped = asyncio.Event()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._open(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    async def _open(self, stack: AsyncExitStack) -> None:
        settings = self.settings
        _make_folder(settings.data)
        _remember(settings)
        database = await stack.enter_async_context(Database(settings.database_url))
        authority = Authority.open(settings.data / "authority")
        people = People(database)
        registry = Registry(database, authority, tls=settings.tls.self_signed)
        feed = Feed()
        gateways = Gateways()
        watchers = Watchers(gateways)
        twins = Twins(database, gateways, Outside(settings.allow))
        presences = Presences(database, feed)
        traces = Traces(settings.traces) if settings.traces else None
        if traces is not None:
            stack.push_async_callback(asyncio.to_thread, traces.close)
        span = traces.span if traces else untraced
        upkeep = Upkeep(database, settings.data / "frames", settings.retention)
        keepers: Keepers = {
            ReportedArrived: keep_reports,
            ResultArrived: keep_results,
            LedgerArrived: keep_entries,
        }
        ingest = Ingest(database, feed, keepers, upkeep.room, upkeep.compaction.grown, span)
        hooks = Hooks(registry.admit, twins.told, ingest.deliver, presences.came, registry.known)
        endpoint = Endpoint(hooks)
        gateways.join(endpoint)
        self._tasks: list[Callable[[], Coroutine[Any, Any, None]]] = []
        if settings.broker:
            client = f"sightline-hub-{authority.fingerprint[:12]}"
            broker = Broker(settings.broker, hooks, client, broker_context(settings, authority))
            gateways.join(broker)
            self._tasks.append(broker.run)
        registry.cut.append(gateways.cut)
        models = Models(database, settings.data / "models", settings.trusted_keys)
        desk = Desk(database, gateways)
        deployments = Deployments(database, twins.tell, span)
        alerts = Alerts(database, settings, Outside(settings.allow))
        pictures = Pictures(database, settings.data / "pictures", desk, settings.picture_days)
        await upkeep.open()
        self.upkeep = upkeep
        tls = tls_files(settings, authority)
        self._web = listening(settings.host, settings.port)
        stack.callback(self._web.close)
        port = self._web.getsockname()[1]
        context = mqtt_context(tls, authority) if tls else None
        mqtt_port = settings.mqtt_port or (port + 1 if settings.port else 0)
        mqtt = await listen(endpoint, settings.host, mqtt_port, context)
        stack.push_async_callback(_closed, mqtt, endpoint)
        named = settings.public or (settings.host if settings.loopback else socket.gethostname())
        self.url = f"{'https' if tls else 'http'}://{_in_url(named)}:{port}"
        self.address = settings.url or self.url
        mqtt_port = mqtt.sockets[0].getsockname()[1]
        services = Services(
            settings=settings,
            database=database,
            people=people,
            registry=registry,
            feed=feed,
            watchers=watchers,
            twins=twins,
            gateway=gateways,
            models=models,
            commands=desk,
            pictures=pictures,
            deployments=deployments,
            alerts=alerts,
            segments=upkeep.segments,
            ingest=ingest,
            plans=Plans(database),
            oidc=Provider(settings.oidc) if settings.oidc else None,
            mqtt=without_credentials(settings.broker)
            or f"{'mqtts' if tls else 'mqtt'}://{_in_url(named)}:{mqtt_port}",
            mqtt_outside=_over_web(settings),
        )
        self.app: FastAPI = create_app(services, traces)
        over_web = MqttOverWebSocket(endpoint)
        self.app.router.routes += [WebSocketRoute(path, over_web) for path in ("/mqtt", "/mqtt/")]
        secret = await people.setup_link()
        self.setup_url = f"{self.address}/setup?token={secret}" if secret else None
        self._tls = tls
        own = (ingest, presences, watchers, upkeep, pictures, deployments, alerts)
        self._tasks += [endpoint.watch, *(part.run for part in own)]

    async def serve(self) -> None:
        """Until `stop`, or until a part of it fails."""
        sys.setswitchinterval(_TURN_S)
        config = uvicorn.Config(
            self.app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            http=Impatient,
            ws="websockets-sansio",
            ws_max_size=1 << 20,
            forwarded_allow_ips=list(self.settings.proxies),
            timeout_keep_alive=20,
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=64 << 10,
            ssl_certfile=self._tls.certificate if self._tls else None,
            ssl_keyfile=self._tls.key if self._tls else None,
        )
        server = _Server(config)
        async with asyncio.TaskGroup() as group:
            work = [group.create_task(task(), name=task.__qualname__) for task in self._tasks]
            web = group.create_task(server.serve([self._web]), name="web")
            stopping = group.create_task(self._stopped.wait(), name="stop")
            await asyncio.wait((*work, web, stopping), return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            stopping.cancel()
            await asyncio.wait((web,))
            for task in work:
                task.cancel()

    def stop(self) -> None:
        """End `serve` after what is at hand."""
        self._stopped.set()


async def _closed(server: asyncio.Server, endpoint: Endpoint) -> None:
    server.close()
    await endpoint.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            await server.wait_closed()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror}") from None


def _remember(settings: Settings) -> None:
    """Where the database is, for commands that work on the data folder."""
    kept = settings.data / "database"
    if not settings.database:
        kept.unlink(missing_ok=True)
        return
    fresh = kept.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(settings.database)
    fresh.replace(kept)


def _over_web(settings: Settings) -> str:
    """MQTT over WebSocket, which a proxy passes on with all else; not with a broker."""
    if not settings.url or settings.broker:
        return ""
    return f"ws{settings.url.removeprefix('http')}/mqtt"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
