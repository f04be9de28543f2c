"""Packets to frames, where damage costs only what it damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.source.base import SourceCounters

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.video.stream import VideoStream


class Decoder:
    """The decoder of one stream. What would not decode is counted in `counters.corrupt`."""

    def __init__(self, stream: VideoStream, counters: SourceCounters) -> None:
        self._context = stream.codec_context
        self._counters = counters

    @property
    def intra_only(self) -> bool:
        """Whether every packet is a picture of its own, as in MJPEG."""
        return self._context.codec.intra_only

    @property
    def pixels(self) -> int:
        """Pixels of a picture, as far as the stream has told."""
        return self._context.width * self._context.height

    def decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        """The frames that `packet` completes. An empty packet asks for all that are left."""
        self._counters.corrupt += packet.is_corrupt
        return self._frames(packet if packet.size else None, packet.is_corrupt)

    def drain(self) -> list[VideoFrame]:
        """The frames still held for reordering; then the decoder is ready for a keyframe."""
        frames = self._frames(None, False)
        self._context.flush_buffers()
        return frames

    def _frames(self, packet: Packet[VideoStream] | None, counted: bool) -> list[VideoFrame]:
        import av

        try:
            frames = self._context.decode(packet)
        except av.EOFError:
            return []
        except (av.FFmpegError, ValueError):
            self._counters.corrupt += not counted
            return []
        self._counters.corrupt += sum(frame.is_corrupt for frame in frames)
        return frames
