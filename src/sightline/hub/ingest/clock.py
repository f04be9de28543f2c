"""What to make of a camera's clock that cannot be right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_DAY_NS = 86400 * 10**9
_PAST_NS, _FUTURE_NS = 400 * _DAY_NS, _DAY_NS


def placed(time_ns: int, arrived_ns: int) -> int:
    """When to count something: its own time, or that of its arrival where its clock is mad.

    The time that the camera gave is stored in any case.
    """
    sane = arrived_ns - _PAST_NS < time_ns < arrived_ns + _FUTURE_NS
    return time_ns if sane else arrived_ns


def all_placed(times: NDArray[np.int64], arrived_ns: int) -> NDArray[np.int64]:
    """The same for many."""
    sane = (times > arrived_ns - _PAST_NS) & (times < arrived_ns + _FUTURE_NS)
    return times if sane.all() else np.where(sane, times, arrived_ns)
