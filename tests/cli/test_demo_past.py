"""Which time of the demonstration is filled, and when it is not filled again."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sightline.cli.demo_past import days_between, marked
from sightline.hub.demo.mark import read_mark, write_mark
from sightline.hub.settings import Settings

NOW = 1_790_000_000
DAY = 86400
BY = ("user demo", "token demo")


@dataclass
class Folder:
    settings: Settings


@pytest.fixture
def hub(tmp_path: Path) -> Any:
    return Folder(Settings(data=tmp_path))


def test_a_month_at_first_and_the_same_month_until_it_is_whole(hub: Any) -> None:
    first = marked(hub, BY, NOW, 0)
    assert first.done == 0
    [(begin, end)] = first.spans
    assert end == NOW
    assert 29 * DAY <= end - begin < 30 * DAY
    assert marked(hub, BY, NOW + 5000, NOW + 4000) == first


def test_later_what_passed_since_the_cameras_were_seen(hub: Any) -> None:
    first = marked(hub, BY, NOW, 0)
    write_mark(
        hub.settings.data, type(first)(first.cameras, first.by, first.seed, first.spans, 1.0)
    )
    assert marked(hub, BY, NOW + 600, NOW + 100).done == 1
    later = marked(hub, BY, NOW + 3 * DAY, NOW + 500)
    assert later.spans == (*first.spans, (NOW + 500, NOW + 3 * DAY))
    assert later.done == 0
    assert read_mark(hub.settings.data) == later


def test_days_of_a_span() -> None:
    days = days_between(NOW - 2 * DAY, NOW)
    assert days[-1] == date.fromtimestamp(NOW)
    assert len(days) == 3
