"""Alerts of one hub: rules and channels kept, the fleet looked at, people told."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select, update

from sightline.errors import OutputError, SightlineError
from sightline.hub.alerts import records, rules
from sightline.hub.alerts.channels.base import TABLE, Channel, Notice
from sightline.hub.alerts.records import Alert, Delivery
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.alerts.watch import EVENTS, Watch
from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.outside import Outside
from sightline.hub.refused import Refused, Unknown
from sightline.hub.settings import Settings
from sightline.hub.store.database import Database
from sightline.hub.store.tables.alerts import channels
from sightline.hub.store.trouble import passes
from sightline.plugins import load
from sightline.twin.config import in_words

_LOOK_S = 2.0
_TELL_S = 1.0
_AT_ONCE = 20
_PATIENCE_S = 30.0  # for one channel to take one notice
_TRIES = 12
_FIRST_S, _LONGEST_S = 5.0, 3600.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel without its secrets."""

    name: str
    kind: str
    to: str
    changed_ns: int
    changed_by: str


class Alerts:
    """`run` is the task that looks at the fleet and tells people."""

    def __init__(self, database: Database, settings: Settings, outside: Outside) -> None:
        self._database = database
        self._settings = settings
        self._outside = outside
        self._watch = Watch()

    async def run(self) -> None:
        """Until cancelled."""
        self._watch.begun_ns = time.time_ns()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again(self.look, _LOOK_S), name="alerts.look")
            group.create_task(self._again(self.tell, _TELL_S), name="alerts.tell")

    async def _again(self, work: Callable[[], Any], every_s: float) -> None:
        while True:
            try:
                await work()
            except Exception as error:
                # Whatever is wrong with a rule or a channel, the hub goes on.
                if passes(error):
                    _LOG.warning("alerts wait: %s", error)
                else:
                    _LOG.exception("alerts wait")
            await asyncio.sleep(every_s)

    async def look(self) -> None:
        """Look at the fleet, until all events that have come were looked at."""
        seen = EVENTS
        while seen >= EVENTS:
            seen = await self._database.write(lambda c: self._watch.look(c, time.time_ns()))

    async def tell(self) -> None:
        """Try what is due."""
        found = await self._database.read(lambda c: records.due(c, time.time_ns(), _AT_ONCE))
        await asyncio.gather(*map(self._try, found))

    async def _try(self, delivery: Delivery) -> None:
        try:
            alert = await self._database.read(lambda c: records.shown(c, delivery.alert))
            channel = await self._channel(delivery.channel)
            async with asyncio.timeout(_PATIENCE_S):
                said = await channel.tell(Notice(alert, delivery.what, delivery.id))
        except SightlineError as error:
            await self._failed(delivery, error)
            return
        except TimeoutError:
            await self._failed(delivery, OutputError(f"took longer than {_PATIENCE_S:g} s"))
            return
        except Exception as error:
            if passes(error):  # our own database, not the channel
                raise
            _LOG.exception("channel %s", delivery.channel)
            await self._failed(delivery, OutputError(f"failed: {type(error).__name__}"))
            return
        values = {"state": "delivered", "last": said[:300], "done_ns": time.time_ns()}
        tries = delivery.tries + 1
        await self._database.write(lambda c: records.tried(c, delivery.id, tries=tries, **values))

    async def _failed(self, delivery: Delivery, error: SightlineError) -> None:
        tries = delivery.tries + 1
        over = tries >= _TRIES or isinstance(error, Unknown)
        wait_s = min(_FIRST_S * 2.0**delivery.tries, _LONGEST_S) * random.uniform(0.8, 1.2)  # noqa: S311
        values = {
            "tries": tries, "last": str(error)[:300], "state": "given-up" if over else "pending",
            "due_ns": time.time_ns() + int(wait_s * 1e9), "done_ns": time.time_ns() if over else 0,
        }  # fmt: skip
        await self._database.write(lambda c: records.tried(c, delivery.id, **values))

    async def _channel(self, name: str) -> Channel:
        query = select(channels).where(channels.c.name == name)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None:
            raise Unknown(f"there is no channel {name!r:.80} any more")
        return self._made(row.kind, json.loads(row.settings))

    def _made(self, kind: str, given: dict[str, Any]) -> Channel:
        if kind not in TABLE:
            raise Refused(f"{kind!r:.40} is no kind of channel; there are {', '.join(TABLE)}")
        make = load("channel", kind, TABLE)
        try:
            checked = make.settings.model_validate(given)
        except ValidationError as error:
            raise Refused(f"settings: {in_words(error)}") from None
        channel: Channel = make(checked, self._settings, self._outside)
        return channel

    # Rules

    async def rules(self) -> list[FleetRule]:
        """By name."""
        return await self._database.read(rules.listed)

    async def put_rule(self, rule: FleetRule, by: Principal, remote: str) -> FleetRule:
        """Add or replace one. Raises Refused."""

        def work(connection: Connection) -> FleetRule:
            kept = rules.put(connection, rule, by.actor)
            told = {"condition": rule.condition, "channels": list(rule.channels)}
            note(connection, by.actor, "rule.changed", f"rule {rule.name}", told, remote)
            return kept

        return await self._database.write(work)

    async def remove_rule(self, name: str, by: Principal, remote: str) -> None:
        """Raises Unknown."""

        def work(connection: Connection) -> None:
            rules.remove(connection, name)
            note(connection, by.actor, "rule.removed", f"rule {name}", remote=remote)

        await self._database.write(work)

    # Channels

    async def channels(self) -> list[ChannelView]:
        """By name, without secrets."""
        query = select(channels).order_by(channels.c.name)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [
            ChannelView(
                row.name, row.kind, _to(json.loads(row.settings)), row.changed_ns, row.changed_by
            )
            for row in rows
        ]

    async def put_channel(
        self, name: str, kind: str, given: dict[str, Any], by: Principal, remote: str
    ) -> None:
        """Add or replace one. Raises Refused."""
        if not 1 <= len(name) <= 64 or not name.isprintable():
            raise Refused("name: a channel has a name of 1 to 64 characters")
        self._made(kind, given)
        row = {
            "kind": kind, "settings": json.dumps(given), "changed_ns": time.time_ns(),
            "changed_by": by.actor,
        }  # fmt: skip

        def work(connection: Connection) -> None:
            here = channels.c.name == name
            if not connection.execute(update(channels).where(here).values(row)).rowcount:
                connection.execute(insert(channels).values(name=name, **row))
            told = {"kind": kind}
            note(connection, by.actor, "channel.changed", f"channel {name}", told, remote)

        await self._database.write(work)

    async def remove_channel(self, name: str, by: Principal, remote: str) -> None:
        """Raises Unknown."""

        def work(connection: Connection) -> None:
            here = channels.c.name == name
            if not connection.execute(delete(channels).where(here)).rowcount:
                raise Unknown(f"there is no channel {name!r:.80}")
            note(connection, by.actor, "channel.removed", f"channel {name}", remote=remote)

        await self._database.write(work)

    # Alerts

    async def newest(
        self, cameras: tuple[str, ...] | None, state: str, before: int, limit: int
    ) -> list[Alert]:
        """The newest first."""
        return await self._database.read(lambda c: records.listed(c, cameras, state, before, limit))

    async def show(self, number: int) -> Alert:
        """Raises Unknown."""
        return await self._database.read(lambda c: records.shown(c, number))

    async def deliveries(self, number: int) -> list[Delivery]:
        """Every try to tell somebody."""
        return await self._database.read(lambda c: records.deliveries_of(c, number))

    async def acknowledge(self, number: int, by: Principal, remote: str) -> Alert:
        """Somebody has seen it; it is not escalated any more. Raises Unknown."""

        def work(connection: Connection) -> Alert:
            alert = records.shown(connection, number)
            if not alert.acknowledged_ns:
                records.change(
                    connection, number, acknowledged_ns=time.time_ns(), acknowledged_by=by.actor
                )
                note(connection, by.actor, "alert.acknowledged", f"alert {number}", remote=remote)
            return records.shown(connection, number)

        return await self._database.write(work)


def _to(given: dict[str, Any]) -> str:
    """Where a channel leads, without what opens it."""
    if "to" in given:
        return ", ".join(given["to"])
    url = str(given.get("url", ""))
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('/')[0]}"
