"""A live camera for benchmarks: a recording, decoded at the pace of a clock and without end."""

from __future__ import annotations

import time
from collections.abc import Generator
from urllib.parse import parse_qs, urlsplit

import av

from sightline.source.base import SourceConfig, SourceCounters
from sightline.source.connection import Promise
from sightline.source.container import video_stream
from sightline.source.live import LiveSource
from sightline.source.reader import Decoded, Reader


class PacedSource(LiveSource):
    """`paced:///path/to/video.mp4?fps=5&offset=0.1`; offset in seconds shifts its pictures."""

    def __init__(self, config: SourceConfig) -> None:
        super().__init__(config)
        address = urlsplit(config.uri)
        self._path = address.path
        self._options = {key: float(value[0]) for key, value in parse_qs(address.query).items()}

    def connect(self) -> PacedConnection:
        """Begin at the beginning."""
        fps, offset = self._options["fps"], self._options["offset"]
        return PacedConnection(self._path, fps, offset, self.counters)


class PacedConnection:
    """Decodes one picture each time that one is due."""

    def __init__(self, path: str, fps: float, offset_s: float, counters: SourceCounters) -> None:
        self.promise = Promise(fps)
        self._path = path
        self._period_s = 1 / fps
        self._offset_s = offset_s
        self._counters = counters

    def media_ns(self, pts: int | None) -> int | None:
        return None

    def pictures(self) -> Generator[Decoded]:
        due = time.monotonic() + self._offset_s
        while True:
            with av.open(self._path) as container:
                stream = video_stream(container, self._path)
                for item in Reader(container, stream, self._counters).pictures():
                    if isinstance(item, Decoded):
                        time.sleep(max(0.0, due - time.monotonic()))
                        due += self._period_s
                        yield item

    def close(self) -> None: ...
