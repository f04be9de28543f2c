"""Which packets of a stream are worth decoding: a state machine without clock or decoder.

While something moves, or someone is followed, every packet is. Once nothing has moved for
a few seconds only keyframes are looked at, and the packets between them are held back
unread. Their sizes tell of motion, because an encoder spends bytes on what changes: a burst
wakes, and then the held packets are decoded at once, so that nothing waits for a keyframe.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from math import log2

_CALM_S = 3.0  # nothing moved for so long: idle from the next keyframe on
_JUDGE_S = 0.2  # between looks at thumbnails while awake
_LOOK_S, _SURE_S = 0.9, 1.9  # between keyframes looked at while idle, if their sizes agree
_LOOK_INTRA_S = 0.25  # where every packet is a keyframe, whose size says little
_SAME_SIZE = 0.01
_MEMORY = 0.03  # share of a packet in what is usual; about one second of a camera's
_LEARN = 25  # packets before sizes mean anything
_TWICE, _OVER_SPREAD = 1.0, 5.0  # in powers of two over the usual size
_PIXELS_PER_BYTE = 8192  # excess below this is not motion: 250 bytes in 1080p
_DISTRUST, _MOST_DISTRUST, _FORGIVE = 1.5, 6.0, 0.9995


class Verdict(Enum):
    """What to do with a packet."""

    DECODE = "decode it"
    HOLD = "hold it back"
    LOOK = "a keyframe: decode it alone, forget what was held before, hold it"
    WAKE = "decode all that is held, then this one; from here on every one"


class PacketSizes:
    """Learns the usual size of packets; tells bursts from it, in powers of two."""

    def __init__(self, pixels: int) -> None:
        self._least_excess = max(200, pixels / _PIXELS_PER_BYTE)
        self._usual = self._spread = 0.0
        self._seen = 0
        self._recent: deque[bool] = deque(maxlen=3)
        self._distrust = 1.0

    def burst(self, size: int) -> bool:
        """Whether this packet and its neighbours are far larger than usual."""
        level = log2(max(size, 1))
        self._distrust = max(1.0, self._distrust * _FORGIVE)
        margin = self._distrust * max(_TWICE, _OVER_SPREAD * self._spread)
        excess = size - 2**self._usual
        large = (
            self._seen >= _LEARN
            and level > self._usual + margin
            and excess > self._least_excess * self._distrust
        )
        self._recent.append(large)
        if not large:
            self.learn(size)
        return sum(self._recent) >= 2 or (large and level > self._usual + 2 * margin)

    def learn(self, size: int) -> None:
        """Take a packet of a still scene into what is usual."""
        level = log2(max(size, 1))
        self._seen += 1
        rate = max(_MEMORY, 1 / self._seen)
        self._spread += rate * (abs(level - self._usual) - self._spread) if self._seen > 1 else 0
        self._usual += rate * (level - self._usual)

    def false_alarm(self) -> None:
        """Trust sizes less: a burst turned out to be nothing. The trust comes back slowly."""
        self._distrust = min(_MOST_DISTRUST, self._distrust * _DISTRUST)


class IdleGate:
    """Asked for each packet, told of each look; times in seconds on any clock that grows.

    idle  whether only keyframes are decoded at present
    """

    def __init__(self, pixels: int, intra_only: bool) -> None:
        self.idle = False
        self._sizes = PacketSizes(pixels)
        self._look_s = (_LOOK_INTRA_S,) * 2 if intra_only else (_LOOK_S, _SURE_S)
        self._key_size = 0
        self._moved_at: float | None = None
        self._judged_at = self._looked_at = float("-inf")
        self._roused = self._by_size = False

    def packet(self, size: int, keyframe: bool, now: float, busy: bool) -> Verdict:
        """What to do with the next packet, while `busy` says that something is followed."""
        if self._moved_at is None or busy:
            self._moved_at = now
        if self.idle:
            return self._idle_packet(size, keyframe, now, busy)
        calm_s = now - self._moved_at
        if not keyframe and calm_s > _CALM_S / 2:
            self._sizes.learn(size)
        if keyframe and calm_s > _CALM_S:
            self._fall_asleep()
            self._look(size, now)
            return Verdict.LOOK
        return Verdict.DECODE

    def wants_look(self, now: float) -> bool:
        """Whether a thumbnail of the picture just decoded should be judged."""
        return self.idle or now - self._judged_at >= _JUDGE_S

    def looked(self, moves: bool, now: float) -> None:
        """A thumbnail has been judged."""
        self._judged_at = now
        if moves:
            self._moved_at = now
            self._roused = self.idle
            self._by_size = False

    def _idle_packet(self, size: int, keyframe: bool, now: float, busy: bool) -> Verdict:
        burst = not keyframe and self._sizes.burst(size)
        if burst or busy or self._roused:
            self._wake(now, by_size=burst and not self._roused and not busy)
            return Verdict.WAKE
        if not keyframe or not self._is_due(size, now):
            return Verdict.HOLD
        self._look(size, now)
        return Verdict.LOOK

    def _is_due(self, size: int, now: float) -> bool:
        passed_s = now - self._looked_at
        differs = abs(size - self._key_size) > _SAME_SIZE * self._key_size
        return passed_s >= self._look_s[0 if differs else 1]

    def _look(self, size: int, now: float) -> None:
        self._looked_at, self._key_size = now, size

    def _fall_asleep(self) -> None:
        if self._by_size:
            self._sizes.false_alarm()
        self.idle, self._by_size, self._roused = True, False, False

    def _wake(self, now: float, by_size: bool) -> None:
        self.idle, self._by_size, self._roused = False, by_size, False
        self._moved_at = now
