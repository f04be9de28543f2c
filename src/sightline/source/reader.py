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


class Reader:
    """Reads one video stream of an open container to its end."""

    def __init__(
        self, container: InputContainer, stream: VideoStream, counters: SourceCounters
    ) -> None:
        self._container = container
        self._stream = stream
        self._counters = counters
        self._converter = Converter()
        self.broken = False  # the container ended in an error instead of at its end
        self.packets = 0
        self.end_pts = 0  # where the last packet ends

    def pictures(self) -> Generator[Decoded]:
        """Every picture that can be decoded. An unreadable rest sets `broken` and ends it."""
        begun = perf_counter_ns()
        for packet in self._packets():
            for frame in self.decode(packet):
                picture = self._converter.picture(frame)
                yield Decoded(picture, frame.pts, perf_counter_ns() - begun)
                begun = perf_counter_ns()

    def decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        """The frames that `packet` completes; none, and counted, where it is damaged."""
        import av

        try:
            frames = self._stream.codec_context.decode(packet if packet.size else None)
        except av.EOFError:
            return []
        except (av.FFmpegError, ValueError):
            self._counters.corrupt += 1
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
        except (av.FFmpegError, ValueError):
            self.broken = True
