"""A foreign recording as ours: times, class names and identities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite
from typing import Any, BinaryIO, ClassVar

import msgspec
import numpy as np

from sightline.errors import ConfigError, InputError
from sightline.results import Detections
from sightline.wire.formats.base import Row
from sightline.wire.formats.foreign.documents import documents
from sightline.wire.formats.foreign.picture import Picture, Seen, Size
from sightline.wire.frame import frame_metadata
from sightline.wire.labels import LabelIndex
from sightline.wire.messages import Header, Message

_LAST_NS = 1 << 62
_NAMED = 1 << 32  # identities that are no small number are counted from here
_FAR = 1e6  # pictures away


class ForeignReader:
    """Frames of one camera. Of one format each subclass says how a record is read.

    An identity that is a whole number stays that number; others are numbered as they come.
    A picture whose record tells no time follows the last one by 1 / fps.

    size    of the picture in pixels, where boxes are in pixels
    camera  whose records are read, where there are several; None: there must be one only
    """

    FORMAT: ClassVar[str]
    IN_PIXELS: ClassVar[bool] = False
    CLOCK: ClassVar[Any] = "utc"

    def __init__(
        self,
        stream: BinaryIO,
        name: str,
        size: Size | None = None,
        fps: float | None = None,
        camera: str | None = None,
    ) -> None:
        if size is None and self.IN_PIXELS:
            raise ConfigError(f"{name} does not tell the size of its pictures: give --size WxH")
        self.size = size or (0, 0)
        self._name, self._fps, self._camera = name, fps or 30.0, camera
        self._chosen = camera is not None
        self.classes: dict[str, str] = {}  # by track, of formats that tell them now and then
        self._index = LabelIndex()
        self._numbers: dict[str, int] = {}
        self._named = _NAMED
        self.header = Header(camera or "", name, *self.size, (), fps=fps or 0.0, clock=self.CLOCK)
        self._pictures = self._joined(self.pictures(stream, name))
        self._ahead = next(self._pictures, None)
        if self._ahead is None:
            sought = f" of camera {camera!r}" if camera else ""
            raise InputError(f"{name} holds no pictures{sought} in the format {self.FORMAT}")
        self._learn(self._ahead)
        self.header = replace(self.header, camera=self._ahead.camera)

    def pictures(self, stream: BinaryIO, name: str) -> Iterator[Picture]:
        """Of JSON documents, each read by `picture`."""
        for where, told in documents(stream, name):
            found = self.guarded(where, self.picture, told)
            if found is not None:
                yield found

    def picture(self, told: Any) -> Picture | None:
        """One record; None for one that says nothing of a picture. Raises as `guarded` catches."""
        raise NotImplementedError

    def guarded(
        self, where: str, read: Callable[[Any], Picture | None], told: Any
    ) -> Picture | None:
        """Read a record and check its numbers. Raises InputError that says what is wrong where."""
        try:
            found = read(told)
            if found is not None:
                _check(found)
        except (msgspec.MsgspecError, ValueError, OverflowError) as error:
            raise InputError(f"{where}: is no record of {self.FORMAT}: {error}") from None
        return found

    def frames(self) -> Iterator[Row]:
        """Time and what was seen, picture by picture."""
        time_ns = 0
        for number, picture in enumerate(self._rest()):
            step = round(1e9 / self._fps) if number else 0
            time_ns = time_ns + step if picture.time_ns is None else picture.time_ns
            self._learn(picture)
            yield time_ns, self._detections(picture.seen)

    def messages(self) -> Iterator[Message]:
        """The header, and each picture as a message."""
        yield self.header
        for sequence, (time_ns, seen) in enumerate(self.frames()):
            yield frame_metadata(seen, self.header.labels, self.header.camera, sequence, time_ns)

    def _rest(self) -> Iterator[Picture]:
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            yield ahead
        yield from self._pictures

    def _joined(self, pictures: Iterator[Picture]) -> Iterator[Picture]:
        """Of the camera that is wanted, records of one instant as one picture."""
        open_: Picture | None = None
        for one in pictures:
            if self._camera is None:
                self._camera = one.camera
            elif one.camera and one.camera != self._camera:
                if not self._chosen:
                    raise self._several(one.camera)
                continue
            if open_ is not None and one.time_ns is not None and one.time_ns == open_.time_ns:
                open_ = replace(open_, seen=open_.seen + one.seen)
                continue
            if open_ is not None:
                yield open_
            open_ = one
        if open_ is not None:
            yield open_

    def _several(self, other: str) -> InputError:
        return InputError(
            f"{self._name} holds several cameras, {self._camera!r} and {other!r} among them; "
            "choose one with --camera"
        )

    def _learn(self, picture: Picture) -> None:
        if self._index.learn(one.label for one in picture.seen):
            self.header = self._index.applied(self.header)

    def _detections(self, seen: tuple[Seen, ...]) -> Detections:
        tracked = all(one.track is not None for one in seen)
        if tracked:  # records of one instant may tell of one object twice: the last one counts
            seen = tuple({one.track: one for one in seen}.values())
        numbers = [self._number(one.track or "") for one in seen] if tracked else None
        return Detections(
            np.array([one.box for one in seen], np.float32).reshape(-1, 4),
            np.array([one.score for one in seen], np.float32),
            self._index.numbers(one.label for one in seen),
            None if numbers is None else np.array(numbers, np.int64),
        )

    def _number(self, track: str) -> int:
        if track not in self._numbers:
            plain = track.isascii() and track.isdigit() and len(track) < 10 and track[0] != "0"
            self._numbers[track] = int(track) if plain else self._named
            self._named += not plain
        return self._numbers[track]


def _check(picture: Picture) -> None:
    if picture.time_ns is not None and not 0 <= picture.time_ns < _LAST_NS:
        raise ValueError("its time lies outside of all that a clock can show")
    for one in picture.seen:
        if not all(isfinite(edge) and abs(edge) < _FAR for edge in one.box):
            raise ValueError(f"the box {one.box} is not in any picture")
        if one.box[0] > one.box[2] or one.box[1] > one.box[3]:
            raise ValueError(f"the box {one.box} ends before it begins")
        if not 0 <= one.score <= 1:
            raise ValueError(f"a score of {one.score:g} is not between 0 and 1")
