"""Whole numbers in as few bytes as they need (LEB128, zigzag for signed), many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LONGEST = 10  # bytes of 64 bits at 7 bits a byte
_SHIFTS = np.arange(_LONGEST, dtype=np.uint64) * np.uint64(7)
_LIMITS = np.uint64(1) << _SHIFTS[1:]
_PLACES = np.arange(_LONGEST)
_FEW = 64  # up to so many, a loop over bytes costs less than a dozen calls of NumPy
_MASK = (1 << 64) - 1


def encode(values: NDArray[np.uint64]) -> bytes:
    """Each value as little-endian groups of 7 bits; the high bit says that more follow."""
    lengths = 1 + (values[:, None] >= _LIMITS).sum(1, keepdims=True)
    groups: NDArray[np.uint8] = ((values[:, None] >> _SHIFTS) & np.uint64(0x7F)).astype(np.uint8)
    groups[lengths - 1 > _PLACES] |= 0x80
    data: bytes = groups[lengths > _PLACES].tobytes()
    return data


def decode(data: NDArray[np.uint8], count: int) -> tuple[NDArray[np.uint64], int]:
    """The first `count` values in `data`, and how many bytes they took.

    Raises ValueError where `data` holds fewer, or one longer than 64 bits.
    """
    if count == 0:
        return np.empty(0, np.uint64), 0
    if count <= _FEW:
        return _few(data[: _LONGEST * count].tobytes(), count)
    ends = np.flatnonzero(data[: _LONGEST * count] < 0x80)[:count]
    if len(ends) < count:
        raise ValueError("numbers end early")
    starts = np.concatenate(([0], ends[:-1] + 1))
    return at(data, starts, ends), int(ends[-1]) + 1


def _few(data: bytes, count: int) -> tuple[NDArray[np.uint64], int]:
    """As `decode`."""
    values: list[int] = []
    value = shift = 0
    for place, byte in enumerate(data):
        if byte >= 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            continue
        values.append((value | byte << shift) & _MASK)
        if shift >= 7 * _LONGEST:
            raise ValueError("a number is longer than 64 bits")
        if len(values) == count:
            return np.array(values, np.uint64), place + 1
        value = shift = 0
    raise ValueError("numbers end early")


def at(
    data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.uint64]:
    """The values whose first and last bytes stand there. Raises ValueError as `decode` does."""
    lengths = ends - starts + 1
    longest = int(lengths.max(initial=1))
    if longest > _LONGEST:
        raise ValueError("a number is longer than 64 bits")
    values: NDArray[np.uint64] = (data[starts] & 0x7F).astype(np.uint64)
    for place in range(1, longest):
        more = np.flatnonzero(lengths > place)
        groups = (data[starts[more] + place] & 0x7F).astype(np.uint64)
        values[more] |= groups << _SHIFTS[place]
    return values


def zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Signed to unsigned such that what is near zero stays small: 0, -1, 1, -2, ..."""
    return ((values << 1) ^ (values >> 63)).view(np.uint64)


def unzigzag(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The inverse of `zigzag`."""
    return (values >> np.uint64(1)).view(np.int64) ^ -(values & np.uint64(1)).view(np.int64)
