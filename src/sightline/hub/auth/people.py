"""People and programs as the rest of the hub sees them: verbs that may be awaited."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from sightline.hub.auth import api_tokens, sessions, setup, users
from sightline.hub.auth.audit import AuditEntry, entries, note
from sightline.hub.auth.limiter import Limiter, neighbourhood
from sightline.hub.auth.principal import Principal
from sightline.hub.auth.secrets import password_fits
from sightline.hub.refused import Refused
from sightline.hub.settings import Role
from sightline.hub.store.database import Database
from sightline.hub.store.tables.people import users as table

if TYPE_CHECKING:
    from sightline.hub.auth.oidc import Identity

_AT_ONCE = 2  # argon2 takes 64 MB a password


class TooOften(Refused):
    """Passwords were tried too often; `wait_s` says how long to wait."""

    status = 429

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"too many tries; the next one counts in {wait_s:.0f} s")
        self.wait_s = wait_s


class NotKnown(Refused):
    """Name and password do not go together, or the session has ended."""

    status = 401


class People:
    """Users, sessions and API tokens of one hub; every change is in the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._limiter = Limiter()
        self._hashing = asyncio.Semaphore(_AT_ONCE)

    async def setup_link(self) -> str | None:
        """The secret of the one-time link; None once the hub was set up."""
        return await self._database.write(setup.link_token)

    async def set_up(self, secret: str, name: str, password: str, remote: str) -> users.User:
        """Make the first administrator. Raises Denied, Taken, Refused."""

        def work(connection: Connection) -> users.User:
            made = setup.first_admin(connection, secret, name, password)
            note(connection, f"user {name}", "hub.set-up", f"user {name}", remote=remote)
            return made

        async with self._hashing:
            return await self._database.write(work)

    async def sign_in(self, name: str, password: str, remote: str) -> str:
        """The secret of a new session. Raises NotKnown, TooOften."""
        keys = (f"name {name}", f"from {neighbourhood(remote)}")
        self._may_try(keys)
        kept = await self._database.read(lambda connection: _password(connection, name))
        async with self._hashing:
            self._may_try(keys)  # others may have failed while this one waited
            fits = await asyncio.to_thread(password_fits, kept, password)
            if not fits:
                self._limiter.failed(keys, time.monotonic())
        if not fits:
            await self._noted("anonymous", "session.refused", f"user {name}", remote)
            raise NotKnown("name and password do not go together")
        self._limiter.passed(keys)

        def work(connection: Connection) -> str:
            note(connection, f"user {name}", "session.begun", f"user {name}", remote=remote)
            return sessions.begin(connection, name, remote)

        return await self._database.write(work)

    async def sign_in_elsewhere(self, who: Identity, roles: Mapping[str, Role], remote: str) -> str:
        """The secret of a new session of somebody that a provider vouches for. Raises Denied."""

        def work(connection: Connection) -> str:
            user = users.vouched_for(connection, who.subject, who.name, users.best(who, roles))
            actor, told = f"user {user.name}", {"elsewhere": True, "role": user.role}
            note(connection, actor, "session.begun", actor, told, remote)
            return sessions.begin(connection, user.name, remote)

        return await self._database.write(work)

    async def sign_out(self, secret: str) -> None:
        """End a session."""
        await self._database.write(lambda connection: sessions.end(connection, secret))

    async def of_session(self, secret: str) -> Principal | None:
        """Who holds this session."""
        now = time.time_ns()
        found = await self._database.read(lambda c: sessions.whose(c, secret, now))
        if found and found[1]:
            await self._database.write(lambda c: sessions.seen(c, secret, now))
        return found[0] if found else None

    async def of_token(self, secret: str) -> Principal | None:
        """Whom an API token speaks for."""
        now = time.time_ns()
        found = await self._database.read(lambda c: api_tokens.whose(c, secret, now))
        if found and found[1]:
            await self._database.write(lambda c: api_tokens.used(c, secret, now))
        return found[0] if found else None

    async def everybody(self) -> list[users.User]:
        """Everybody by name."""
        return await self._database.read(users.listed)

    async def add_user(
        self, by: Principal, remote: str, name: str, role: str, password: str, scope: str = ""
    ) -> users.User:
        """Raises Refused, Taken."""

        def work(connection: Connection) -> users.User:
            made = users.add(connection, name, role, password, scope)
            told = {"role": role, "scope": scope}
            note(connection, by.actor, "user.added", f"user {name}", told, remote)
            return made

        return await self._database.write(work)

    async def change_user(
        self, by: Principal, remote: str, name: str, wanted: users.UserChange
    ) -> users.User:
        """Raises Unknown, Refused, Taken."""

        def work(connection: Connection) -> users.User:
            changed = users.change(connection, name, wanted)
            told: dict[str, Any] = {k: v for k, v in asdict(wanted).items() if v is not None}
            if "password" in told:
                told |= {"password": "changed"}
            note(connection, by.actor, "user.changed", f"user {name}", told, remote)
            return changed

        return await self._database.write(work)

    async def remove_user(self, by: Principal, remote: str, name: str) -> None:
        """Raises Unknown, Taken."""

        def work(connection: Connection) -> None:
            users.remove(connection, name)
            note(connection, by.actor, "user.removed", f"user {name}", remote=remote)

        await self._database.write(work)

    async def tokens(self) -> list[api_tokens.ApiToken]:
        """All API tokens, the newest first."""
        return await self._database.read(api_tokens.listed)

    async def give_out(
        self,
        by: Principal,
        remote: str,
        *,
        role: str,
        name: str = "",
        scope: str = "",
        expires_s: float | None = None,
    ) -> tuple[str, int]:
        """A new API token and its number. Raises Refused."""

        def work(connection: Connection) -> tuple[str, int]:
            secret, number = api_tokens.give_out(
                connection, by=by.actor, role=role, name=name, scope=scope, expires_s=expires_s
            )
            told = {"role": role, "scope": scope, "name": name}
            note(connection, by.actor, "token.given", f"token {number}", told, remote)
            return secret, number

        return await self._database.write(work)

    async def withdraw_token(self, by: Principal, remote: str, number: int) -> None:
        """Raises Unknown."""

        def work(connection: Connection) -> None:
            api_tokens.withdraw(connection, number)
            note(connection, by.actor, "token.withdrawn", f"token {number}", remote=remote)

        await self._database.write(work)

    async def audit(self, before: int | None, limit: int) -> list[AuditEntry]:
        """The audit log, the newest first."""
        return await self._database.read(lambda c: entries(c, before, limit))

    def _may_try(self, keys: tuple[str, ...]) -> None:
        wait_s = self._limiter.wait_s(keys, time.monotonic())
        if wait_s > 0:
            raise TooOften(wait_s)

    async def _noted(self, actor: str, action: str, subject: str, remote: str) -> None:
        await self._database.write(
            lambda connection: note(connection, actor, action, subject, remote=remote)
        )


def _password(connection: Connection, name: str) -> str:
    wanted = select(table.c.password).where(table.c.name == name, table.c.disabled.is_(False))
    return str(connection.execute(wanted).scalar() or "")
