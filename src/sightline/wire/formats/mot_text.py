"""Lines of comma-separated numbers to one array."""

from __future__ import annotations

import io
from math import nan

import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError

_EXPECTED = "frame,id,left,top,width,height,score was expected"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FEWEST, _MOST = 6, 10
_LAST_FRAME = 100_000_000
_LARGEST = 1 << 52  # whole numbers are exact up to here


def parse(data: bytes, name: str) -> NDArray[np.float64]:
    """(lines, columns) of all lines that are not blank; shorter lines are filled with -1.

    Raises InputError that names the file, the line and what is wrong with it.
    """
    if not data.strip().strip(_BYTE_ORDER_MARK):
        raise InputError(f"{name} is empty; {_EXPECTED}")
    try:
        rows = np.loadtxt(io.BytesIO(data), delimiter=",", ndmin=2, comments=None)
    except (ValueError, OverflowError):
        return _line_by_line(data, name)
    if not _FEWEST <= rows.shape[1] <= _MOST or not _plausible(rows):
        return _line_by_line(data, name)
    return rows


def _plausible(rows: NDArray[np.float64]) -> bool:
    frames = rows[:, 0]
    return bool(
        (np.abs(rows) <= _LARGEST).all()
        and (frames >= 0).all()
        and (frames <= _LAST_FRAME).all()
        and (frames == np.floor(frames)).all()
        and (rows[:, 4:6] >= 0).all()
    )


def _line_by_line(data: bytes, name: str) -> NDArray[np.float64]:
    """What a regular file does not need: lines of different length, and finding the bad one."""
    rows: list[list[float]] = []
    text = data.decode("utf-8-sig", errors="replace")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            rows.append(_numbers(line, f"{name}, line {number}"))
    if not rows:
        raise InputError(f"{name} is empty; {_EXPECTED}")
    columns = max(map(len, rows))
    return np.array([row + [-1.0] * (columns - len(row)) for row in rows])


def _numbers(line: str, where: str) -> list[float]:
    fields = line.strip().rstrip(",").split(",")
    if not _FEWEST <= len(fields) <= _MOST:
        shown = "one column" if len(fields) == 1 else f"{len(fields)} columns"
        raise InputError(f"{where}: has {shown}; {_EXPECTED}")
    values = [_number(field, where) for field in fields]
    frame, width, height = values[0], values[4], values[5]
    if frame != frame // 1 or not 0 <= frame <= _LAST_FRAME:
        raise InputError(f"{where}: {frame:g} cannot be a frame number; {_EXPECTED}")
    if min(width, height) < 0:
        raise InputError(f"{where}: a box of {width:g} x {height:g} cannot be; {_EXPECTED}")
    return values


def _number(field: str, where: str) -> float:
    try:
        value = float(field)
    except ValueError:
        value = nan
    if not abs(value) <= _LARGEST:
        raise InputError(f"{where}: {field.strip()[:40]!r} is no number to work with; {_EXPECTED}")
    return value
