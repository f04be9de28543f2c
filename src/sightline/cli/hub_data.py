"""What is done on a hub's data folder, whether the hub runs or not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sightline.errors import ConfigError, InputError
from sightline.hub.auth.people import People
from sightline.hub.auth.principal import Principal
from sightline.hub.auth.users import User, UserChange
from sightline.hub.backup import backup
from sightline.hub.gateway.broker_config import write_mosquitto
from sightline.hub.registry.authority import Authority
from sightline.hub.registry.enrolment import withdrawn_serials
from sightline.hub.registry.registry import Registry
from sightline.hub.settings import Settings
from sightline.hub.store.database import Database

T = TypeVar("T")

_KEYBOARD = Principal("user", "at the hub's keyboard", "admin")


def give_enrolment_token(
    data: Path, tags: dict[str, str], uses: int, expires_s: float, camera: str
) -> str:
    """A new enrolment token. Raises InputError, Refused."""

    async def work(database: Database) -> str:
        authority = Authority.open(data / "authority")
        registry = Registry(database, authority, tls=(data / "tls" / "hub.pem").exists())
        token, _ = await registry.give_out(
            _KEYBOARD.name, tags=tags, uses=uses, expires_s=expires_s, camera=camera
        )
        return token

    return _on(data, work)


def give_api_token(data: Path, role: str, name: str, scope: str, expires_s: float | None) -> str:
    """A new API token. Raises InputError, Refused."""

    async def work(database: Database) -> str:
        secret, _ = await People(database).give_out(
            _KEYBOARD, "", role=role, name=name, scope=scope, expires_s=expires_s
        )
        return secret

    return _on(data, work)


def write_broker_config(data: Path, kind: str, out: Path, hosts: list[str], port: int) -> None:
    """Configuration of a broker. Raises ConfigError, InputError, OutputError."""
    if kind != "mosquitto":
        raise ConfigError(f"broker-config {kind}: the one broker that is known is mosquitto")

    async def work(database: Database) -> None:
        serials = await database.read(withdrawn_serials)
        write_mosquitto(out, Authority.open(data / "authority"), serials, hosts, port)

    _on(data, work)


def back_up(data: Path, out: Path) -> int:
    """Write a backup; its size. Raises ConfigError, InputError, OutputError."""
    return backup(data, _url(data), out)


def people_of(data: Path) -> list[User]:
    """Everybody."""
    return _on(data, lambda database: People(database).everybody())


def add_user(data: Path, name: str, role: str, password: str, scope: str) -> None:
    """Raises Refused, Taken."""
    _on(
        data,
        lambda database: People(database).add_user(_KEYBOARD, "", name, role, password, scope),
    )


def set_password(data: Path, name: str, password: str) -> None:
    """Raises Unknown, Refused."""
    change = UserChange(password=password)
    _on(data, lambda database: People(database).change_user(_KEYBOARD, "", name, change))


def remove_user(data: Path, name: str) -> None:
    """Raises Unknown, Taken."""
    _on(data, lambda database: People(database).remove_user(_KEYBOARD, "", name))


def _on(data: Path, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database of a hub that was started at least once."""
    if not data.is_dir():
        raise InputError(
            f"{data}: holds no hub yet; start it once with: sightline hub --data {data}"
        )

    async def main() -> T:
        async with Database(_url(data)) as database:
            return await work(database)

    return asyncio.run(main())


def _url(data: Path) -> str:
    kept = data / "database"
    return kept.read_text().strip() if kept.exists() else Settings(data=data).database_url
