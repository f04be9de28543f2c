"""Waves strung together into days, and days as the parcels that a camera would have sent.

The same camera, rhythm and seed give the same days, whichever part of them is asked for and
whenever that is: who asks twice sends the same parcels twice, and a hub takes them once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from sightline.camera.past.rhythm import Rhythm
from sightline.camera.past.wave import FPS, LABELS, Wave, recorded, still
from sightline.source import redact
from sightline.twin.config import CameraConfig
from sightline.wire.formats.block import Block, encode_columns
from sightline.wire.formats.packed import pack
from sightline.wire.formats.record import Kind, seal
from sightline.wire.messages import Header
from sightline.wire.parcel import Parcel, digest

_OF_EACH = 2  # waves that are as busy as each other
_COME_S = 45.0
_PAUSE_S, _NIGHT_S = 60, 600  # nobody is there: for so long at a time
_PAUSE_EVERY_S, _NIGHT_EVERY_S = 10.0, 60.0
_MOST_BYTES = 100_000  # of a parcel
_SECOND = 10**9
_SINCE_S = 1_577_836_800  # 2020: identities are numbered from there


class Piece(NamedTuple):
    """What happens from an instant on (seconds since the epoch): a wave, or nothing."""

    start_s: int
    wave: Wave


@dataclass(frozen=True, eq=False)
class Past:
    """The past of one camera."""

    config: CameraConfig
    rhythm: Rhythm
    seed: int
    levels: tuple[tuple[Wave, ...], ...]
    pause: Wave
    night: Wave

    @classmethod
    def of(
        cls,
        config: CameraConfig,
        rhythm: Rhythm,
        seed: int,
        busy: tuple[float, ...] = (0.4, 0.7, 1.1, 1.6),
    ) -> Past:
        """Record its waves, which takes some seconds.

        busy  how busy they are; the last ones come when most come
        """
        levels = tuple(
            tuple(
                recorded(config, one, _COME_S, seed + 100 * level + take)
                for take in range(_OF_EACH)
            )
            for level, one in enumerate(busy)
        )
        some = levels[0][0]
        pause, night = still(some, _PAUSE_S, _PAUSE_EVERY_S), still(some, _NIGHT_S, _NIGHT_EVERY_S)
        return cls(config, rhythm, seed, levels, pause, night)

    def pieces(self, day: date) -> Iterator[Piece]:
        """From one midnight to the next, in local time; the last minutes may be missing."""
        rng = np.random.default_rng([self.seed, day.toordinal()])
        whole = _midnight(day), _midnight(day + timedelta(days=1))
        luck = rng.uniform(0.85, 1.15)  # some days are better than others
        at = whole[0]
        while True:
            share = self.rhythm.share(day.weekday(), (at - whole[0]) / 3600) * luck
            wave = self._next(share, rng)
            if at + wave.seconds > whole[1]:
                return
            yield Piece(at, wave)
            at += wave.seconds

    def _next(self, share: float, rng: np.random.Generator) -> Wave:
        chance, level, take = rng.random(), rng.normal(0, 0.6), int(rng.integers(_OF_EACH))
        if not share:
            return self.night
        if chance > 0.03 + 0.25 * share:
            return self.pause
        most = len(self.levels) - 1
        return self.levels[round(min(max(share * most + level, 0), most))][take]

    def parcels(self, day: date, from_s: int, to_s: int) -> Iterator[Parcel]:
        """What was sent of a day, of that part of it; `stored_ns` says when."""
        pieces = [
            piece for piece in self.pieces(day)
            if from_s <= piece.start_s and piece.start_s + piece.wave.seconds <= to_s
        ]  # fmt: skip
        if not pieces:
            return
        boot = f"past-{day:%Y%m%d}-{pieces[0].start_s - _midnight(day)}"
        header = pack(replace(self._header(), boot=boot))
        yield Parcel(self.config.name, boot, 0, "events", pieces[0].start_s * _SECOND, header)
        named, number, sequence = digest(header), 1, 0
        for part in _parted(pieces):
            frames: list[bytes] = []
            said: list[bytes] = []
            for start_s, wave in part:
                now = wave.at(start_s * _SECOND, sequence, 10 * (start_s - _SINCE_S))
                sequence += len(now.block.times)
                frames.append(seal(Kind.FRAMES, encode_columns(now.block)))
                said += map(pack, now.events)
                said += map(pack, now.measures)
            stored_ns = (part[-1].start_s + part[-1].wave.seconds) * _SECOND
            yield Parcel(
                self.config.name, boot, number, "frames", stored_ns, b"".join(frames), named
            )
            number += 1
            if said:
                yield Parcel(self.config.name, boot, number, "events", stored_ns, b"".join(said))
                number += 1

    def _header(self) -> Header:
        return Header(
            self.config.name, redact(self.config.source.uri), 640, 360, LABELS, "demo-people",
            FPS, "utc", version=version("sightline"),
        )  # fmt: skip


def _parted(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces of an hour together, as far as they fit into a parcel."""
    part: list[Piece] = []
    size = 0
    for piece in pieces:
        more = _size(piece.wave.block)
        later = part and piece.start_s // 3600 != part[0].start_s // 3600
        if part and (later or size + more > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(piece)
        size += more
    yield part


def _size(block: Block) -> int:
    """About how many bytes it takes."""
    return 16 * (len(block.objects) + len(block.times)) + 600 * len(block.extras)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time()).astimezone().timestamp())
