"""Today against last week: right at midnight, in every time zone, and when clocks are changed."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hubkit import SECOND, Speaker
from hubrun import RunningHub, running_hub
from visits import settle, visits

from sightline.web import mount
from sightline.web.assets import assets
from sightline.wire.messages import Event

HOUR = 3_600_000


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.fixture
def ask(browser: Any, bare_server: str) -> Iterator[Any]:
    """What a module of the dashboard answers somebody in a time zone."""
    contexts = []

    def run(zone: str, module: str, function: str, argument: Any) -> Any:
        contexts.append(browser.new_context(timezone_id=zone))
        page = contexts[-1].new_page()
        page.goto(f"{bare_server}/login")
        path = f"/assets/{assets().version}/{module}"
        code = f"async ([path, argument]) => ({function})(await import(path), argument)"
        return page.evaluate(code, [path, argument])

    yield run
    for context in contexts:
        context.close()


SPANS = [  # zone, now, today from, today by, last week: (from, to, by) …
    ("UTC", "2026-05-06T10:20Z", "2026-05-06T00:00Z", "hour",
     [("2026-04-29T00:00Z", "2026-04-29T10:00Z", "hour"),
      ("2026-04-29T10:00Z", "2026-04-29T10:20Z", "minute")]),
    ("UTC", "2026-05-06T00:07Z", "2026-05-06T00:00Z", "hour",  # no hour is over
     [("2026-04-29T00:00Z", "2026-04-29T00:07Z", "minute")]),
    ("UTC", "2026-05-06T09:00Z", "2026-05-06T00:00Z", "hour",  # an hour is over just now
     [("2026-04-29T00:00Z", "2026-04-29T09:00Z", "hour")]),
    ("Europe/Oslo", "2026-03-30T12:00+02:00", "2026-03-30T00:00+02:00", "hour",
     [("2026-03-23T00:00+01:00", "2026-03-23T12:00+01:00", "hour")]),  # an hour lost between
    ("Europe/Oslo", "2026-03-29T12:00+02:00", "2026-03-29T00:00+01:00", "hour",
     [("2026-03-22T00:00+01:00", "2026-03-22T12:00+01:00", "hour")]),  # a day of 23 hours
    ("Europe/Oslo", "2026-10-25T12:00+01:00", "2026-10-25T00:00+02:00", "hour",
     [("2026-10-18T00:00+02:00", "2026-10-18T12:00+02:00", "hour")]),  # one of 25
    ("Asia/Kolkata", "2026-05-06T10:20+05:30", "2026-05-06T00:00+05:30", "minute",
     [("2026-04-29T00:00+05:30", "2026-04-29T10:20+05:30", "minute")]),
    ("America/Santiago", "2026-09-06T03:00-03:00", "2026-09-06T01:00-03:00", "hour",
     [("2026-08-30T01:00-04:00", "2026-08-30T03:00-04:00", "hour")]),  # a day without midnight
]  # fmt: skip


@pytest.mark.parametrize(("zone", "now", "start", "by", "before"), SPANS)
def test_as_much_of_the_day_a_week_ago(
    ask: Any, zone: str, now: str, start: str, by: str, before: list[tuple[str, str, str]]
) -> None:
    found = ask(zone, "analytics/today.js", "(m, now) => m.spans(now)", ms(now))
    assert found["today"] == [ms(start), ms(now), by]
    assert found["before"] == [[ms(begin), ms(end), step] for begin, end, step in before]


def test_at_midnight_itself_nothing_is_asked_that_is_empty(ask: Any) -> None:
    now = ms("2026-05-06T00:00Z")
    found = ask("UTC", "analytics/today.js", "(m, now) => m.spans(now)", now)
    for begin, end, _ in [found["today"], *found["before"]]:
        assert begin < end


@pytest.mark.parametrize(
    ("span", "now", "begin", "end"),
    [("today", "2026-03-30T12:00+02:00", "2026-03-23T00:00+01:00", "2026-03-23T12:00+01:00"),
     ("day", "2026-03-30T12:00+02:00", "2026-03-22T12:00+01:00", "2026-03-23T12:00+01:00"),
     ("week", "2026-03-30T12:00+02:00", "2026-03-16T11:00+01:00", "2026-03-23T12:00+01:00"),
     ("hour", "2026-03-29T03:30+02:00", "2026-03-29T00:30+01:00", "2026-03-29T01:30+01:00")],
)  # fmt: skip
def test_ranges_are_compared_by_the_calendar(
    ask: Any, span: str, now: str, begin: str, end: str
) -> None:
    code = "(m, [span, now]) => m.before(m.rangeOf({ span }, now))"
    found = ask("Europe/Oslo", "components/range.js", code, [span, ms(now)])
    assert found == {"from": ms(begin), "to": ms(end)}


def test_bars_begin_where_the_hours_of_the_day_do(ask: Any) -> None:
    start = ms("2026-05-06T00:00+05:30")
    minutes = [start // 1000 + 60 * at for at in (0, 59, 60, 150)]
    told = {
        "starts": minutes,
        "series": [{"part": "in", "n": [1, 2, 4, 8]}, {"part": "out", "n": [9] * 4}],
    }
    code = "(m, [told, start]) => m.hourly(told, start, 'in')"
    found = ask("Asia/Kolkata", "analytics/today.js", code, [told, start])
    assert found == [[start, 3], [start + HOUR, 4], [start + 2 * HOUR, 8]]


ZONE = ZoneInfo("Asia/Kolkata")
DAY = datetime.fromtimestamp(time.time() - 20 * 86400, ZONE).replace(
    hour=0, minute=0, second=0, microsecond=0
)  # a day that is over, from where a page is told that it is


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("today"), mount) as running:
        settle(running)
        running.enrol("front")
        week = timedelta(days=7)
        minutes = [
            *(DAY + timedelta(minutes=at) for at in (-10, 10, 45, 70)),
            *(DAY - week + timedelta(minutes=at) for at in (-10, 10, 200)),
        ]
        said = [
            Event("line.crossed", int(at.timestamp()) * SECOND, "door", "front", number, "person",
                  data={"direction": "in"})
            for number, at in enumerate(minutes)
        ]  # fmt: skip
        speaker = Speaker("front", now_ns=time.time_ns())
        running.hear(speaker.announce(), speaker.say(*said))
        yield running


@pytest.mark.parametrize(
    ("at", "came", "says"),
    [(90, "3", "+200%"), (30, "1", "0%"), (5, "0", "nothing to compare"), (205, "3", "+50%")],
)
def test_the_overview_counts_the_day_of_who_looks(
    browser: Any, hub: RunningHub, at: int, came: str, says: str
) -> None:
    with visits(browser, hub) as make:
        visit = make("viewer", timezone_id="Asia/Kolkata")
        visit.page.clock.set_fixed_time(DAY + timedelta(minutes=at))
        page = visit.go("/")
        tile = page.locator(".tile", has_text="Came in today")
        tile.wait_for()
        assert tile.locator("strong").inner_text() == came
        assert says in tile.inner_text()
