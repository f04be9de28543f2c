"""The camera's side of its twin: does what the update machine says, and tells the hub of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from sightline.camera.agent import reach
from sightline.camera.agent.mailbox import Switched, Tried
from sightline.camera.agent.state import StateFolder
from sightline.camera.agent.station import Back, Settle, Station, Switch, Try
from sightline.camera.course import Course
from sightline.camera.updates import machine
from sightline.camera.updates.fetching import Fetcher, tried_samples
from sightline.camera.updates.machine import Action, Machine, standing_of
from sightline.camera.updates.resolving import package_path, resolved, shown
from sightline.errors import SightlineError
from sightline.twin.config import CameraConfig
from sightline.wire.control import Desired, Reported

_log = logging.getLogger(__name__)

PROBATION_S = 10.0
_PATIENCE_S = 20.0  # for a new source
_SILENCE_S = 600.0  # for one that gave no pictures before
_LOOK_S = 0.2


class Twin:
    """One at a time: what happened goes into a queue, and a task performs what follows.

    base       what the camera was started with
    say        tells the hub
    probation  seconds that a new configuration has to run well before it is kept
    """

    def __init__(
        self,
        state: StateFolder,
        base: dict[str, Any],
        fetcher: Fetcher,
        say: Callable[[Reported], None],
        probation_s: float = PROBATION_S,
    ) -> None:
        self._state, self._base, self._fetcher, self._say = state, base, fetcher, say
        self._probation_s = probation_s
        self._machine = Machine(standing_of(state.read_json("twin.json")))
        self._events: asyncio.Queue[Callable[[], list[Action]]] = asyncio.Queue()
        self._station: Station
        self._running: Desired | None = None
        self._built: tuple[int, CameraConfig] | None = None
        self._long: asyncio.Task[None] | None = None
        self._answer = machine.Answer()

    @property
    def version(self) -> int:
        """Of the desired state that the camera has answered last."""
        return self._answer.version

    @property
    def model(self) -> dict[str, str]:
        """The network that runs now."""
        model = self._running.model if self._running else None
        if model is not None:
            return {"name": model.name, "version": model.version, "sha256": model.sha256}
        name = self._station.course.assembly.model_name
        return {"name": name, "version": "", "sha256": ""}

    async def begin(self) -> tuple[Course, CameraConfig | None]:
        """What the program starts with, and what to go back to. Raises where nothing can run.

        What is on probation runs where it can be built, else what is known to work, else what
        the camera was started with.
        """
        await self._perform(self._machine.started(), starting=True)
        plans = [self._machine.runs, self._machine.standing.good, None]
        for number, plan in enumerate(plans):
            try:
                config = await self._resolve(plan)
                course = await asyncio.to_thread(Course, config)
            except SightlineError as error:
                if plan is None and number == len(plans) - 1:
                    raise
                _log.warning("version %s cannot run: %s", plan.version if plan else "own", error)
                if plan is not None and plan is self._machine.standing.next:
                    fell = self._machine.failed(plan.version, str(error), gone_back=True)
                    await self._perform(fell, starting=True)
                continue
            self._running = plan
            before = None
            if self._machine.standing.stage == "switched":
                before = await self._known_good()
            return course, before
        raise AssertionError("the last plan runs or raises")

    async def run(self, station: Station) -> None:
        """Follow the machine for ever."""
        self._station = station
        now = self._machine.standing
        if now.next is not None and now.stage == "switched":
            self._watch(now.next, station.course.config, 0.0)
        await self._perform(self._machine.resumed())
        self.report()
        while True:
            event = await self._events.get()
            await self._perform(event())

    def another(self, station: Station) -> None:
        """The thread ended, and this one goes on in its place."""
        self._station = station

    def wanted(self, desired: Desired) -> None:
        """The hub says what it wants."""
        self._events.put_nowait(lambda: self._machine.wanted(desired))

    def switched(self, item: Switched) -> None:
        """The thread has changed its course."""
        if item.back:
            self._running = self._machine.standing.good
            if item.error:
                version = self._version
                _log.warning("version %d was left: %s", version, item.error)
                self._events.put_nowait(
                    lambda: self._machine.failed(version, item.error, gone_back=True)
                )
            self.report()
            return
        wanted = self._machine.standing.next
        if wanted is not None:
            self._running = wanted
            self._watch(wanted, item.course.config, self._station.vitals.fps)

    def tried(self, item: Tried) -> None:
        """The trial beside the running network is over."""
        version = self._version
        self._events.put_nowait(lambda: self._machine.tried(version, item.trial, item.error))

    def report(self) -> None:
        """Tell the hub what is."""
        answer, config = self._answer, self._station.course.config
        self._say(
            Reported(
                version=answer.version,
                state=answer.state,
                config=shown(config, self._running),
                model=self.model,
                stage=answer.stage,
                trial=answer.trial,
                deployment=answer.deployment,
                error=answer.error,
                time_ns=time.time_ns(),
            )
        )

    @property
    def _version(self) -> int:
        return self._machine.standing.next.version if self._machine.standing.next else -1

    async def _perform(self, actions: list[Action], starting: bool = False) -> None:
        for action in actions:
            match action:
                case machine.Save(standing):
                    await asyncio.to_thread(self._state.write_json, "twin.json", standing)
                case machine.Report(answer):
                    self._answer = answer
                    if not starting:
                        self.report()
                case _ if starting:
                    continue
                case machine.Fetch(desired):
                    self._begin_long(self._fetch(desired))
                case machine.Build(desired):
                    self._begin_long(self._build(desired))
                case machine.Try(desired):
                    self._begin_long(self._try(desired))
                case machine.Switch(desired):
                    self._begin_long(self._switch(desired))
                case machine.Settle():
                    self._station.order(Settle())
                    good = self._machine.standing.good
                    await asyncio.to_thread(self._fetcher.keep_only, good.model if good else None)
                case machine.Back():
                    self._end_long()
                    self._station.order(Try(None))
                    self._station.order(Back())

    async def _fetch(self, desired: Desired) -> None:
        assert desired.model is not None
        _log.info(
            "version %d: fetching %s %s", desired.version, desired.model.name, desired.model.version
        )
        own = self._base.get("model")
        strict = isinstance(own, dict) and bool(own.get("require_signature"))
        error = ""
        try:
            await self._fetcher.fetch(desired.model, require_signature=strict)
        except SightlineError as failure:
            error = str(failure)
        self._events.put_nowait(lambda: self._machine.fetched(desired.version, error))

    async def _build(self, desired: Desired) -> None:
        error = ""
        try:
            config = await self._resolve(desired)
            if desired.model is not None:
                path = package_path(self._fetcher.folder, desired.model.sha256)
                await asyncio.to_thread(tried_samples, path)
            await asyncio.to_thread(Course, config)
            self._built = (desired.version, config)
        except SightlineError as failure:
            error = str(failure)
        except Exception as failure:
            error = f"it cannot be built: {type(failure).__name__}: {failure}"
        if error:
            _log.warning("version %d is refused: %s", desired.version, error)
        self._events.put_nowait(lambda: self._machine.built(desired.version, error))

    async def _try(self, desired: Desired) -> None:
        _log.info("version %d: runs beside for %g s", desired.version, desired.shadow_s)
        course = await asyncio.to_thread(Course, await self._config(desired))
        self._station.order(Try(course, desired.shadow_s))
        await asyncio.sleep(3 * desired.shadow_s + 60)
        self._station.order(Try(None))
        version = desired.version
        self._events.put_nowait(
            lambda: self._machine.tried(version, {}, "the source gave no pictures to try it on")
        )

    async def _switch(self, desired: Desired) -> None:
        course = await asyncio.to_thread(Course, await self._config(desired))
        self._station.order(Switch(course))

    def _watch(self, desired: Desired, config: CameraConfig, fps: float) -> None:
        self._begin_long(self._on_probation(desired, config, fps))

    async def _on_probation(self, desired: Desired, config: CameraConfig, fps: float) -> None:
        """Whether what has taken over does its work.

        Where the source was silent before, it is waited for, but not for ever: a new
        configuration is not to blame for that.
        """
        vitals = self._station.vitals
        seen, silent, moved = vitals.frames, vitals.lost, self._looks_elsewhere(config)
        begun = time.monotonic()
        await asyncio.sleep(self._probation_s)
        patience = self._probation_s
        if moved:
            patience += config.source.connect_timeout_s or _PATIENCE_S
        elif silent:
            patience = _SILENCE_S
        while vitals.frames == seen and time.monotonic() - begun < patience:
            await asyncio.sleep(_LOOK_S)
        error, frames = "", vitals.frames - seen
        if frames == 0 and (moved or not silent):
            error = f"no picture came within {patience:g} s"
        elif fps and frames / self._probation_s < fps * desired.gate.get("fps", 0.1) / 2:
            error = f"{frames / self._probation_s:.1f} pictures a second are left of {fps:.1f}"
        version = desired.version
        if error:
            _log.warning("version %d does not work: %s", version, error)
            self._events.put_nowait(lambda: self._machine.failed(version, error))
        else:
            _log.info("version %d works", version)
            self._events.put_nowait(lambda: self._machine.proved(version))

    def _looks_elsewhere(self, config: CameraConfig) -> bool:
        """Whether the source is another than before."""
        before = self._station.before
        return before is not None and before.source != config.source

    async def _config(self, desired: Desired) -> CameraConfig:
        if self._built and self._built[0] == desired.version:
            return self._built[1]
        return await self._resolve(desired)

    async def _resolve(self, plan: Desired | None) -> CameraConfig:
        return await asyncio.to_thread(
            resolved, self._base, plan, self._fetcher.folder, reach.checked
        )

    async def _known_good(self) -> CameraConfig | None:
        try:
            return await self._resolve(self._machine.standing.good)
        except SightlineError:
            return None

    def _begin_long(self, work: Any) -> None:
        self._end_long()
        self._long = asyncio.create_task(work, name="update")

    def _end_long(self) -> None:
        if self._long is not None and not self._long.done():
            self._long.cancel()
        self._long = None

    def close(self) -> None:
        """Leave what is on its way; it goes on with the next start."""
        self._end_long()
