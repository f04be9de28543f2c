"""The thread of a camera: pictures in, readouts out, and orders obeyed between two pictures."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event as Flag
from threading import Thread
from typing import TypeAlias

import msgspec

from sightline.camera.agent.feed import Feed
from sightline.camera.agent.intervals import Intervals
from sightline.camera.agent.mailbox import Ended, Item, Mark, Seen, Shown, Switched
from sightline.camera.agent.pace import Pace
from sightline.camera.agent.vitals import Vitals
from sightline.camera.course import Course, Inherited
from sightline.camera.privacy import Privacy
from sightline.camera.readout import Readout
from sightline.camera.updates.shadow import Shadow
from sightline.errors import SightlineError
from sightline.picture import Frame
from sightline.sensor.base import Capture
from sightline.source import SourceConfig
from sightline.twin.config import CameraConfig
from sightline.wire.messages import Event

_STATE_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Switch:
    """Let another course take over; the one before is kept to go back to until `Settle`."""

    course: Course


@dataclass(frozen=True, slots=True)
class Back:
    """Go back to the course before."""


@dataclass(frozen=True, slots=True)
class Settle:
    """The course that runs is the one to keep."""


@dataclass(frozen=True, slots=True)
class Try:
    """Run a candidate beside the course for so long; None ends the trial."""

    course: Course | None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Show:
    """Publish the next picture, as the policy allows."""

    id: str


Order: TypeAlias = Switch | Back | Settle | Try | Show


class Station:
    """Runs one course after another.

    put     takes what was seen
    pace    how often it is marked to be stored
    state   what the analytics remembered (`Mark.state`), to go on from
    before  what to go back to where the course does not work
    """

    def __init__(
        self,
        course: Course,
        boot: str,
        put: Callable[[Item], None],
        pace: Pace,
        state: bytes | None = None,
        before: CameraConfig | None = None,
    ) -> None:
        self.course = course
        self.vitals = Vitals()
        self.feed: Feed | None = None
        self._boot, self._put, self._pace = boot, put, pace
        self._intervals = Intervals()
        self._last_ns = 0
        self._restore(state)
        self._before: CameraConfig | None = before
        self._shadow: Shadow | None = None
        self._orders: deque[Order] = deque()
        self._show: deque[Show] = deque()
        self._stopped = Flag()
        self._size = (0, 0)
        now = time.monotonic()
        self._marked = self._stated = self._measured = now
        self._thread = Thread(target=self._run, name=f"camera {course.config.name}", daemon=True)

    @property
    def before(self) -> CameraConfig | None:
        """What is gone back to where the course does not work."""
        return self._before

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def order(self, order: Order) -> None:
        """Have something done between two pictures; from any thread."""
        self._orders.append(order)
        if isinstance(order, Switch | Back) and self.feed is not None:
            target = order.course.config if isinstance(order, Switch) else self._before
            if target and target.source != self.course.config.source:
                self.feed.close()

    def stop(self) -> None:
        """End after the picture at hand; from any thread."""
        self._stopped.set()
        if self.feed is not None:
            self.feed.close()

    def join(self, timeout: float) -> None:
        """Wait for the end. Blocks."""
        self._thread.join(timeout)

    # In the thread

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            while not self._stopped.is_set() and self._look():
                pass
        except BaseException as caught:
            error = caught
        self._close_course()
        self._mark(last=True)
        self._put(Ended(error))

    def _look(self) -> bool:
        """Open the source and look until it ends. Whether there is more to look at."""
        source: SourceConfig = self.course.config.source
        try:
            with Feed(source, self.course.config.agent, self._last_ns) as feed:
                self.feed = feed
                if self._stopped.is_set():
                    return False
                frames = feed.items()
                while self._pass(feed, frames) and self.course.config.source == source:
                    pass
        except SightlineError as error:
            if self._before is None:
                raise
            self._go_back(str(error))
            return True
        finally:
            if self.feed is not None:
                self._last_ns = max(self._last_ns, self.feed.last_ns)
        pending = any(isinstance(order, Switch | Back) for order in self._orders)
        self._obey()
        return pending or self.course.config.source != source

    def _pass(self, feed: Feed, frames: object) -> bool:
        """One sensor over the pictures, until another course takes over. Whether one did."""
        course = self.course
        with course.open(frames) as sensor:  # type: ignore[arg-type]
            for item in sensor.captures():
                try:
                    self._take(feed, item)
                except Exception as error:
                    if self._before is None:
                        raise
                    self._go_back(f"{type(error).__name__}: {error}")
                self._obey()
                if self._stopped.is_set():
                    return False
                if self.course is not course:
                    return True
        return False

    def _take(self, feed: Feed, item: Capture | Event) -> None:
        if isinstance(item, Event):
            info = feed.info
            size = self._size if self._size[0] else (info.width, info.height)
            self.vitals.told(item)
            self._say(feed, self.course.told([item], size))
            self._mark()
            return
        begun = time.perf_counter_ns()
        readouts = self.course.step(item)
        spent_ns = item.network_ns + item.preprocess_ns + time.perf_counter_ns() - begun
        self._size = item.size
        if self.course.anew is not None:
            self._resumed(feed, item)
        eventful = False
        for readout in readouts:
            eventful |= bool(readout.events)
            self._say(feed, readout)
        if self._show and readouts:
            self._publish(readouts[-1])
        if self._shadow is not None and feed.frame is not None:
            self._beside(self._shadow, feed.frame, readouts, spent_ns)
        self.vitals.saw(item, spent_ns, feed)
        if eventful or time.monotonic() - self._marked >= self._every_s:
            self._mark(eventful)

    @property
    def _every_s(self) -> float:
        return self._pace.every_s(self.course.config.agent.flush_s)

    def _say(self, feed: Feed, readout: Readout) -> None:
        self.course.tally.saw(readout)
        if readout.sequence is not None:
            feed.busy(len(readout.detections) > 0)
        bare = replace(readout, picture=None, truth=None)
        self._put(Seen(bare, self.course.header(readout.size, feed.info, self._boot)))

    def _resumed(self, feed: Feed, first: Capture) -> None:
        data = {"anew": self.course.anew}
        self.course.anew = None
        event = Event(kind="camera.resumed", time_ns=first.time_ns, data=data)
        self._say(feed, self.course.told([event], first.size))

    def _publish(self, readout: Readout) -> None:
        privacy = Privacy(self.course.config.privacy, self.course.labels)
        published = None
        if privacy.policy != "none" and readout.picture is not None:
            published = privacy.publish(readout.picture, readout.seen, readout.size)
        while self._show:
            self._put(Shown(self._show.popleft().id, readout.time_ns, published))

    def _beside(self, shadow: Shadow, frame: Frame, readouts: list[Readout], spent_ns: int) -> None:
        done = shadow.saw(frame, readouts, spent_ns, self.course)
        if done is not None:
            self._shadow = None
            self._put(done)

    def _mark(self, eventful: bool = False, last: bool = False) -> None:
        """What came so far may be stored; with it the state, where it changed what is counted."""
        now = time.monotonic()
        self._marked = now
        measures = []
        if last or now - self._measured >= self.course.config.agent.measures_s:
            measures = self._intervals.since(self.course.measures())
            self._measured = now
        state = None
        if eventful or measures or last or now - self._stated >= _STATE_EVERY_S:
            state = self._state()
            self._stated = now
        self.vitals.counts = self.course.counts()
        self._put(Mark(state, tuple(measures)))

    def _state(self) -> bytes:
        last_ns = max(self._last_ns, self.feed.last_ns if self.feed else 0)
        return msgspec.json.encode(
            {
                "analytics": self.course.state(),
                "intervals": self._intervals.state(),
                "last_ns": last_ns,
            }
        )

    def _restore(self, state: bytes | None) -> None:
        try:
            kept = msgspec.json.decode(state or b"{}")
            self._last_ns = int(kept.get("last_ns", 0))
            self._intervals.restore(kept.get("intervals", {}))
            if kept.get("analytics") is not None:
                self.course.inherited = Inherited(kept["analytics"])
        except (msgspec.MsgspecError, AttributeError, TypeError, ValueError):
            return

    def _obey(self) -> None:
        while self._orders:
            match self._orders.popleft():
                case Switch(course):
                    before = self._before or self.course.config
                    self._take_over(course)
                    self._before = before
                    self._put(Switched(course))
                case Back():
                    self._go_back("")
                case Settle():
                    self._before = None
                case Try(course, seconds):
                    self._shadow = Shadow(course, seconds) if course else None
                case Show() as show:
                    self._show.append(show)

    def _take_over(self, course: Course) -> None:
        self._close_course()
        course.inherited = self.course.heritage(course.config)
        self.course = course
        self._shadow = None

    def _go_back(self, error: str) -> None:
        if self._before is None:
            return
        # Built anew: a pipeline that stopped some time ago holds tracks of that time.
        course = Course(self._before)
        self._before = None
        try:
            self._take_over(course)
        except Exception:
            # What failed may be the very state that is to be inherited.
            self.course = course
        self._put(Switched(course, back=True, error=error))

    def _close_course(self) -> None:
        try:
            readouts = self.course.finish()
        except Exception:
            return
        for readout in readouts:
            if self.feed is not None:
                self._say(self.feed, readout)
