"""A recording: every picture, at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING

from sightline.errors import InputError
from sightline.picture import Frame
from sightline.source.base import SourceConfig, SourceCounters, SourceInfo
from sightline.source.container import nominal_fps, open_file, video_stream
from sightline.source.notice import Notice
from sightline.source.reader import Decoded, Reader
from sightline.source.timeline import Thinning, Timeline
from sightline.source.uri import local, redact
from sightline.wire.messages import Event

if TYPE_CHECKING:
    from av.container import InputContainer


class FileSource:
    """A video file or an animated GIF on this machine."""

    info: SourceInfo

    def __init__(self, config: SourceConfig) -> None:
        self.counters = SourceCounters()
        self.busy = False
        self._closed = False
        self._config = config
        self._name = redact(config.uri)

    def __enter__(self) -> FileSource:
        """Opens the file and decodes its first picture, so that what cannot work fails here."""
        path = local(self._config.uri)
        self._container: InputContainer = open_file(path)
        try:
            self._open(path)
        except BaseException:
            self._container.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rest.close()
        self._container.close()

    def close(self) -> None:
        """End `frames` after the picture at hand; may be called from any thread."""
        self._closed = True

    def frames(self) -> Iterator[Frame | Event]:
        """Every picture (or `fps` of them a second), what happens to the stream, and its end."""
        timeline = Timeline(self._stream.time_base, self.info.fps)
        thinning = Thinning(self._config.fps)
        size = self.info.width, self.info.height
        sequence = time_ns = 0
        for item in chain(self._opening, self._rest):
            if self._closed:
                return
            if isinstance(item, Notice):
                yield self._event(item.kind, time_ns, **item.data)
                continue
            sequence += 1
            if item is None:
                continue
            picture = item.picture
            time_ns = timeline.at(item.pts)
            if (picture.width, picture.height) != size:
                size = picture.width, picture.height
                yield self._event("source.resized", time_ns, width=size[0], height=size[1])
            if thinning.takes(time_ns):
                yield Frame(picture, time_ns, sequence - 1, item.decode_ns)
            else:
                self.counters.skipped += 1
        ending = {"truncated": True} if self._truncated() else {}
        yield self._event("source.ended", time_ns, pictures=sequence, **ending)

    def _open(self, path: str) -> None:
        self._stream = video_stream(self._container, path)
        self._reader = Reader(self._container, self._stream, self.counters)
        if self._config.idle == "on":
            self._reader.leave_out_idle(lambda: self.busy, live=False)
        self._rest = self._reader.pictures()
        self._opening: list[Decoded | Notice | None] = []
        for item in self._rest:
            self._opening.append(item)
            if isinstance(item, Decoded):
                picture = item.picture
                break
        else:
            raise InputError(f"{path}: holds no picture that can be decoded, or one too large")
        fps = nominal_fps(self._stream)
        self.info = SourceInfo(
            picture.width, picture.height, fps, live=False, frames=self._stream.frames
        )

    def _truncated(self) -> bool:
        """Whether the container promised more than it held."""
        if self._reader.failure is not None:
            return True
        if self._stream.duration is None or not self._stream.time_base:
            return False
        promised = self._stream.duration + (self._stream.start_time or 0)
        missing_s = float((promised - self._reader.end_pts) * self._stream.time_base)
        if self._stream.frames:
            return self._reader.packets < self._stream.frames and missing_s > 0.1
        return missing_s > 1

    def _event(self, kind: str, time_ns: int, **data: object) -> Event:
        return Event(kind, time_ns, name=self._name, data=data)
