"""An open container to pictures."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from time import monotonic, perf_counter_ns
from typing import TYPE_CHECKING

from sightline.picture import Picture
from sightline.source.base import SourceCounters
from sightline.source.convert import Converter
from sightline.source.decoder import Decoder
from sightline.source.gated import GatedDecoder
from sightline.source.notice import Damage, Notice

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream


@dataclass(slots=True, eq=False)
class Decoded:
    """One picture out of a decoder. `pts` is in units of the stream's time base."""

    picture: Picture
    pts: int | None
    decode_ns: int


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
        self._decoder = Decoder(stream, counters)
        self._frames: Callable[[Packet[VideoStream]], Iterator[VideoFrame | Notice | None]]
        self._frames = lambda packet: iter(self._decoder.decode(packet))
        self._damage = Damage(stream.time_base)

    def leave_out_idle(self, busy: Callable[[], bool], live: bool) -> None:
        """Decode only keyframes while nothing moves and `busy` says that nothing is followed.

        Time is that of this machine for a live stream, else that of the recording.
        """
        clock = (lambda _: monotonic()) if live else self._media_s
        self._frames = GatedDecoder(self._decoder, busy, clock).frames

    def pictures(self) -> Generator[Decoded | Notice | None]:
        """Every picture that can be decoded, and a notice where packets could not be.

        None stands for a picture left out on purpose. An unreadable rest sets `failure`
        and ends it.
        """
        converter = Converter()
        for packet in self._packets():
            begun = perf_counter_ns()
            before = self._counters.corrupt
            for frame in self._frames(packet):
                if frame is None:
                    self._counters.skipped += 1
                    yield None
                elif isinstance(frame, Notice):
                    yield frame
                else:
                    picture = converter.picture(frame)
                    yield Decoded(picture, frame.pts, perf_counter_ns() - begun)
                    begun = perf_counter_ns()
            if damaged := self._counters.corrupt - before:
                yield from self._damage.notice(damaged, self.end_pts)

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

    def _media_s(self, packet: Packet[VideoStream]) -> float:
        return float(self.end_pts * (self._stream.time_base or 0))
