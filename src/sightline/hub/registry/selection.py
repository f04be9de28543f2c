"""Fleet queries as SQL: conditions on the table of cameras, made of parameters only."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from sightline.hub.registry import question as q
from sightline.hub.store.tables.registry import cameras, properties

_COLUMNS = {"name": cameras.c.name, "model": cameras.c.model, "version": cameras.c.version}


def condition(text: str) -> ColumnElement[bool]:
    """The cameras that a query means, as a condition. Raises Refused."""
    question = q.parse(text)
    here = cameras.c.revoked_ns.is_(None)
    meant = _compiled(question)
    return meant if q.asks_for_state(question) else and_(here, meant)


def state() -> ColumnElement[str]:
    """What `state` is of each camera."""
    return case(
        (cameras.c.revoked_ns.is_not(None), "revoked"),
        (not_(cameras.c.connected), "offline"),
        (cameras.c.condition.in_(("degraded", "failed")), cameras.c.condition),
        else_=literal("online", String),
    )


def _compiled(question: q.Question) -> ColumnElement[bool]:
    match question:
        case q.Every():
            return true()
        case q.Not(part):
            return not_(_compiled(part))
        case q.All(parts):
            return and_(*map(_compiled, parts))
        case q.Any(parts):
            return or_(*map(_compiled, parts))
        case q.Term("state", value):
            return _in_state(value)
        case q.Term(key) if key in _COLUMNS:
            return _matches(_COLUMNS[key], question)
        case q.Term(key):
            kind, _, name = key.partition(".")
            held = (
                select(properties.c.camera)
                .where(
                    properties.c.camera == cameras.c.name,
                    properties.c.kind == kind,
                    properties.c.key == name,
                    _matches(properties.c.value, question),
                )
                .correlate(cameras)
            )
            return held.exists()
    return false()


def _in_state(value: str) -> ColumnElement[bool]:
    here = cameras.c.revoked_ns.is_(None)
    match value:
        case "revoked":
            return not_(here)
        case "online":
            return and_(here, cameras.c.connected)
        case "offline":
            return and_(here, not_(cameras.c.connected))
    return and_(here, cameras.c.connected, cameras.c.condition == value)


def _matches(column: ColumnElement[str], term: q.Term) -> ColumnElement[bool]:
    if not term.pattern:
        return column == term.value
    like = term.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = like.replace("*", "%").replace("?", "_")
    return func.lower(column).like(func.lower(like), escape="\\")
