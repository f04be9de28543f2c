"""The little of FlatBuffers that is needed: tables, vectors and scalars, every step checked."""

from __future__ import annotations

import struct


class Table:
    """A table at a place in a buffer. Raises ValueError wherever the buffer leads outside."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place
        self._fields = place - _read(data, "<i", place)
        self._length = _read(data, "<H", self._fields)

    @classmethod
    def root(cls, data: bytes) -> Table:
        """The one that a buffer begins with."""
        return cls(data, _read(data, "<I", 0))

    def number(self, field: int, form: str, default: float = 0) -> float:
        """A scalar by the form that `struct` gives it."""
        at = self._at(field)
        return default if at is None else _read(self._data, form, at)

    def table(self, field: int) -> Table | None:
        """What a field points to."""
        at = self._at(field)
        return None if at is None else Table(self._data, at + _read(self._data, "<I", at))

    def tables(self, field: int) -> list[Table]:
        """A vector of tables."""
        at = self._at(field)
        if at is None:
            return []
        begin = at + _read(self._data, "<I", at)
        count = _read(self._data, "<I", begin)
        if count * 4 > len(self._data):
            raise ValueError(f"a list of {count} does not fit into {len(self._data)} bytes")
        places = range(begin + 4, begin + 4 + 4 * count, 4)
        return [Table(self._data, one + _read(self._data, "<I", one)) for one in places]

    def _at(self, field: int) -> int | None:
        slot = 4 + 2 * field
        if slot + 2 > self._length:
            return None
        offset: int = _read(self._data, "<H", self._fields + slot)
        return self._place + offset if offset else None


def _read(data: bytes, form: str, at: int) -> int:
    if not 0 <= at <= len(data) - struct.calcsize(form):
        raise ValueError(f"its bytes point to {at}, outside of the {len(data)} that there are")
    value: int = struct.unpack_from(form, data, at)[0]
    return value
