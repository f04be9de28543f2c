"""The look at the fleet, a few times a minute: which rules are so, for which cameras.

One look is one transaction: events since the last one, rules, alerts, deliveries and what the
rules remember are written together, so that a hub that dies in between repeats nothing and
misses nothing.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection

from sightline.analytics.rules.facts import Facts
from sightline.analytics.rules.rule import Rule
from sightline.hub.alerts import memory, records, rules
from sightline.hub.alerts.facts import facts_of, with_activity
from sightline.hub.alerts.rules import LEVELS, FleetRule
from sightline.hub.registry.cameras import select_names
from sightline.hub.store.events import events_since
from sightline.wire.messages import Event

EVENTS = 5000  # at a time
_LONG_AGO_NS = 86400 * 10**9  # what a camera says that late is history, and alarms nobody
_CURSOR = "events"
_OWN = ("alert.raised", "alert.cleared")  # what cameras say of their own rules


class Watch:
    """Rules at work by rule and camera; what they remember is stored when it changes.

    begun_ns  since when this hub listens: nobody was silent before
    """

    def __init__(self) -> None:
        self.begun_ns = 0
        self._working: dict[tuple[str, str], tuple[int, Rule, str]] = {}

    def look(self, connection: Connection, now_ns: int) -> int:
        """One look; how many events there were, so that more of them are read at once."""
        cursor = int(memory.kept(connection, _CURSOR) or 0)
        found = events_since(connection, cursor, EVENTS)
        events = [item.event for item in found]
        recent = [event for event in events if event.time_ns > now_ns - _LONG_AGO_NS]
        if found:
            memory.keep(connection, _CURSOR, str(found[-1].at.id))
        every = {rule.name: rule for rule in rules.listed(connection)}
        reached = {
            name: select_names(connection, rule.target)
            for name, rule in every.items()
            if rule.enabled
        }
        _of_cameras(connection, events, every, reached, now_ns)
        # What is known of a camera is the same for all rules, so it is asked for once.
        asked = sorted({camera for cameras in reached.values() for camera in cameras})
        known = facts_of(connection, asked, recent, now_ns, self.begun_ns)
        for name, cameras in reached.items():
            facts = {camera: known[camera] for camera in cameras}
            self._of_fleet(connection, every[name], facts, now_ns)
        _end_what_nobody_looks_at(connection, every, reached, now_ns)
        _escalate(connection, every, now_ns)
        return len(found)

    def _of_fleet(
        self, connection: Connection, rule: FleetRule, known: dict[str, Facts], now_ns: int
    ) -> None:
        asks_activity = "activity" in rule.condition
        for camera, facts in known.items():
            if asks_activity:
                facts = with_activity(connection, facts, camera, now_ns)
            working, stored = self._rule(connection, rule, camera)
            change = working.update(facts)
            state = json.dumps(working.state())
            if state != stored:
                memory.keep(connection, memory.key(rule.name, camera), state)
                self._working[rule.name, camera] = (rule.changed_ns, working, state)
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
        if held is not None and held[0] == rule.changed_ns:
            return held[1], held[2]
        working = rule.built()
        stored = memory.kept(connection, memory.key(rule.name, camera)) or ""
        if stored:
            working.restore(json.loads(stored))
        self._working[rule.name, camera] = (rule.changed_ns, working, stored)
        return working, stored


def _of_cameras(
    connection: Connection,
    events: list[Event],
    every: dict[str, FleetRule],
    reached: dict[str, list[str]],
    now_ns: int,
) -> None:
    """What cameras raise themselves; whom a rule tells of a camera, they tell of these as well."""
    told: dict[str, set[str]] = {}
    for name, cameras in reached.items():
        for camera in cameras:
            told.setdefault(camera, set()).update(every[name].channels)
    for event in events:
        if event.kind not in _OWN:
            continue
        at_ns = min(event.time_ns, now_ns)  # whatever the camera's clock says
        if event.kind == _OWN[0]:
            number = records.raised(
                connection, event.name, event.camera, _level(event), _message(event), at_ns
            )  # fmt: skip
        else:
            number = records.cleared(connection, event.name, event.camera, at_ns)
        if number is not None and event.time_ns > now_ns - _LONG_AGO_NS:
            what = event.kind.removeprefix("alert.")
            records.order(connection, number, sorted(told.get(event.camera, ())), what, now_ns)


def _level(event: Event) -> str:
    """What the camera says; a warning where it says what is no level."""
    said = event.data.get("level")
    return said if isinstance(said, str) and said in LEVELS else "warning"


def _message(event: Event) -> str:
    """One line that every store and every channel can take."""
    said = str(event.data.get("message", ""))[:500]
    return "".join(letter if letter.isprintable() else " " for letter in said)


def _end_what_nobody_looks_at(
    connection: Connection,
    every: dict[str, FleetRule],
    reached: dict[str, list[str]],
    now_ns: int,
) -> None:
    """An alert is over whose camera is gone, or whose rule is switched off or not about it now."""
    there = set(select_names(connection, ""))
    for alert in records.all_open(connection):
        if alert.camera not in there:
            records.change(connection, alert.id, cleared_ns=now_ns)
            continue
        left = alert.rule in every and alert.camera not in reached.get(alert.rule, ())
        # A camera's own rule may have the same name; of that nothing is remembered here.
        if left and memory.kept(connection, memory.key(alert.rule, alert.camera)) is not None:
            memory.forget(connection, alert.rule, alert.camera, now_ns)


def _escalate(connection: Connection, every: dict[str, FleetRule], now_ns: int) -> None:
    for alert in records.all_open(connection):
        rule = every.get(alert.rule)
        if alert.acknowledged_ns or alert.escalated_ns or rule is None or not rule.escalate_s:
            continue
        if now_ns - alert.raised_ns >= rule.escalate_s * 1e9:
            records.change(connection, alert.id, escalated_ns=now_ns)
            records.order(connection, alert.id, rule.escalate_to, "escalated", now_ns)
