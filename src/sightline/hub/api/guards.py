"""What every request passes first: a number, a known host, a bounded body, safe headers."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from sightline.hub.api.problem import MEDIA_TYPE

_log = logging.getLogger("sightline.hub.access")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY = 1 << 20  # bytes, where a route does not take files
FILES = re.compile(  # routes that bound their own bodies while they stream
    r"/api/v1/(models|cameras/[^/]+/pictures/[^/]+|plans/[^/]+/drawing)"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# Whatever a browser takes an answer for, it runs nothing and loads nothing.
_INERT = "default-src 'none'; frame-ancestors 'none'; sandbox"


class _TooLarge(HTTPException):
    """Of a kind that whoever reads a body passes on as it is."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body is larger than {limit >> 10} KiB")


class Guards:
    """ASGI middleware.

    hosts  names under which the hub may be called; others are refused, because a page of
           somebody else can make any name lead here (DNS rebinding)
    """

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        scope.setdefault("state", {})["id"] = number
        headers = Headers(scope=scope)
        if not self._known(headers.get("host", "")):
            await self._refuse(scope, receive, send, 421, "this hub is not called by that name")
            return
        if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
            await self._refuse(scope, receive, send, 422, "no address of this hub holds a NUL")
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        await self._http(scope, receive, send, headers, number)

    async def _http(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, number: str
    ) -> None:
        begun = False
        began_s = time.perf_counter()
        status = 0
        limit = 0 if FILES.fullmatch(scope["path"]) else BODY

        async def answered(message: Message) -> None:
            nonlocal begun, status
            if message["type"] == "http.response.start":
                begun, status = True, message["status"]
                sent = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    sent.setdefault(name, value)
                sent["X-Request-Id"] = number
                if scope["path"].startswith("/api/"):
                    sent.setdefault("Cache-Control", "no-store")
                    sent.setdefault("Content-Security-Policy", _INERT)
            await send(message)

        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if limit and taken > limit:
                raise _TooLarge(limit)
            return message

        length = headers.get("content-length", "0")
        try:
            if limit and length.isdigit() and int(length) > limit:
                raise _TooLarge(limit)
            await self._app(scope, bounded, answered)
        except _TooLarge as error:
            if not begun:
                await self._refuse(scope, receive, answered, 413, error.detail)
        told = {
            "request": number, "method": scope["method"], "path": scope["path"], "status": status,
            "ms": round((time.perf_counter() - began_s) * 1000, 1),
            "remote": (scope.get("client") or ("",))[0],
        }  # fmt: skip
        _log.info("%(method)s %(path)s: %(status)s", told, extra=told)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, status: int, detail: str
    ) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        title = HTTPStatus(status).phrase
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        await JSONResponse(body, status, media_type=MEDIA_TYPE)(scope, receive, send)

    def _known(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name.strip("[]").lower() in self._hosts
