"""The look at the fleet, a few times a minute: which rules are so, for which cameras.

One look is one transaction: events since the last one, rules, alerts, deliveries and what the
rules remember are written together, so that a hub that dies in between repeats nothing and
misses nothing.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from sightline.analytics.rules.rule import Rule
from sightline.hub.alerts import records, rules
from sightline.hub.alerts.facts import facts_of, with_activity
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.registry.cameras import select_names
from sightline.hub.store.events import events_since
from sightline.hub.store.tables.alerts import watch_state
from sightline.wire.messages import Event

_EVENTS = 5000
_CURSOR = "events"
_OWN = ("alert.raised", "alert.cleared")  # what cameras say of their own rules


class Watch:
    """Rules at work by rule and camera; what they remember is stored when it changes."""

    def __init__(self) -> None:
        self._working: dict[tuple[str, str], tuple[str, Rule, str]] = {}

    def look(self, connection: Connection, now_ns: int) -> int:
        """One look; how many events there were, so that more of them are read at once."""
        cursor = int(_kept(connection, _CURSOR) or 0)
        found = events_since(connection, cursor, _EVENTS)
        events = [item.event for item in found]
        if found:
            _keep(connection, _CURSOR, str(found[-1].at.id))
        every = rules.listed(connection)
        self._of_cameras(connection, events, every, now_ns)
        for rule in every:
            if rule.enabled:
                self._of_fleet(connection, rule, events, now_ns)
        _escalate(connection, {rule.name: rule for rule in every}, now_ns)
        return len(found)

    def _of_fleet(
        self, connection: Connection, rule: FleetRule, events: list[Event], now_ns: int
    ) -> None:
        names = select_names(connection, rule.target)
        asks_activity = "activity" in rule.condition
        for camera, facts in facts_of(connection, names, events, now_ns).items():
            if asks_activity:
                facts = with_activity(connection, facts, camera, now_ns)
            working, stored = self._rule(connection, rule, camera)
            change = working.update(facts)
            state = json.dumps(working.state())
            if state != stored:
                _keep(connection, _key(rule.name, camera), state)
                self._working[rule.name, camera] = (rule.condition, working, state)
            if change is None:
                continue
            if change.what == "raised":
                message = rule.message or rule.condition
                number = records.raised(
                    connection, rule.name, camera, rule.level, message, now_ns
                )  # fmt: skip
            else:
                number = records.cleared(connection, rule.name, camera, now_ns)
            if number is not None:
                records.order(connection, number, rule.channels, change.what, now_ns)

    def _rule(self, connection: Connection, rule: FleetRule, camera: str) -> tuple[Rule, str]:
        held = self._working.get((rule.name, camera))
        if held is not None and held[0] == rule.condition:
            return held[1], held[2]
        working = rule.built()
        stored = _kept(connection, _key(rule.name, camera)) or ""
        if stored:
            working.restore(json.loads(stored))
        self._working[rule.name, camera] = (rule.condition, working, stored)
        return working, stored

    def _of_cameras(
        self, connection: Connection, events: list[Event], every: list[FleetRule], now_ns: int
    ) -> None:
        """What cameras raise themselves; whoever hears of all warnings hears of these."""
        told = sorted({name for rule in every if rule.enabled for name in rule.channels})
        for event in events:
            if event.kind not in _OWN:
                continue
            if event.kind == _OWN[0]:
                level = str(event.data.get("level", "warning"))
                message = str(event.data.get("message", ""))
                number = records.raised(
                    connection, event.name, event.camera, level, message, event.time_ns
                )  # fmt: skip
            else:
                number = records.cleared(connection, event.name, event.camera, event.time_ns)
            if number is not None:
                what = event.kind.removeprefix("alert.")
                records.order(connection, number, told, what, now_ns)


def _escalate(connection: Connection, every: dict[str, FleetRule], now_ns: int) -> None:
    for alert in records.waiting_for_somebody(connection):
        rule = every.get(alert.rule)
        if rule is None or not rule.escalate_s:
            continue
        if now_ns - alert.raised_ns >= rule.escalate_s * 1e9:
            records.change(connection, alert.id, escalated_ns=now_ns)
            records.order(connection, alert.id, rule.escalate_to, "escalated", now_ns)


def _key(rule: str, camera: str) -> str:
    return f"rule {rule} {camera}"


def _kept(connection: Connection, key: str) -> str | None:
    found: Any = connection.execute(
        select(watch_state.c.body).where(watch_state.c.key == key)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def _keep(connection: Connection, key: str, body: str) -> None:
    connection.execute(delete(watch_state).where(watch_state.c.key == key))
    connection.execute(insert(watch_state).values(key=key, body=body))
