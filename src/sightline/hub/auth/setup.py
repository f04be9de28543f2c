"""The first start: one link, good once, makes its holder the administrator."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, insert, select

from sightline.hub.auth import users
from sightline.hub.auth.secrets import drawn, hashed
from sightline.hub.refused import Denied, Taken
from sightline.hub.store.tables.people import setup_links


def link_token(connection: Connection) -> str | None:
    """A new secret for the link, the one before is void; None once somebody is there."""
    if users.any_there(connection):
        return None
    secret, kept = drawn("slu")
    connection.execute(delete(setup_links))
    connection.execute(insert(setup_links).values(hash=kept, created_ns=time.time_ns()))
    return secret


def first_admin(connection: Connection, secret: str, name: str, password: str) -> users.User:
    """Use the link. Raises Denied, Taken, Refused."""
    if users.any_there(connection):
        raise Taken("this hub was set up already; sign in instead")
    wanted = select(setup_links.c.hash).where(setup_links.c.hash == hashed(secret))
    if connection.execute(wanted).first() is None:
        raise Denied("this is not the link that the hub printed last; look at its output again")
    connection.execute(delete(setup_links))
    return users.add(connection, name, "admin", password)
