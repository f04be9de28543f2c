"""ONVIF's metadata stream: frames of its scene description, with identities.

<tt:Frame UtcTime="2026-11-26T09:30:00Z"><tt:Object ObjectId="12"><tt:Appearance><tt:Shape>
<tt:BoundingBox left="-0.9" top="0.5" right="-0.5" bottom="0.1"/>…

Places lie in -1..1 with y upwards, after the frame's own scale and shift. A stream that was
recorded as documents one after the other is read as well as a single one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.parsers import expat

from sightline.errors import InputError
from sightline.wire.formats.foreign.picture import Picture, Seen, instant
from sightline.wire.formats.foreign.reader import ForeignReader

_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_DEEPEST = 100


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    inner: list[_Element] = field(default_factory=list)
    text: str = ""

    def find(self, *path: str) -> _Element | None:
        """The first element along a path of names."""
        here: _Element | None = self
        for name in path:
            here = next((one for one in here.inner if one.name == name), None) if here else None
        return here

    def number(self, name: str, default: float | None = None) -> float:
        """An attribute. Raises ValueError."""
        told = self.attributes.get(name)
        if told is None and default is not None:
            return default
        if told is None:
            raise ValueError(f"{self.name} has no {name!r}")
        return float(told)


class OnvifReader(ForeignReader):
    """Whose class is not told in a frame keeps the one that was told; before that, "object"."""

    FORMAT = "onvif"

    def pictures(self, stream: BinaryIO, name: str) -> Iterator[Picture]:
        """Of all frames of the stream."""
        with stream:
            data = _DECLARATION.sub(b"", stream.read().removeprefix(b"\xef\xbb\xbf"))
        for number, frame in enumerate(_frames(data, name), 1):
            found = self.guarded(f"{name}, frame {number}", self.picture, frame)
            if found is not None:
                yield found

    def picture(self, told: Any) -> Picture | None:
        """One frame; one without a time is none."""
        time = told.attributes.get("UtcTime")
        if time is None:
            raise ValueError("Frame has no 'UtcTime'")
        objects = (one for one in told.inner if one.name == "Object")
        seen = (self._seen(one, told.find("Transformation")) for one in objects)
        return Picture(instant(time), tuple(one for one in seen if one is not None))

    def _seen(self, one: _Element, moved: _Element | None) -> Seen | None:
        box = one.find("Appearance", "Shape", "BoundingBox")
        track = one.attributes.get("ObjectId")
        told = one.find("Appearance", "Class", "Type")
        if track is not None and told is not None and told.text.strip():
            self.classes[track] = told.text.strip()
        if box is None:
            return None
        label = self.classes.get(track or "", "object")
        score = told.number("Likelihood", 1.0) if told else 1.0
        return Seen(label, score, _corners(box, moved), track)


def _corners(box: _Element, moved: _Element | None) -> tuple[float, float, float, float]:
    scale = moved.find("Scale") if moved else None
    shift = moved.find("Translate") if moved else None

    def place(side: str, axis: str) -> float:
        value = box.number(side)
        value *= scale.number(axis) if scale else 1.0
        value += shift.number(axis) if shift else 0.0
        return (value + 1) / 2 if axis == "x" else (1 - value) / 2

    # The scale may turn an axis round.
    xs = sorted((place("left", "x"), place("right", "x")))
    ys = sorted((place("top", "y"), place("bottom", "y")))
    return xs[0], ys[0], xs[1], ys[1]


def _frames(data: bytes, name: str) -> list[_Element]:
    """Every Frame. Prefixes are left out, since fragments do not declare them.

    Within an element no document type can be declared, so there are no entities to expand.
    """
    stack = [_Element("", {})]
    found: list[_Element] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise InputError(f"{name}: its elements are nested too deeply")
        stack.append(_Element(tag.rpartition(":")[2], attributes))

    def end(_: str) -> None:
        done = stack.pop()
        if done.name == "Frame":
            found.append(done)
        elif len(stack) > 1:
            stack[-1].inner.append(done)

    def say(text: str) -> None:
        stack[-1].text += text

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = say
    try:
        parser.Parse(b"<all>", False)
        parser.Parse(data, False)
        parser.Parse(b"</all>", True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}" if error.lineno else "its end"
        raise InputError(f"{name}, {where}: is no XML: {expat.ErrorString(error.code)}") from None
    return found
