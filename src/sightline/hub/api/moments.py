"""Instants and ranges in addresses."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query

from sightline.hub.refused import Refused

_FARTHEST_NS = 1 << 62
_BACK = re.compile(r"-(\d{1,9})(s|min|m|h|d)")
_UNITS_NS = {"s": 10**9, "m": 60 * 10**9, "min": 60 * 10**9, "h": 3600 * 10**9, "d": 86400 * 10**9}
_FORMS = "2026-11-26T09:00:00Z, nanoseconds since 1970, or -2h for two hours ago"


@dataclass(frozen=True, slots=True)
class Range:
    """from_ns <= time < to_ns, nanoseconds since the Unix epoch; None is open."""

    from_ns: int | None
    to_ns: int | None

    def closed(self, usual_s: float) -> tuple[int, int]:
        """Both ends: the last `usual_s` seconds where nothing is said. Raises Refused."""
        to_ns = time.time_ns() if self.to_ns is None else self.to_ns
        from_ns = to_ns - int(usual_s * 1e9) if self.from_ns is None else self.from_ns
        if from_ns >= to_ns:
            raise Refused("the range is empty: `from` has to be before `to`")
        return from_ns, to_ns


def moment_ns(text: str, what: str) -> int | None:
    """An instant as people and programs write it. Raises Refused."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text[:20]), _FARTHEST_NS)
    if back := _BACK.fullmatch(text):
        return max(0, time.time_ns() - int(back[1]) * _UNITS_NS[back[2]])
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return max(0, int(found.timestamp() * 1000) * 10**6)
    except (ValueError, OverflowError):
        raise Refused(f"{what}: {text!r:.60} is no instant; write {_FORMS}") from None


def _range(
    begin: Annotated[str, Query(alias="from", max_length=64, description=f"Begin: {_FORMS}.")] = "",
    end: Annotated[str, Query(alias="to", max_length=64, description="End, exclusive.")] = "",
) -> Range:
    return Range(moment_ns(begin, "from"), moment_ns(end, "to"))


Between = Annotated[Range, Depends(_range)]
