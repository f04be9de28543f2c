"""The registry as the rest of the hub sees it: verbs that may be awaited."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

from sightline.hub.gateway.base import Credentials
from sightline.hub.registry import admission, cameras, tokens
from sightline.hub.registry.authority import Authority
from sightline.hub.registry.cameras import CameraChange, CameraView, FleetView
from sightline.hub.registry.enrolment import Admission, enrol
from sightline.hub.registry.tokens import Grant
from sightline.hub.store.database import Database
from sightline.wire.control import Enrolment

Cut = Callable[[str], Awaitable[None]]


class Registry:
    """Cameras and enrolment tokens of one hub.

    tls  whether cameras reach the hub by TLS with a certificate of this authority; then
         tokens carry its fingerprint
    cut  closes a camera's connections at once; the gateway's
    """

    def __init__(self, database: Database, authority: Authority, *, tls: bool = False) -> None:
        self._database = database
        self.authority = authority
        self._tls = tls
        self.cut: list[Cut] = []

    async def give_out(
        self,
        by: str,
        *,
        tags: Mapping[str, str] | None = None,
        uses: int = 1,
        expires_s: float = 3600.0,
        camera: str = "",
    ) -> tuple[str, int]:
        """A new enrolment token and its number; the token is shown this once."""
        return await self._database.write(
            lambda connection: tokens.give_out(
                connection, now_ns=time.time_ns(), by=by, tags=tags, uses=uses,
                expires_s=expires_s, camera=camera,
                fingerprint=self.authority.fingerprint if self._tls else "",
            )
        )  # fmt: skip

    async def tokens(self) -> list[Grant]:
        """Every token that was given out, without what opens anything."""
        return await self._database.read(tokens.listed)

    async def withdraw_token(self, number: int) -> None:
        """Make a token worthless. Raises Unknown."""
        await self._database.write(lambda connection: tokens.withdraw(connection, number))

    async def enrol(self, asked: Enrolment) -> Admission:
        """Let a camera in. Raises Denied, Taken, Refused."""
        return await self._database.write(
            lambda connection: enrol(connection, asked, self.authority, time.time_ns())
        )

    async def admit(self, shown: Credentials) -> bool:
        """Whether this is the camera that it claims to be, and not revoked."""
        return await self._database.read(
            lambda connection: admission.admitted(connection, shown, self.authority)
        )

    async def known(self, name: str) -> bool:
        """Whether there is such a camera, and it is not revoked."""
        return await self._database.read(lambda connection: admission.known(connection, name))

    async def bearer(self, token: str) -> str | None:
        """The camera that a bearer token speaks for."""
        return await self._database.read(lambda connection: admission.bearer(connection, token))

    async def list(self, query: str = "", *, after: str = "", limit: int = 100) -> list[CameraView]:
        """Cameras that a query means, by name. Raises Refused."""
        return await self._database.read(
            lambda connection: cameras.listed(connection, query, after, limit)
        )

    async def fleet(self, query: str = "") -> FleetView:
        """The cameras that a query means, in numbers. Raises Refused."""
        return await self._database.read(lambda connection: cameras.fleet(connection, query))

    async def names(self, query: str = "") -> tuple[str, ...]:
        """The names of all cameras that a query means. Raises Refused."""
        return tuple(
            await self._database.read(lambda connection: cameras.select_names(connection, query))
        )

    async def show(self, name: str) -> CameraView:
        """One camera. Raises Unknown."""
        return await self._database.read(lambda connection: cameras.shown(connection, name))

    async def change(self, name: str, wanted: CameraChange) -> CameraView:
        """Change what people may change. Raises Unknown, Refused."""
        return await self._database.write(
            lambda connection: cameras.change(connection, name, wanted)
        )

    async def revoke(self, name: str) -> CameraView:
        """Shut a camera out and cut it off at once. Raises Unknown."""
        view = await self._database.write(
            lambda connection: cameras.revoke(connection, name, time.time_ns())
        )
        for cut in self.cut:
            await cut(name)
        return view

    async def restore(self, name: str) -> CameraView:
        """Let a revoked camera in again. Raises Unknown, Taken."""
        return await self._database.write(lambda connection: cameras.restore(connection, name))

    async def count(self) -> dict[str, int]:
        """How many cameras are in each state."""
        return await self._database.read(cameras.counted)
