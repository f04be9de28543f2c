"""Pictures of a source with times as a hub wants them: UTC, whatever the source counts from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event as Flag

from sightline.picture import Frame
from sightline.source import SourceConfig, SourceCounters, SourceInfo, open_source
from sightline.source.base import Source
from sightline.twin.agent import AgentConfig
from sightline.wire.messages import Event


class Feed:
    """`with Feed(...) as feed: for item in feed.items(): ...`

    A recording begins when it is opened: its first picture was taken then, the others as much
    later as they stand in it. It is played at its own speed where `pace` says so, and begins
    again at its end where `at_end` says so. No time comes before `not_before_ns`, the last one
    of the feed before.

    Set `busy` while something is followed; `frame` is the newest picture.
    """

    def __init__(self, source: SourceConfig, agent: AgentConfig, not_before_ns: int = 0) -> None:
        self._config, self._agent = source, agent
        self._source: Source = open_source(source)
        self._closed = Flag()
        self._last_ns = not_before_ns
        self._sequence = -1
        self.frame: Frame | None = None
        self.loops = 0

    def __enter__(self) -> Feed:
        self._source.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._source.__exit__(*exc)

    @property
    def info(self) -> SourceInfo:
        """What is known of the source."""
        return self._source.info

    @property
    def counters(self) -> SourceCounters:
        """What it did not hand over."""
        return self._source.counters

    @property
    def live(self) -> bool:
        """Whether the source itself says when a picture was taken."""
        return self._source.info.live

    @property
    def last_ns(self) -> int:
        """The time of the newest picture."""
        return self._last_ns

    def busy(self, busy: bool) -> None:
        """Whether something is followed."""
        self._source.busy = busy

    def close(self) -> None:
        """End `items` soon; may be called from any thread."""
        self._closed.set()
        self._source.close()

    def items(self) -> Iterator[Frame | Event]:
        """Pictures and events until the source ends for good, or `close`."""
        while True:
            yield from self._live() if self.live else self._recorded()
            if self.live or self._agent.at_end == "stop" or self._closed.is_set():
                return
            self._source.__exit__(None, None, None)
            self._source = open_source(self._config)
            self._source.__enter__()
            self.loops += 1

    def _live(self) -> Iterator[Frame | Event]:
        for item in self._source.frames():
            if isinstance(item, Frame):
                self.frame, self._last_ns = item, max(self._last_ns, item.time_ns)
            yield item

    def _recorded(self) -> Iterator[Frame | Event]:
        begin_ns = max(time.time_ns(), self._last_ns + self._period_ns())
        begun, first = time.monotonic_ns(), self._sequence + 1
        for item in self._source.frames():
            if self._closed.is_set():
                return
            time_ns = begin_ns + item.time_ns
            if isinstance(item, Event):
                yield replace(item, time_ns=time_ns)
                continue
            if self._agent.pace == "clock":
                self._closed.wait((begun + item.time_ns - time.monotonic_ns()) / 1e9)
            self._last_ns, self._sequence = time_ns, first + item.sequence
            self.frame = replace(item, time_ns=time_ns, sequence=self._sequence)
            yield self.frame

    def _period_ns(self) -> int:
        return round(1e9 / self.info.fps) if self.info.fps else 0
