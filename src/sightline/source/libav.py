"""A connection that libav holds: to a stream on the network or a camera on this machine."""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import TYPE_CHECKING

from sightline.errors import InputError
from sightline.source.base import SourceCounters
from sightline.source.connection import Lost, Promise
from sightline.source.container import nominal_fps, video_stream
from sightline.source.limits import MAX_PIXELS
from sightline.source.notice import Notice
from sightline.source.reader import Decoded, Reader
from sightline.source.reasons import lost
from sightline.source.timeline import nanoseconds

if TYPE_CHECKING:
    from av.container import InputContainer

_OPEN_S = 5.0
_STALL_S = 2.0
_GRACE_S = 3.0

# Demuxers of bare streams make stamps up by counting.
_STAMPLESS = frozenset({"mpjpeg", "mjpeg", "h264", "hevc", "m4v", "mpegvideo", "obu"})


class LibavConnection:
    """An open container that is read to its end, which for a live one is a failure.

    reader  what reads it, to be told before the first picture what may be left out
    """

    def __init__(
        self, container: InputContainer, counters: SourceCounters, silent_s: float, finite: bool
    ) -> None:
        self._container = container
        self._silent_s = silent_s
        try:
            self._stream = video_stream(container, "it")
        except InputError as error:
            container.close()
            raise Lost(str(error).partition(": ")[2], hopeless=True) from None
        self.reader = Reader(container, self._stream, counters)
        self._unit = None if container.format.name in _STAMPLESS else self._stream.time_base
        recording = finite and container.duration is not None
        self.promise = Promise(nominal_fps(self._stream), recording, self._stream.frames)

    def media_ns(self, pts: int | None) -> int | None:
        """The stamp in nanoseconds, where this kind of stream has true ones."""
        if pts is None or self._unit is None:
            return None
        return nanoseconds(pts, self._unit)

    def pictures(self) -> Generator[Decoded | Notice | None]:
        """Pictures as they come. Raises Lost where they cease; returns at a recording's end."""
        heard = monotonic()
        for item in self.reader.pictures():
            # libav answers the first timeout with what its parser still held back.
            if monotonic() - heard >= self._silent_s:
                raise Lost(f"no data for {self._silent_s:g} s")
            yield item
            heard = monotonic()
        if self.reader.failure is not None:
            raise lost(self.reader.failure, self._silent_s)
        if not self.promise.recording:
            raise Lost("the stream ended")

    def close(self) -> None:
        """Leave the server."""
        self._container.close()


def connect(
    url: str,
    options: dict[str, str],
    counters: SourceCounters,
    *,
    format: str | None = None,
    stall_s: float | None = None,
    open_s: float | None = None,
    finite: bool = False,
) -> LibavConnection:
    """Open `url` within `open_s` seconds (at most 5). Raises Lost.

    finite  whether a stream that knows its own length is a recording
    """
    import av

    silent_s = (stall_s or _STALL_S) + _GRACE_S
    open_s = min(_OPEN_S, open_s or _OPEN_S)
    try:
        container = av.open(
            url,
            format=format,
            options=options | {"max_pixels": str(MAX_PIXELS)},
            timeout=(open_s, silent_s),
        )
    except (av.FFmpegError, ValueError) as error:
        raise lost(error, open_s) from None
    return LibavConnection(container, counters, silent_s, finite)
