"""Hours of the week in a place's own time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from sightline.analytics.rules.schedule import Schedule


def at(text: str, tz: str = "Europe/Oslo") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp()) * 10**9


SHOP: dict[str, Any] = {
    "tz": "Europe/Oslo",
    "week": {"mon-fri": "09:00-18:00", "sat": "10:00-14:00, 15:00-17:00"},
    "except": {"2026-12-24": "09:00-12:00", "2026-12-25": "closed"},
}


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-26T08:59", False),
        ("2026-11-26T09:00", True),
        ("2026-11-26T17:59", True),
        ("2026-11-26T18:00", False),
        ("2026-11-28T14:30", False),
        ("2026-11-28T15:00", True),
        ("2026-11-29T12:00", False),
        ("2026-12-24T11:59", True),
        ("2026-12-24T12:00", False),
        ("2026-12-25T12:00", False),
        ("2026-07-01T09:00", True),  # in summer time
    ],
)
def test_a_shop(moment: str, open_: bool) -> None:
    assert Schedule(**SHOP).covers(at(moment)) is open_


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-11-27T21:59", False),
        ("2026-11-27T22:00", True),
        ("2026-11-28T05:59", True),
        ("2026-11-28T06:00", False),
        ("2026-11-29T01:00", False),
    ],
)
def test_a_night_goes_on_over_midnight(moment: str, on: bool) -> None:
    night = Schedule(tz="Europe/Oslo", week={"fri": "22:00-06:00"})
    assert night.covers(at(moment)) is on


def test_the_hour_that_comes_twice_and_the_one_that_is_skipped() -> None:
    early = Schedule(tz="Europe/Oslo", week={"sun": "02:00-03:00"})
    begin = at("2026-10-25T00:00")
    minutes = sum(early.covers(begin + minute * 60 * 10**9) for minute in range(26 * 60))
    assert minutes == 120
    begin = at("2026-03-29T00:00")
    assert not any(early.covers(begin + minute * 60 * 10**9) for minute in range(23 * 60))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tz": "Europe/Atlantis"}, "no time zone"),
        ({"tz": "../../etc/passwd"}, "no time zone"),
        ({"week": {}}, "at least 1"),
        ({"week": {"someday": "09:00-10:00"}}, "are no days"),
        ({"week": {"mon": "9-10"}}, "are no hours"),
        ({"week": {"mon": "09:00-25:00"}}, "no hours of a day"),
        ({"week": {"mon": "09:00-09:00"}}, "no hours of a day"),
        ({"week": {"mon": "09:60-10:00"}}, "no hours of a day"),
        ({"except": {"christmas": "closed"}}, "date"),
    ],
)
def test_what_is_no_schedule(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Schedule(**{**SHOP, **change})
