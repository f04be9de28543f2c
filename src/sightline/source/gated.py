"""A decoder that leaves out what its gate says, and catches up when something moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sightline.source.convert import Converter
from sightline.source.decoder import Decoder
from sightline.source.idle import IdleGate, Verdict
from sightline.source.motion import MotionJudge, thumbnail
from sightline.source.notice import Notice

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.video.stream import VideoStream

    _Packet = Packet[VideoStream]

_MOST_HELD = 600  # packets; a group of pictures longer than this is not caught up with
_MOST_BYTES = 16_000_000


class GatedDecoder:
    """Decodes packets, or holds them back while nothing moves.

    busy   whether something is followed, so that nothing may be left out
    clock  seconds that grow, for a packet
    """

    def __init__(
        self, decoder: Decoder, busy: Callable[[], bool], clock: Callable[[_Packet], float]
    ) -> None:
        self._decoder = decoder
        self._busy = busy
        self._clock = clock
        self._gate = IdleGate(decoder.pixels, decoder.intra_only)
        self._judge = MotionJudge()
        self._converter = Converter()
        self._held: list[_Packet] = []
        self._held_bytes = 0
        self._over: set[int | None] = set()  # stamps of what was held and must not be shown
        self._incomplete = False  # what is held does not begin with a keyframe any more

    def frames(self, packet: _Packet) -> Iterator[VideoFrame | Notice | None]:
        """What comes of one packet: frames, None where it was left out, a change of state."""
        if not packet.size:
            yield from () if self._gate.idle else self._decoder.decode(packet)
            return
        if packet.pts is None:
            # Without stamps nobody could tell which frames of a catching-up are over.
            yield from self._decoder.decode(packet)
            return
        now = self._clock(packet)
        was_idle = self._gate.idle
        verdict = self._gate.packet(packet.size, packet.is_keyframe, now, self._busy())
        if verdict is Verdict.DECODE:
            yield from self._decode(packet, now)
        elif verdict is Verdict.LOOK:
            if not was_idle:
                yield from self._decoder.drain()
                yield Notice("source.idle", {})
            yield from self._look(packet, now)
        elif verdict is Verdict.HOLD:
            self._hold(packet)
            yield None
        else:
            yield Notice("source.awake", {})
            yield from self._catch_up(packet, now)

    def _decode(self, packet: _Packet, now: float) -> Iterator[VideoFrame | None]:
        if self._incomplete and not packet.is_keyframe:
            yield None
            return
        self._incomplete = False
        frames = self._current(self._decoder.decode(packet))
        if frames and self._gate.wants_look(now):
            self._gate.looked(self._moves(frames[-1]), now)
        yield from frames

    def _look(self, packet: _Packet, now: float) -> Iterator[VideoFrame | None]:
        self._forget()
        self._hold(packet)
        frames = self._decoder.decode(packet) + self._decoder.drain()
        if frames:
            self._gate.looked(self._moves(frames[-1]), now)
            yield from frames
        else:
            yield None

    def _hold(self, packet: _Packet) -> None:
        if packet.is_keyframe:
            self._forget()
        self._held.append(packet)
        self._held_bytes += packet.size
        if len(self._held) > _MOST_HELD or self._held_bytes > _MOST_BYTES:
            self._forget()
            self._incomplete = True

    def _catch_up(self, packet: _Packet, now: float) -> Iterator[VideoFrame | None]:
        """Decode what the waking packet refers to; what that shows is over and not shown."""
        if not packet.is_keyframe:
            self._over = {missed.pts for missed in self._held}
            for missed in self._held:
                self._decoder.decode(missed)
        self._held, self._held_bytes = [], 0
        yield from self._decode(packet, now)

    def _current(self, frames: list[VideoFrame]) -> list[VideoFrame]:
        if not self._over:
            return frames
        current = [frame for frame in frames if frame.pts not in self._over]
        if current:
            self._over = set()
        return current

    def _forget(self) -> None:
        self._held, self._held_bytes, self._incomplete = [], 0, False

    def _moves(self, frame: VideoFrame) -> bool:
        return self._judge.moves(thumbnail(self._converter.picture(frame)))
