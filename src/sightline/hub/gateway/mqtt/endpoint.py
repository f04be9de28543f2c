"""The hub as the place where cameras connect by MQTT 3.1.1: sessions, and nothing routed.

A camera's newest connection wins. What it publishes is acknowledged once it is stored. What it
is told waits for it while it is away, if its session is to be kept, up to a limit; the desired
state is asked for anew whenever it comes. Sessions live in memory: after a restart of the hub a
camera finds none (as the protocol tells it) and subscribes again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from sightline.hub.gateway.base import Arrival, Hooks
from sightline.hub.gateway.mqtt.admission import Admission
from sightline.hub.gateway.mqtt.budget import Budget
from sightline.hub.gateway.mqtt.connection import Connection, State
from sightline.hub.gateway.mqtt.limits import Limits
from sightline.hub.gateway.mqtt.packets import ACCEPTED, NOT_ALLOWED, Connack, Connect, encode
from sightline.hub.gateway.mqtt.session import Session
from sightline.hub.gateway.mqtt.subtree import may_say
from sightline.hub.gateway.mqtt.wire import Wire
from sightline.wire import topics

_LOG = logging.getLogger(__name__)
_SWEEP_S = 1.0
_REMEMBERED_S = 60.0


class Endpoint:
    """A `Gateway` over any wire. `counts` says what was refused, by reason."""

    def __init__(
        self, hooks: Hooks, limits: Limits | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits or Limits()
        self.now = now
        self._counts: Counter[str] = Counter()
        self.budget = Budget(self.limits.total_bytes)
        self.deliver = hooks.deliver
        self._hooks = hooks
        self._admission = Admission(hooks.admit, now)
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._cut: dict[str, float] = {}  # who was cut, and when, lately
        self._strangers = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # For the rest of the hub

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        session = self._sessions.get(camera)
        if session is None or (retain and session.connection is None):
            return
        session.tell(topic, payload, retain)

    async def cut(self, camera: str) -> None:
        self._cut[camera] = self.now()
        session = self._sessions.pop(camera, None)
        if session is not None and session.connection is not None:
            session.connection.refuse("cut", "its credential was revoked")

    def connected(self, camera: str) -> bool:
        session = self._sessions.get(camera)
        return session is not None and session.connection is not None

    @property
    def counts(self) -> Counter[str]:
        return self._counts

    @property
    def cameras(self) -> int:
        """How many are connected now."""
        return len(self._connections) - self._strangers

    async def watch(self) -> None:
        """Cut who is silent or slow, until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            self.sweep()

    def sweep(self) -> None:
        """Cut who is silent or slow by now."""
        now = self.now()
        for connection in list(self._connections):
            if reason := connection.overdue(now):
                connection.refuse(reason, "it took too long")
        self._cut = {name: at for name, at in self._cut.items() if now - at < _REMEMBERED_S}

    async def close(self) -> None:
        """Close every connection."""
        for connection in list(self._connections):
            connection.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # For connections

    def accept(self, wire: Wire) -> Connection | None:
        """A new connection; None where there are too many."""
        limits = self.limits
        if self._strangers >= limits.strangers or len(self._connections) >= limits.connections:
            self.count("crowded", f"a stranger at {wire.remote}: there are too many connections")
            wire.abort()
            return None
        connection = Connection(self, wire)
        self._connections.add(connection)
        self._strangers += 1
        return connection

    def count(self, reason: str, what: str) -> None:
        """Something was refused."""
        self._counts[reason] += 1
        if self._counts[reason] <= 10 or self._counts[reason] % 1000 == 0:
            _LOG.warning("refused (%s, number %d): %s", reason, self._counts[reason], what)

    def on_sign_in(self, connection: Connection, packet: Connect) -> None:
        self._spawn(self._sign_in(connection, packet))

    async def _sign_in(self, connection: Connection, packet: Connect) -> None:
        wire, began = connection.wire, self.now()
        code = await self._admission.decide(packet, wire.certificate, wire.remote)
        if self._cut.get(packet.user or "", began - 1) >= began:
            code = NOT_ALLOWED  # revoked while it was being looked at
        if connection.state is not State.ADMITTING:
            return
        if code != ACCEPTED:
            self.count("sign-in", f"{packet.user!r:.80} at {wire.remote}: code {code}")
            connection.send(encode(Connack(code)))
            connection.close()
            return
        assert packet.user is not None
        session, present = self._session(packet.user, packet.clean)
        self._strangers -= 1
        session.connection = connection
        self._hooks.present(session.camera, True)
        connection.open(session, encode(Connack(ACCEPTED, present)))
        for data in session.outbound.again():
            connection.send(data)
        session.pump()
        self.on_listening(session)

    def _session(self, camera: str, clean: bool) -> tuple[Session, bool]:
        """The session of a camera that comes, free of an older connection."""
        old = self._sessions.get(camera)
        if old is not None and old.connection is not None:
            self._counts["superseded"] += 1
            old.connection.close()
        if old is None or clean or old.clean:
            self._sessions[camera] = Session(camera, clean)
            return self._sessions[camera], False
        return old, True

    def on_listening(self, session: Session) -> None:
        """Tell the desired state to who listens for it."""
        if session.listens(topics.down(session.camera, "desired")) is not None:
            self._spawn(self._tell_desired(session))

    async def _tell_desired(self, session: Session) -> None:
        before = session.wanted
        payload = await self._hooks.desired(session.camera)
        if session.wanted != before:
            return  # somebody told it a newer one while this was being read
        if payload is not None and session.connection is not None:
            session.tell(topics.down(session.camera, "desired"), payload, retain=True)

    def on_end(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self.budget.forget(connection.relieved)
        session = connection.session
        if session is None:
            self._strangers -= 1
            return
        if session.connection is connection:
            session.connection = None
            if session.clean and self._sessions.get(session.camera) is session:
                del self._sessions[session.camera]
            self._hooks.present(session.camera, False)
        will = connection.sign_in.will if connection.sign_in else None
        if will is not None and may_say(session.camera, will.topic):
            said = self.deliver(Arrival(session.camera, will.topic, will.payload, time.time_ns()))
            said.add_done_callback(lambda future: future.cancelled() or future.exception())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
