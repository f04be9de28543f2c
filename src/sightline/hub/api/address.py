"""Under which address the hub is reached, and whether a page that asks is its own.

Where a reverse proxy stands before the hub, the address in the browser is not the one that the
hub listens on; `url` of its settings says it then.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from sightline.hub.refused import Denied
from sightline.hub.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_OURS = ("same-origin", "none")  # "none": a person did it, and no page


def address(connection: HTTPConnection, settings: Settings) -> str:
    """Where people and programs reach this hub; without settings, where this one did."""
    return settings.url or str(connection.base_url).rstrip("/")


def is_encrypted(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether what is sent to the browser travels by TLS all the way there."""
    known = settings.tls.on or settings.url.startswith("https:")
    return known or connection.url.scheme in ("https", "wss")


def is_passed_on(connection: HTTPConnection) -> bool:
    """Whether a proxy says that somebody else asks through it."""
    return any(name in connection.headers for name in _PASSED_ON)


def came_by_url(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether this came by the address in the settings, and not to where the hub listens."""
    if not settings.url:
        return False
    return is_passed_on(connection) or connection.url.hostname == urlsplit(settings.url).hostname


def refuse_foreign(connection: HTTPConnection, settings: Settings) -> None:
    """Raise Denied where a page of another site makes a change, or listens on a WebSocket.

    Browsers say which page asks, and no page can keep them from it. Programs say nothing, and
    with a bearer token they need not be asked.
    """
    listens = connection.scope["type"] == "websocket"
    if not listens and connection.scope["method"] in SAFE:
        return
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if site in _OURS or (site is None and origin is None):
        return
    if site is None and origin is not None and _is_own(origin, connection, settings):
        return
    raise Denied(
        f"a page of {origin or 'another site'!r:.120} may change nothing here; if that is the "
        f"hub's own address behind a reverse proxy, give it as `url` in hub.yaml"
    )


def _is_own(origin: str, connection: HTTPConnection, settings: Settings) -> bool:
    host = connection.headers.get("host", "").lower()
    return origin == settings.url or origin.lower().partition("://")[2] == host != ""
