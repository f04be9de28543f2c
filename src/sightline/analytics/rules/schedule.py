"""Calendars: hours of the week in a place's own time, with days that are different."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_MINUTES = 24 * 60

Spans = tuple[tuple[int, int], ...]  # minutes of the day, end exclusive; beyond 1440 on the next


class Schedule(BaseModel):
    """When something is meant to be.

    tz      a time zone by its IANA name: Europe/Oslo
    week    hours by day or days: {"mon-fri": "09:00-18:00", "sat": "10:00-14:00, 15:00-17:00"};
            what ends before it begins goes on over midnight
    except  by date: {"2026-12-24": "09:00-12:00", "2026-12-25": "closed"}
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    tz: str = "UTC"
    week: dict[str, str] = Field(min_length=1)
    except_: dict[date, str] = Field(default_factory=dict, alias="except")

    @field_validator("tz")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"there is no time zone {value!r}; write one such as Europe/Oslo"
            ) from None
        return value

    @field_validator("week")
    @classmethod
    def _week_is_sound(cls, value: dict[str, str]) -> dict[str, str]:
        for days, hours in value.items():
            _days(days)
            _spans(hours)
        return value

    @field_validator("except_")
    @classmethod
    def _exceptions_are_sound(cls, value: dict[date, str]) -> dict[date, str]:
        for hours in value.values():
            _spans(hours)
        return value

    @cached_property
    def _by_day(self) -> dict[int, Spans]:
        found: dict[int, Spans] = {}
        for days, hours in self.week.items():
            for day in _days(days):
                found[day] = (*found.get(day, ()), *_spans(hours))
        return found

    def covers(self, time_ns: int) -> bool:
        """Whether an instant, in nanoseconds since the Unix epoch, lies in it."""
        local = self.local(time_ns)
        minute = local.hour * 60 + local.minute
        today, yesterday = local.date(), local.date() - timedelta(days=1)
        return any(begin <= minute < end for begin, end in self._of(today)) or any(
            begin <= minute + _MINUTES < end for begin, end in self._of(yesterday)
        )

    def local(self, time_ns: int) -> datetime:
        """An instant as clocks there show it."""
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)
        return moment.astimezone(ZoneInfo(self.tz))

    def _of(self, day: date) -> Spans:
        if day in self.except_:
            return _spans(self.except_[day])
        return self._by_day.get(day.weekday(), ())


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, sign, last = part.partition("-")
        if first not in DAYS or (sign and last not in DAYS):
            raise ValueError(f"{text!r} are no days; write mon-fri, or sat, sun")
        begin, end = DAYS.index(first), DAYS.index(last) if sign else DAYS.index(first)
        found += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    return found


def _spans(text: str) -> Spans:
    if text.strip().lower() in ("closed", "never", ""):
        return ()
    if text.strip().lower() in ("always", "all day"):
        return ((0, _MINUTES),)
    found = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{text!r} are no hours; write 09:00-18:00, or closed")
        hours = [int(group) for group in match.groups()]
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if max(hours[1], hours[3]) > 59 or begin >= _MINUTES or end > _MINUTES or begin == end:
            raise ValueError(f"{part.strip()!r} are no hours of a day")
        found.append((begin, end if end > begin else end + _MINUTES))
    return tuple(found)
