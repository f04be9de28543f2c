"""Packets to pictures, with damage counted and gone over."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from time import perf_counter_ns
from typing import TYPE_CHECKING

from sightline.picture import Picture
from sightline.source.base import SourceCounters
from sightline.source.convert import Converter

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One picture out of a decoder. `pts` is in units of the stream's time base."""

    picture: Picture
    pts: int | None
    decode_ns: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the stream itself, in its place between the pictures."""

    kind: str
    data: dict[str, object]


class Reader:
    """Reads one video stream of an open container to its end.

    failure  the error in which the container ended, None where it came to its end
    packets  how many were read, damaged ones too
    end_pts  where the last of them ends, in units of the stream's time base
    """

    def __init__(
        self, container: InputContainer, stream: VideoStream, counters: SourceCounters
    ) -> None:
        self.failure: Exception | None = None
        self.packets = 0
        self.end_pts = 0
        self._container = container
        self._stream = stream
        self._counters = counters
        self._converter = Converter()
        self._damage = Damage(round(1 / stream.time_base) if stream.time_base else 0)

    def pictures(self) -> Generator[Decoded | Notice]:
        """Every picture that can be decoded, and a notice where packets could not be.

        An unreadable rest sets `failure` and ends it.
        """
        begun = perf_counter_ns()
        for packet in self._packets():
            before = self._counters.corrupt
            frames = self._decode(packet)
            if damaged := self._counters.corrupt - before:
                yield from self._damage.notice(damaged, self.end_pts)
            for frame in frames:
                picture = self._converter.picture(frame)
                yield Decoded(picture, frame.pts, perf_counter_ns() - begun)
                begun = perf_counter_ns()

    def _decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        import av

        self._counters.corrupt += packet.is_corrupt
        try:
            frames = self._stream.codec_context.decode(packet if packet.size else None)
        except av.EOFError:
            return []
        except (av.FFmpegError, ValueError):
            self._counters.corrupt += not packet.is_corrupt
            return []
        self._counters.corrupt += sum(frame.is_corrupt for frame in frames)
        return frames

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        import av

        try:
            for packet in self._container.demux(self._stream):
                self.packets += bool(packet.size)
                if packet.pts is not None:
                    self.end_pts = max(self.end_pts, packet.pts + (packet.duration or 0))
                yield packet
        except (av.FFmpegError, ValueError) as error:
            self.failure = error


class Damage:
    """Sums damaged packets up, so that a bad stretch is told once a second and not per packet."""

    def __init__(self, second: int) -> None:
        self._second = second
        self._due: int | None = None
        self._untold = 0

    def notice(self, packets: int, pts: int) -> Iterator[Notice]:
        """Count `packets` at the stream's time `pts`; the notice, where one is due."""
        self._untold += packets
        if self._due is None or pts >= self._due:
            yield Notice("source.corrupt", {"packets": self._untold})
            self._due, self._untold = pts + self._second, 0
