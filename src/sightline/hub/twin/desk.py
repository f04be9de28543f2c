"""Where people and deployments change twins: checked, stored, then told to the camera."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from sightline.hub.gateway.base import Gateway
from sightline.hub.outside import Outside
from sightline.hub.refused import Stale
from sightline.hub.registry import cameras
from sightline.hub.store.database import Database
from sightline.hub.twin import twins
from sightline.hub.twin.checking import check, check_source, source_of
from sightline.hub.twin.secrets import restored
from sightline.hub.twin.twins import Author, Change, TwinView
from sightline.twin.merge import merged
from sightline.wire import topics
from sightline.wire.control import Desired, Reported, encode_control

Make = Callable[[dict[str, Any]], dict[str, Any]]
Changed = Callable[[str, Desired], Awaitable[None]]


class Twins:
    """The twins of one hub.

    gateway  tells a camera that is there; one that is away is told when it comes
    changed  told after a change by hand, so that deployments leave that camera alone
    """

    def __init__(self, database: Database, gateway: Gateway, outside: Outside) -> None:
        self._database = database
        self._gateway = gateway
        self._outside = outside
        self.changed: list[Changed] = []

    async def show(self, camera: str) -> TwinView:
        """A twin without credentials. Raises Unknown where there is no such camera."""

        def work(connection: Connection) -> TwinView:
            cameras.shown(connection, camera)
            return twins.view(connection, camera)

        return await self._database.read(work)

    async def history(self, camera: str, before: int = 0) -> list[Change]:
        """What was asked of a camera, the newest first, without credentials."""
        return await self._database.read(lambda c: twins.history(c, camera, before))

    async def put(
        self, camera: str, config: dict[str, Any], author: Author, expected: int | None = None
    ) -> TwinView:
        """Replace the configuration. Raises Unknown, Refused, Stale."""
        return await self._rewrite(camera, lambda _: config, author, expected)

    async def patch(
        self, camera: str, patch: dict[str, Any], author: Author, expected: int | None = None
    ) -> TwinView:
        """Change what a JSON merge patch names. Raises Unknown, Refused, Stale."""
        return await self._rewrite(camera, lambda tree: merged(tree, patch), author, expected)

    async def revert(
        self, camera: str, version: int, author: Author, expected: int | None = None
    ) -> TwinView:
        """Make an earlier version the next one. Raises Unknown, Stale."""

        def work(connection: Connection) -> Desired:
            cameras.shown(connection, camera)
            old = twins.at_version(connection, camera, version)
            make = lambda _: replace(old, deployment="", shadow_s=0.0, gate={})  # noqa: E731
            return twins.change(connection, camera, make, author, expected)

        return await self._done(camera, await self._database.write(work))

    async def told(self, camera: str) -> bytes | None:
        """What a camera is told when it comes; None where nothing is asked of it."""
        asked = await self._database.read(lambda c: twins.desired(c, camera))
        return encode_control(asked) if asked.version else None

    async def report(self, camera: str, said: Reported, now_ns: int) -> None:
        """Keep what a camera says that it is."""
        await self._database.write(lambda c: twins.report(c, camera, said, now_ns))

    async def tell(self, camera: str, asked: Desired) -> None:
        """Send a stored desired state down."""
        topic = topics.down(camera, "desired")
        await self._gateway.tell(camera, topic, encode_control(asked), retain=True)

    async def _rewrite(
        self, camera: str, make: Make, author: Author, expected: int | None
    ) -> TwinView:
        """Work out the new tree, look up its source outside of any transaction, then store it.

        What was checked is what is stored: if the twin has moved meanwhile, it is done again.
        """
        while True:
            before, base = await self._database.read(lambda c: _base(c, camera))
            tree = restored(make(base), base)
            check(camera, tree)
            source = source_of(tree)
            if source is not None and source != source_of(base):
                await check_source(source, self._outside)
            wanted = before.version if expected is None else expected
            try:
                asked = await self._database.write(
                    lambda c, tree=tree, wanted=wanted: twins.change(  # type: ignore[misc]
                        c, camera, lambda old: _by_hand(old, tree), author, wanted
                    )
                )
            except Stale:
                if expected is not None:
                    raise
                continue
            return await self._done(camera, asked)

    async def _done(self, camera: str, asked: Desired) -> TwinView:
        await self.tell(camera, asked)
        for changed in self.changed:
            await changed(camera, asked)
        return await self.show(camera)


def _base(connection: Connection, camera: str) -> tuple[Desired, dict[str, Any]]:
    cameras.shown(connection, camera)
    return twins.desired(connection, camera), twins.starting_point(connection, camera)


def _by_hand(before: Desired, config: dict[str, Any]) -> Desired:
    """A change by hand; the package stays unless the hand names another network."""
    named = config.get("model") != before.config.get("model") and "model" in config
    model = None if named else before.model
    return replace(before, config=config, model=model, deployment="", shadow_s=0.0, gate={})
