"""What every live source does: grab the newest picture, watch, and connect again."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from sightline.picture import Frame
from sightline.source.base import SourceConfig, SourceCounters, SourceInfo
from sightline.source.connection import Connection
from sightline.source.grabber import Grabber
from sightline.source.libav import LibavConnection
from sightline.source.mailbox import Mailbox
from sightline.source.uri import redact
from sightline.source.watch import Watchdog
from sightline.wire.messages import Event

_FIRST_PICTURE_S = 5.0
_LEAVE_S = 0.3


class LiveSource(ABC):
    """Pictures of this moment. A thread of its own decodes; the reader gets the newest.

    Opening waits a few seconds for the first picture. A source that cannot be reached yet
    opens all the same, says so in its events, and goes on trying until `connect_timeout_s`.
    """

    def __init__(self, config: SourceConfig) -> None:
        self.counters = SourceCounters()
        self.info = SourceInfo(0, 0, 0.0, live=True)
        self.busy = False
        self._closed = False
        self._config = config
        self._name = redact(config.uri)
        self._mailbox = Mailbox()
        self._grabber = Grabber(config, self.connect, self._inform, self.counters, self._mailbox)

    @abstractmethod
    def connect(self) -> Connection:
        """Connect once, within seconds. Raises Lost. Called by the grabber's thread."""

    def __enter__(self) -> Self:
        """Begins to grab. Raises SourceError where trying has already proved to be in vain."""
        self._thread = threading.Thread(
            target=self._grabber.run, name=f"grab {self._name}", daemon=True
        )
        self._thread.start()
        self._mailbox.wait(_FIRST_PICTURE_S)
        if self._grabber.failure:
            raise self._grabber.failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        # A read that blocks in libav cannot be broken off from here; it ends by its own
        # timeout, and the thread, which alone touches the connection, then closes it.
        self._thread.join(_LEAVE_S)

    def close(self) -> None:
        """End `frames` at once; may be called from any thread."""
        self._closed = True
        self._grabber.stop()

    def frames(self) -> Iterator[Frame | Event]:
        """The newest picture each time, and every change of state as soon as it is known.

        Raises SourceError where there was no picture within `connect_timeout_s`.
        """
        watchdog = Watchdog(self._config.stall_s)
        while not self._closed:
            item = self._mailbox.take(watchdog.patience(time.monotonic()))
            if change := watchdog.look(self._grabber.heard, time.monotonic()):
                yield self._changed(*change)
            if item is not None:
                _keep_informed(watchdog, item)
                yield item
            elif self._mailbox.closed:
                break
        if self._grabber.failure and not self._closed:
            raise self._grabber.failure

    def leave_out_idle(self, connection: LibavConnection) -> LibavConnection:
        """`connection`, which decodes only keyframes while nothing moves, unless `idle` is off."""
        if self._config.idle != "off" and not connection.promise.recording:
            connection.reader.leave_out_idle(lambda: self.busy, live=True)
        return connection

    def _inform(self, info: SourceInfo) -> None:
        self.info = info

    def _changed(self, change: str, after_s: float) -> Event:
        self.counters.stalls += change == "stalled"
        return Event(
            f"source.{change}", time.time_ns(), name=self._name, data={"after_s": round(after_s, 2)}
        )


def _keep_informed(watchdog: Watchdog, item: Frame | Event) -> None:
    if isinstance(item, Frame):
        return
    if item.kind == "source.connected":
        watchdog.connected(item.data["fps"], time.monotonic())
    elif item.kind == "source.lost":
        watchdog.lost()
