"""The client: requests with a token, lists that turn their own pages, messages as messages."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from sightline.errors import ConfigError
from sightline.hub.client.errors import HubAway, HubRefused
from sightline.wire.messages import Event, FrameMetadata, Measure

T = TypeVar("T")

_PAGE = 500
_TIMEOUT_S = 30.0


class Client:
    """Speaks to one hub.

    url        http://127.0.0.1:8600 or https://…
    token      an API token (`sightline hub tokens api`)
    authority  the site's certificate authority (PEM file) of a hub with --tls self-signed
    Raises HubAway, HubRefused.
    """

    def __init__(self, url: str, token: str, authority: str | Path | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"{url!r} is no address of a hub; write http://127.0.0.1:8600")
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._trust: ssl.SSLContext | bool = True
        if authority is not None:
            try:
                self._trust = ssl.create_default_context(cafile=str(authority))
            except (OSError, ssl.SSLError) as error:
                raise ConfigError(f"{authority}: holds no certificates: {error}") from None
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1/", headers=self._headers, verify=self._trust,
            timeout=_TIMEOUT_S,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def request(self, method: str, path: str, **how: Any) -> Any:
        """One request under /api/v1; the answer's JSON. `how` goes to httpx."""
        try:
            answer = self._http.request(method, path, **how)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HubAway(f"no hub answers at {self.url}: {error}") from None
        if answer.is_error:
            raise HubRefused(answer.status_code, _problem(answer))
        return answer.json() if answer.content else None

    def items(self, path: str, limit: int | None = None, **query: Any) -> Iterator[Any]:
        """Everything in a list, page by page, at most `limit`."""
        wanted = {key: value for key, value in query.items() if value not in (None, "", [], ())}
        cursor, count = "", 0
        while True:
            size = _PAGE if limit is None else min(_PAGE, limit - count)
            page = self.request(
                "GET", path, params={**wanted, "limit": size, "cursor": cursor}
            )  # fmt: skip
            yield from page["items"]
            count += len(page["items"])
            cursor = page["next"]
            if cursor is None or (limit is not None and count >= limit):
                return

    def cameras(self, query: str = "") -> Iterator[dict[str, Any]]:
        """The cameras that a fleet query means."""
        return self.items("cameras", q=query)

    def camera(self, name: str) -> dict[str, Any]:
        """One camera."""
        return dict(self.request("GET", f"cameras/{quote(name, safe='')}"))

    def twin(self, name: str) -> dict[str, Any]:
        """Desired and reported state of a camera."""
        return dict(self.request("GET", f"cameras/{quote(name, safe='')}/twin"))

    def configure(self, name: str, patch: dict[str, Any]) -> dict[str, Any]:
        """Change a camera's configuration by a JSON merge patch (RFC 7396)."""
        return dict(self.request("PATCH", f"cameras/{quote(name, safe='')}/twin", json=patch))

    def revoke(self, name: str) -> dict[str, Any]:
        """Shut a camera out, at once."""
        return dict(self.request("DELETE", f"cameras/{quote(name, safe='')}"))

    def events(self, limit: int | None = None, **query: Any) -> Iterator[Event]:
        """Events in order of time. Keys: camera, kind, name, begin, end, newest."""
        for item in self.items("events", limit, **_moments({"newest": False} | query)):
            yield _message(item, Event)

    def measures(self, limit: int | None = None, **query: Any) -> Iterator[Measure]:
        """Measures in order of time. The same keys as `events`."""
        for item in self.items("measures", limit, **_moments({"newest": False} | query)):
            yield _message(item, Measure)

    def series(self, **query: Any) -> dict[str, Any]:
        """Sums by minute, hour or day. Keys: camera, subject, kind, name, part, resolution,
        begin, end."""
        wanted = {k: v for k, v in _moments(query).items() if v not in (None, "", [], ())}
        return dict(self.request("GET", "series", params=wanted))

    def frames(self, name: str, limit: int | None = None, **query: Any) -> Iterator[FrameMetadata]:
        """Frames of a camera: with `begin` in order of time, else the newest first."""
        path = f"cameras/{quote(name, safe='')}/frames"
        for item in self.items(path, limit, **_moments(query)):
            yield _message(item, FrameMetadata)

    def ledger(self, name: str) -> Iterator[bytes]:
        """The egress ledger of a camera, line by line as the camera signed it."""
        after = -1
        while True:
            try:
                answer = self._http.get(f"cameras/{name}/ledger.jsonl", params={"after": after})
            except httpx.HTTPError as error:
                raise HubAway(f"no hub answers at {self.url}: {error}") from None
            if answer.is_error:
                raise HubRefused(answer.status_code, _problem(answer))
            found = answer.content.splitlines()
            if not found:
                return
            yield from found
            after += len(found)

    def plans(self, site: str | None = None) -> Iterator[dict[str, Any]]:
        """Floor plans with the cameras on them, of one site or of all."""
        yield from self.request("GET", "plans", params={} if site is None else {"site": site})[
            "items"
        ]

    def plan(self, name: str) -> dict[str, Any]:
        """One floor plan."""
        return dict(self.request("GET", f"plans/{quote(name, safe='')}"))

    def put_plan(
        self, name: str, layout: dict[str, Any], drawing: str | Path | None = None
    ) -> dict[str, Any]:
        """Add or replace a floor plan, and lay a drawing (PNG or JPEG) under it if one is given."""
        path = f"plans/{quote(name, safe='')}"
        view = self.request("PUT", path, json=layout)
        if drawing is not None:
            try:
                body = Path(drawing).read_bytes()
            except OSError as error:
                raise ConfigError(f"{drawing}: cannot be read: {error.strerror}") from None
            view = self.request("PUT", f"{path}/drawing", content=body)
        return dict(view)

    def upload(self, package: str | Path) -> dict[str, Any]:
        """Give the hub a model package (.slm)."""
        path = Path(package)
        try:
            with path.open("rb") as file:
                return dict(self.request("POST", "models", content=file, timeout=300.0))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None

    async def live(self, *cameras: str, fps: float = 5.0) -> AsyncIterator[dict[str, Any]]:
        """Frames, events and comings of cameras as they happen (all of them without names)."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        names = quote(",".join(cameras))
        address = f"ws{self.url.removeprefix('http')}/api/v1/live?fps={fps:g}&cameras={names}"
        trust = self._trust if isinstance(self._trust, ssl.SSLContext) else None
        secure: dict[str, Any] = {"ssl": trust} if trust and address.startswith("wss") else {}
        try:
            async with connect(address, additional_headers=self._headers, **secure) as socket:
                async for text in socket:
                    yield msgspec.json.decode(text)
        except (OSError, WebSocketException) as error:
            raise HubAway(f"the live stream of {self.url} ended: {error}") from None


def _problem(answer: httpx.Response) -> dict[str, object]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _moments(query: dict[str, Any]) -> dict[str, Any]:
    """`begin` and `end` as the interface calls them: `from` is a word of Python's own."""
    named = {"begin": "from", "end": "to"}
    return {
        named.get(key, key): str(value).lower() if isinstance(value, bool) else value
        for key, value in query.items()
    }


def _message(item: dict[str, Any], kind: type[T]) -> T:
    return msgspec.convert(item, kind)
