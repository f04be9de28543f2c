"""JSON documents of a file: one a line, one after the other, or in one list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from sightline.errors import InputError

_LONGEST_LINE = 1 << 24


def documents(stream: BinaryIO, name: str) -> Iterator[tuple[str, Any]]:
    """Each with what errors call its place. A last line that was cut off is left out.

    Raises InputError for what is no JSON. The stream is closed when this ends.
    """
    with stream:
        first = stream.readline(_LONGEST_LINE)
        try:
            msgspec.json.decode(first)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            yield from _whole(first + stream.read(), name)
            return
        yield from _lines(first, stream, name)


def _lines(line: bytes, stream: BinaryIO, name: str) -> Iterator[tuple[str, Any]]:
    number = 0
    while line:
        number += 1
        if not line.isspace():
            where = f"{name}, line {number}"
            try:
                told = msgspec.json.decode(line)
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
                if not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
                    return
                raise InputError(f"{where}: is no JSON: {error}") from None
            yield from _each(told, where)
        line = stream.readline(_LONGEST_LINE)


def _whole(data: bytes, name: str) -> Iterator[tuple[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: is no text in UTF-8 at byte {error.start}") from None
    decoder, at, number = json.JSONDecoder(), 0, 0
    while (at := _past_blank(text, at)) < len(text):
        number += 1
        where = f"{name}, record {number}"
        try:
            told, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
            raise InputError(f"{where}: is no JSON: {reason}") from None
        yield from _each(told, where)


def _past_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _each(told: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(told, list):
        yield from ((f"{where}, item {number}", one) for number, one in enumerate(told, 1))
    else:
        yield where, told
