"""The thread of a live source: connects, decodes, and connects again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from sightline.errors import SightlineError, SourceError
from sightline.picture import Frame
from sightline.source.base import SourceConfig, SourceCounters, SourceInfo
from sightline.source.clock import LiveClock
from sightline.source.connection import Connection, Lost, Promise
from sightline.source.mailbox import Mailbox
from sightline.source.notice import Notice
from sightline.source.reader import Decoded
from sightline.source.timeline import Thinning, Timeline
from sightline.source.uri import redact
from sightline.source.watch import Speedometer
from sightline.wire.messages import Event

if TYPE_CHECKING:
    from tenacity import RetryCallState

_FIRST_WAIT_S, _LAST_WAIT_S, _JITTER_S = 0.25, 1.5, 0.25
_HEALTHY_S = 5.0


class Grabber:
    """Fills the mailbox until told to stop; gives up only where nothing ever came.

    heard    when the last sign of life came, by the monotonic clock in seconds
    failure  why there will be no more pictures
    inform   is told what is known of the source at each connection
    """

    def __init__(
        self,
        config: SourceConfig,
        connect: Callable[[], Connection],
        inform: Callable[[SourceInfo], None],
        counters: SourceCounters,
        mailbox: Mailbox,
    ) -> None:
        self.heard = 0.0
        self.failure: SightlineError | None = None
        self._config = config
        self._connect = connect
        self._inform = inform
        self._counters = counters
        self._mailbox = mailbox
        self._name = redact(config.uri)
        self._stop = threading.Event()
        self._clock = LiveClock()
        self._thinning = Thinning(config.fps)
        self._sequence = 0
        self._size: tuple[int, int] | None = None
        self._said_lost = False

    def stop(self) -> None:
        """End soon: at once where it waits, by the timeout of a read that blocks at the latest."""
        self._stop.set()
        self._mailbox.close()

    def run(self) -> None:
        """Sessions, one after the other, until one ends for good."""
        try:
            while not self._stop.is_set() and self._sessions():
                pass
        except SightlineError as error:
            self.failure = error
        except Exception as error:  # a thread that dies silently would look like a stall
            self.failure = SourceError(f"{self._name}: reading failed: {redact(str(error))}")
        finally:
            self._mailbox.close()

    def _sessions(self) -> bool:
        """Sessions with growing waits between them; True after one that had been healthy."""
        import tenacity

        growing = tenacity.wait_exponential(multiplier=_FIRST_WAIT_S, max=_LAST_WAIT_S)
        trying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Lost),
            wait=growing + tenacity.wait_random(0, _JITTER_S),
            sleep=tenacity.sleep_using_event(self._stop),
            stop=self._in_vain,
            reraise=True,
        )
        try:
            return trying(self._session)
        except Lost as lost:
            if self._stop.is_set():
                return False
            raise self._given_up(lost) from None

    def _session(self) -> bool:
        """One connection from beginning to end. Raises Lost unless it had been healthy."""
        begun, before = time.monotonic(), self._sequence
        try:
            connection = self._connect()
            try:
                self._grab(connection)
            finally:
                connection.close()
            return False
        except Lost as lost:
            lasted_s = time.monotonic() - begun
            self._say_lost(lost, lasted_s)
            if lasted_s > _HEALTHY_S and self._sequence > before:
                return True
            raise

    def _grab(self, connection: Connection) -> None:
        promise = connection.promise
        self._clock.reconnected()
        timeline = Timeline(Fraction(1, 1_000_000_000), promise.fps)
        speed = Speedometer(promise.fps, time.monotonic())
        pictures = connection.pictures()
        fresh = True
        ending = {}
        try:
            for item in pictures:
                self.heard = time.monotonic()
                if self._stop.is_set():
                    return
                if isinstance(item, Notice):
                    self._say(item.kind, **item.data)
                elif item is None:
                    self._sequence += 1
                else:
                    if fresh:
                        self._say_connected(promise, item)
                        fresh = False
                    if rate := speed.picture(self.heard):
                        self._say_runaway(promise, rate)
                    self._deliver(connection, item, timeline)
        except Lost:
            if not promise.recording or fresh:
                raise
            ending = {"truncated": True}
        finally:
            pictures.close()
        self._say("source.ended", pictures=self._sequence, **ending)

    def _deliver(self, connection: Connection, item: Decoded, timeline: Timeline) -> None:
        media_ns = connection.media_ns(item.pts)
        recording = connection.promise.recording
        now_ns = time.time_ns()
        time_ns = timeline.at(media_ns) if recording else self._clock.at(now_ns, media_ns)
        frame = Frame(item.picture, time_ns, self._sequence, item.decode_ns)
        self._sequence += 1
        self._say_resized(frame)
        if not self._thinning.takes(time_ns):
            self._counters.skipped += 1
        elif recording:
            self._mailbox.put_patiently(frame)
        elif self._mailbox.put_newest(frame):
            self._counters.dropped += 1

    def _in_vain(self, state: RetryCallState) -> bool:
        if self._stop.is_set():
            return True
        error = state.outcome.exception() if state.outcome else None
        if self._sequence or not isinstance(error, Lost):
            return False
        limit = self._config.connect_timeout_s
        tried_s = state.seconds_since_start or 0.0
        return error.hopeless or (limit is not None and tried_s >= limit)

    def _given_up(self, lost: Lost) -> SourceError:
        if lost.hopeless:
            return SourceError(f"{self._name}: {lost.reason}")
        return SourceError(
            f"{self._name}: gave no picture within {self._config.connect_timeout_s:g} s "
            f"({lost.reason}); check the address and that the camera is on"
        )

    def _say_connected(self, promise: Promise, first: Decoded) -> None:
        width, height = first.picture.width, first.picture.height
        live = not promise.recording
        self._inform(SourceInfo(width, height, promise.fps, live, promise.frames))
        self._counters.reconnects += bool(self._sequence)
        self._said_lost = False
        self._say("source.connected", width=width, height=height, fps=round(promise.fps, 3))

    def _say_runaway(self, promise: Promise, rate: float) -> None:
        if not promise.recording:
            self._counters.runaways += 1
            self._say("source.runaway", fps=round(rate, 1))

    def _say_lost(self, lost: Lost, after_s: float) -> None:
        if self._said_lost or self._stop.is_set():
            return
        self._said_lost = True
        self._say("source.lost", reason=lost.reason, after_s=round(after_s, 2))

    def _say_resized(self, frame: Frame) -> None:
        size = frame.picture.width, frame.picture.height
        if self._size not in (None, size):
            self._say("source.resized", width=size[0], height=size[1])
        self._size = size

    def _say(self, kind: str, **data: object) -> None:
        self._mailbox.put(Event(kind, time.time_ns(), name=self._name, data=data))
