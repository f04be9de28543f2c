"""The people of a hub. An administrator is always left."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from sightline.hub.auth.principal import RANK
from sightline.hub.auth.secrets import password_hash
from sightline.hub.refused import Denied, Refused, Taken, Unknown
from sightline.hub.registry import question
from sightline.hub.settings import Role
from sightline.hub.store.tables.people import sessions, users

if TYPE_CHECKING:
    from sightline.hub.auth.oidc import Identity

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


@dataclass(frozen=True, slots=True)
class User:
    """A person. `scope` is a fleet query of what they may see, empty for all cameras."""

    name: str
    role: Role
    scope: str
    created_ns: int
    disabled: bool
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class UserChange:
    """What may be changed of a person; None leaves it as it is."""

    role: Role | None = None
    scope: str | None = None
    password: str | None = None
    disabled: bool | None = None


def listed(connection: Connection) -> list[User]:
    """All of them by name."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]


def shown(connection: Connection, name: str) -> User:
    """One of them. Raises Unknown."""
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    if row is None:
        raise Unknown(f"there is no user {name!r:.80}")
    return _user(row)


def add(connection: Connection, name: str, role: str, password: str, scope: str = "") -> User:
    """A new person; without a password one who signs in elsewhere. Raises Refused, Taken."""
    if not _NAME.fullmatch(name):
        raise Refused(f"{name!r:.80} is no user name: letters, digits and . _ - @ + , at most 64")
    _check(role, scope)
    if connection.execute(select(users.c.name).where(users.c.name == name)).first():
        raise Taken(f"there is a user {name} already")
    row = {
        "name": name, "role": role, "scope": scope, "created_ns": time.time_ns(),
        "password": password_hash(password) if password else "", "disabled": False,
        "subject": "",
    }  # fmt: skip
    connection.execute(insert(users).values(row))
    return shown(connection, name)


def change(connection: Connection, name: str, wanted: UserChange) -> User:
    """Change a person; a new password, role or scope ends their sessions. Raises Unknown, Taken."""
    before = shown(connection, name)
    values: dict[str, object] = {}
    if wanted.role is not None or wanted.scope is not None:
        values["role"] = wanted.role or before.role
        values["scope"] = before.scope if wanted.scope is None else wanted.scope
        _check(str(values["role"]), str(values["scope"]))
    if wanted.password is not None:
        values["password"] = password_hash(wanted.password)
    if wanted.disabled is not None:
        values["disabled"] = wanted.disabled
    if values:
        connection.execute(update(users).where(users.c.name == name).values(values))
        connection.execute(delete(sessions).where(sessions.c.user == name))
    _one_admin_left(connection)
    return shown(connection, name)


def remove(connection: Connection, name: str) -> None:
    """Raises Unknown, and Taken for the last administrator."""
    shown(connection, name)
    connection.execute(delete(sessions).where(sessions.c.user == name))
    connection.execute(delete(users).where(users.c.name == name))
    _one_admin_left(connection)


def best(who: Identity, roles: Mapping[str, Role]) -> Role | None:
    """The highest role that somebody's groups give; None where they give none."""
    given = (roles[group] for group in who.groups if group in roles)
    return max(given, key=RANK.__getitem__, default=None)


def vouched_for(connection: Connection, subject: str, name: str, role: Role | None) -> User:
    """Who signed in elsewhere, with the role that his groups give him there, else that here.

    A name that is taken by somebody with a password, or by another subject, is not handed over.
    Raises Denied, Refused, Taken.
    """
    known = connection.execute(select(users).where(users.c.subject == subject)).one_or_none()
    if known is None:
        known = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        if known is not None and (known.password or known.subject):
            raise Taken(f"there is another user {name} already; an administrator has to rename one")
    if known is None:
        if role is None:
            raise Denied("you are known, but nobody gave you a role at this hub")
        known_name = add(connection, name, role, "").name
    elif known.disabled:
        raise Denied("you may not sign in at this hub any more")
    else:
        known_name = known.name
    values = {"subject": subject} | ({"role": role} if role else {})
    connection.execute(update(users).where(users.c.name == known_name).values(values))
    return shown(connection, known_name)


def any_there(connection: Connection) -> bool:
    """Whether the hub was set up."""
    return connection.execute(select(users.c.name).limit(1)).first() is not None


def _one_admin_left(connection: Connection) -> None:
    left = select(func.count()).where(users.c.role == "admin", users.c.disabled.is_(False))
    if not connection.execute(left).scalar():
        raise Taken("this is the last administrator; name another one first")


def _check(role: str, scope: str) -> None:
    if role not in RANK:
        raise Refused(f"{role!r:.40} is no role; choose one of {', '.join(RANK)}")
    question.parse(scope)


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(row.name, row.role, row.scope, row.created_ns, row.disabled, not row.password)
