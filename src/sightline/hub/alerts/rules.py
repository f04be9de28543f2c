"""Rules of the fleet: a condition, the cameras that it is about, and who is told."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sightline.analytics.rules.facts import Names
from sightline.analytics.rules.grammar import RuleError
from sightline.analytics.rules.rule import Rule
from sightline.hub.alerts import memory
from sightline.hub.refused import Refused, Unknown
from sightline.hub.registry import question
from sightline.hub.store.tables.alerts import channels as channel_table
from sightline.hub.store.tables.alerts import rules

# What `health` has in rules of a fleet; see docs/alerts.md.
HEALTH = frozenset(
    {"fps", "latency", "dropped", "reconnects", "stalls", "temperature", "memory", "disk_free",
     "outbox_parcels", "uptime", "holes", "activity"}
)  # fmt: skip
LEVELS = ("info", "warning", "critical")


@dataclass(frozen=True, slots=True)
class FleetRule:
    """A rule. See docs/rules.md for `condition`.

    target       fleet query of the cameras that it is about
    channels     who is told
    escalate_s   after so long without an acknowledgement `escalate_to` is told as well; 0 never
    """

    name: str
    condition: str
    target: str = ""
    level: str = "warning"
    cool_down_s: float = 300.0
    message: str = ""
    channels: tuple[str, ...] = ()
    escalate_s: float = 0.0
    escalate_to: tuple[str, ...] = ()
    enabled: bool = True
    changed_ns: int = 0
    changed_by: str = ""

    def built(self) -> Rule:
        """The rule at work, for one camera."""
        return Rule(self.condition, Names(health=HEALTH), self.cool_down_s)


def check(connection: Connection, rule: FleetRule) -> None:
    """Raises Refused for a rule that cannot be meant."""
    if not 1 <= len(rule.name) <= 64 or not rule.name.isprintable():
        raise Refused("name: a rule has a name of 1 to 64 characters")
    try:
        rule.built()
    except RuleError as error:
        raise Refused(f"condition: {error}") from None
    question.parse(rule.target)
    if rule.level not in LEVELS:
        raise Refused(f"level: is one of {', '.join(LEVELS)}")
    if not 0 <= rule.cool_down_s <= 31 * 86400 or not 0 <= rule.escalate_s <= 31 * 86400:
        raise Refused("cool_down_s, escalate_s: 0 to 31 days, in seconds")
    known = {row.name for row in connection.execute(select(channel_table.c.name))}
    for name in (*rule.channels, *rule.escalate_to):
        if name not in known:
            told = ", ".join(sorted(known)) or "none yet"
            raise Refused(f"channels: there is no channel {name!r:.80}; there are {told}")


def listed(connection: Connection) -> list[FleetRule]:
    """All of them by name."""
    return [_rule(row) for row in connection.execute(select(rules).order_by(rules.c.name))]


def shown(connection: Connection, name: str) -> FleetRule:
    """One of them. Raises Unknown."""
    row = connection.execute(select(rules).where(rules.c.name == name)).one_or_none()
    if row is None:
        raise Unknown(f"there is no rule {name!r:.80}")
    return _rule(row)


def put(connection: Connection, rule: FleetRule, by: str) -> FleetRule:
    """Add a rule, or replace the one of that name. Raises Refused.

    With another condition it is another rule: what the old one had raised is over.
    """
    check(connection, rule)
    here = rules.c.name == rule.name
    before = connection.execute(select(rules.c.condition).where(here)).scalar_one_or_none()
    if before is not None and before != rule.condition:
        _forget(connection, rule.name)
    row = {
        "condition": rule.condition, "target": rule.target, "level": rule.level,
        "cool_down_s": rule.cool_down_s, "message": rule.message[:500],
        "channels": json.dumps(list(rule.channels)), "escalate_s": rule.escalate_s,
        "escalate_to": json.dumps(list(rule.escalate_to)), "enabled": rule.enabled,
        "changed_ns": time.time_ns(), "changed_by": by,
    }  # fmt: skip
    if not connection.execute(update(rules).where(here).values(row)).rowcount:
        connection.execute(insert(rules).values(name=rule.name, **row))
    return shown(connection, rule.name)


def remove(connection: Connection, name: str) -> None:
    """What it had raised is over. Raises Unknown."""
    shown(connection, name)
    _forget(connection, name)
    connection.execute(delete(rules).where(rules.c.name == name))


def _forget(connection: Connection, name: str) -> None:
    for camera in memory.cameras_of(connection, name):
        memory.forget(connection, name, camera, time.time_ns())


def _rule(row: Row[Any]) -> FleetRule:
    return FleetRule(
        row.name, row.condition, row.target, row.level, row.cool_down_s, row.message,
        tuple(json.loads(row.channels)), row.escalate_s, tuple(json.loads(row.escalate_to)),
        row.enabled, row.changed_ns, row.changed_by,
    )  # fmt: skip
