"""The camera program: one thread that sees, one task group that stores, sends and listens."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from tenacity.wait import wait_random_exponential

from sightline.camera.agent.commands import Commands
from sightline.camera.agent.courier import Courier
from sightline.camera.agent.health import Examination
from sightline.camera.agent.journal import Journal
from sightline.camera.agent.ledger import Ledger
from sightline.camera.agent.mailbox import Ended, Item, Mailbox, Shown, Switched, Tried
from sightline.camera.agent.outside import Outside
from sightline.camera.agent.pace import Pace
from sightline.camera.agent.recording import Recorder
from sightline.camera.agent.state import StateFolder
from sightline.camera.agent.station import Show, Station
from sightline.camera.agent.twin import PROBATION_S, Twin
from sightline.camera.course import Course
from sightline.camera.links.base import Heard
from sightline.camera.outbox.giving_up import Bounds
from sightline.camera.outbox.outbox import Outbox
from sightline.errors import ConfigError, SightlineError
from sightline.twin.config import CameraConfig
from sightline.wire.control import Command, Desired, Watch

_log = logging.getLogger(__name__)

_DAY_S = 86_400.0
_WATCH_S = 0.5
_DRAIN_S = 15.0
_AGAIN = (1.0, 60.0)  # a camera whose pictures ended with an error tries again after so long
_PICTURE_S = 20.0


class Agent:
    """`await Agent(...).run()` ends when a recording is over, or `stop` is called.

    base      what the camera was started with
    outside   its key, its link, and where pictures and packages go
    Raises SightlineError where not even what it was started with can run.
    """

    def __init__(
        self,
        state: StateFolder,
        base: dict[str, Any],
        outside: Outside,
        journal: Journal,
        probation_s: float = PROBATION_S,
    ) -> None:
        self._state, self._base, self._outside, self._journal = state, base, outside, journal
        self._probation_s = probation_s
        self._name: str = base["name"]
        self.boot = uuid.uuid4().hex[:16]
        self._begun = time.monotonic()
        self._condition = "starting"
        self._stopping = asyncio.Event()
        self._asked: dict[str, asyncio.Future[Shown]] = {}
        self._ended: asyncio.Event = asyncio.Event()
        self._error: BaseException | None = None
        self._restart = False
        self._looking = asyncio.Event()
        self._pace = Pace()
        self._station: Station

    def stop(self) -> None:
        """End soon, with everything stored."""
        self._stopping.set()

    async def run(self) -> None:
        """See, store, send and listen."""
        agent = CameraConfig.model_validate(self._base).agent
        bounds = Bounds(int(agent.outbox_mb * 1e6), agent.outbox_days * _DAY_S)
        path = self._state.path / "outbox.db"
        async with Outbox(path, self._name, self.boot, bounds) as outbox:
            await self._run(outbox, Mailbox(agent.mailbox, agent.queue))

    async def _run(self, outbox: Outbox, mailbox: Mailbox) -> None:
        if outbox.set_aside:
            _log.warning("the outbox was damaged and is laid aside; a new one is begun")
        ledger = Ledger(
            self._state.path / "ledger.jsonl", self._name, self._outside.key, time.time_ns()
        )
        ledger.resume(await outbox.kept("counted"), await outbox.kept("clean") != b"1")
        await outbox.store(kept={"clean": b"0"})
        recorder = Recorder(mailbox, outbox, ledger, self._pace, self._on)
        await recorder.enter_missing()
        courier = Courier(
            outbox, lambda: self._outside.link(outbox.header), ledger, self._hear,
            self._outside.back_off,
        )  # fmt: skip
        fetcher = self._outside.fetcher(self._state.path / "models")
        self._twin = Twin(self._state, self._base, fetcher, courier.say, self._probation_s)
        pictures = self._outside.pictures(recorder.enter)
        verbs: dict[str, Callable[[Command], Awaitable[Any]]] = {
            "snapshot": lambda command: self._snapshot(command, pictures),
            "restart": self._restarted,
            "log": self._log_lines,
            "ledger": lambda command: _entered(recorder, ledger),
            "self-test": lambda command: self._outside.self_test(self._station.course.config),
        }
        self._commands = Commands(verbs, courier.say)
        self._examine = Examination(
            self._name, self.boot, self._state.path, outbox, mailbox, courier, self._journal,
            self._begun,
        )  # fmt: skip
        self._recorder, self._courier, self._outbox, self._mailbox = (
            recorder, courier, outbox, mailbox,
        )  # fmt: skip
        course, before = await self._twin.begin()
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                tasks = [
                    group.create_task(courier.run(), name="courier"),
                    group.create_task(self._telling(), name="health"),
                    group.create_task(self._outside.metrics(self.health), name="metrics"),
                ]
                try:
                    await self._seeing(course, before, group)
                finally:
                    self._twin.close()
                    for task in tasks[1:]:
                        task.cancel()
                await self._say_farewell()
                tasks[0].cancel()
        finally:
            mailbox.close()
            if self._looking.is_set():
                self._station.stop()
                await asyncio.shield(asyncio.to_thread(self._station.join, _DRAIN_S))
            if self._error is None:
                await outbox.store(kept={"clean": b"1", "counted": ledger.counted()})

    async def _seeing(
        self, course: Course, before: CameraConfig | None, group: asyncio.TaskGroup
    ) -> None:
        """Run the thread, and another where it ends by itself; until it is over."""
        wait = wait_random_exponential(*_AGAIN)
        attempt, twin = 0, None
        while True:
            state = await self._outbox.kept("state")
            self._station = Station(course, self.boot, self._mailbox.put, self._pace, state, before)
            self._follow(course.config)
            self._ended.clear()
            self._error = None
            self._station.start()
            self._looking.set()
            begun = time.monotonic()
            if twin is None:
                twin = group.create_task(self._twin.run(self._station), name="twin")
            else:
                self._twin.another(self._station)
            recording = group.create_task(self._recorder.run(), name="recorder")
            await self._until_ended(recording)
            if self._stopping.is_set() or (self._error is None and not self._restart):
                break
            attempt = 1 if time.monotonic() - begun > _AGAIN[1] else attempt + 1
            if not self._restart:
                self._set("failed")
                _log.warning("the camera stopped seeing: %s", _words(self._error))
                await self._pause(wait, attempt)
            self._restart = False
            course, before = await self._rebuilt()
        twin.cancel()
        if self._error is not None and not self._stopping.is_set():
            raise self._error

    async def _until_ended(self, recording: asyncio.Task[None]) -> None:
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({stopping, recording}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not recording.done():
            self._station.stop()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(recording), _DRAIN_S)
        if not recording.done():
            recording.cancel()
        await asyncio.to_thread(self._station.join, _DRAIN_S)

    async def _rebuilt(self) -> tuple[Course, CameraConfig | None]:
        """The same again; where that cannot be, what `begin` finds."""
        config, before = self._station.course.config, self._station.before
        try:
            return await asyncio.to_thread(Course, config), before
        except SightlineError:
            return await self._twin.begin()

    async def _pause(self, wait: wait_random_exponential, attempt: int) -> None:
        seconds = min(_AGAIN[1], _AGAIN[0] * 2 ** (attempt - 1))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _say_farewell(self) -> None:
        """What is in the outbox goes out, if somebody is there to take it."""
        await self._recorder.enter()
        self._set("ended" if not self._stopping.is_set() else "stopping")
        self._courier.say(await self.health())
        deadline = time.monotonic() + _DRAIN_S
        while self._courier.connected and time.monotonic() < deadline:
            await self._outbox.store()
            held = await self._outbox.held()
            if not any(item.parcels for item in held.values()):
                break
            await asyncio.sleep(0.05)

    def _on(self, item: Item) -> None:
        match item:
            case Switched():
                self._follow(item.course.config)
                self._twin.switched(item)
            case Tried():
                self._twin.tried(item)
            case Shown():
                future = self._asked.pop(item.id, None)
                if future is not None and not future.done():
                    future.set_result(item)
            case Ended(error):
                self._error = error
                self._ended.set()

    def _follow(self, config: CameraConfig) -> None:
        self._recorder.agent = config.agent
        self._recorder.policy = config.privacy.policy

    async def _hear(self, heard: Heard) -> None:
        if isinstance(heard, Watch):
            self._pace.watch(heard)
            self._mailbox.hurry()
        elif isinstance(heard, Desired):
            self._twin.wanted(heard)
        else:
            self._group.create_task(self._commands.obey(heard), name=f"command {heard.name}")

    async def health(self) -> Any:
        """How it is now."""
        await self._looking.wait()
        return await self._examine(self._condition, self._station.vitals, self._twin)

    async def _telling(self) -> None:
        """Health every so often, and whenever the state changes."""
        told, condition = -float("inf"), ""
        await self._looking.wait()
        while True:
            await asyncio.sleep(_WATCH_S)
            vitals = self._station.vitals
            if self._condition in ("starting", "running", "degraded"):
                seen = "degraded" if vitals.lost else "running"
                self._set(seen if vitals.frames or self._condition != "starting" else "starting")
            now = time.monotonic()
            every = self._station.course.config.agent.health_s
            if self._condition != condition or now - told >= every:
                told, condition = now, self._condition
                self._courier.say(await self.health())
            if not self._courier.connected:
                await self._outbox.disconnected()

    def _set(self, condition: str) -> None:
        if condition != self._condition:
            _log.info("the camera is %s", condition)
        self._condition = condition

    async def _snapshot(self, command: Command, pictures: Any) -> Any:
        if pictures is None:
            raise ConfigError("this link takes no pictures")
        if self._station.course.config.privacy.policy == "none":
            raise ConfigError("the privacy policy of this camera lets no picture out")
        future: asyncio.Future[Shown] = asyncio.get_running_loop().create_future()
        self._asked[command.id] = future
        self._station.order(Show(command.id))
        try:
            shown = await asyncio.wait_for(future, _PICTURE_S)
        except TimeoutError:
            raise ConfigError(f"no picture came within {_PICTURE_S:g} s") from None
        if shown.published is None:
            raise ConfigError("the privacy policy of this camera lets no picture out")
        id = str(command.arguments.get("picture") or command.id)
        reason = str(command.arguments.get("reason", "on request"))
        return await pictures.send(id, shown.time_ns, shown.published, reason)

    async def _restarted(self, command: Command) -> str:
        self._restart = True
        self._station.stop()
        return "the camera looks anew"

    async def _log_lines(self, command: Command) -> list[str]:
        return list(self._journal.lines)[-int(command.arguments.get("lines", 100)) :]


async def _entered(recorder: Recorder, ledger: Ledger) -> dict[str, Any]:
    await recorder.enter()
    return {"number": ledger.number, "digest": ledger.last.digest if ledger.last else ""}


def _words(error: BaseException | None) -> str:
    if isinstance(error, SightlineError):
        return str(error)
    return f"{type(error).__name__}: {error}"
