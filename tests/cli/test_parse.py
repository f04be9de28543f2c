from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.cli.parse import parse_line, parse_roi, parse_size, parse_zone
from sightline.errors import ConfigError


def test_a_line() -> None:
    line = parse_line("front door:0.5, 0,0.5,1")
    assert (line.name, line.points) == ("front door", ((0.5, 0), (0.5, 1)))


def test_a_name_may_hold_colons() -> None:
    assert parse_line("cam:1:0,0,1,1").name == "cam:1"


def test_a_zone() -> None:
    zone = parse_zone("till:0,0,1,0,1,1")
    assert (zone.name, zone.polygon) == ("till", ((0, 0), (1, 0), (1, 1)))


def test_a_size() -> None:
    assert parse_size("1920x1080") == parse_size(" 1920 X 1080 ") == (1920, 1080)


def test_a_region() -> None:
    assert parse_roi("0.25,0,0.5,1") == (0.25, 0, 0.5, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,0,1,1", "the name and a colon are missing"),
        (":0,0,1,1", "the name and a colon are missing"),
        ("a:0,0,1", "3 numbers make no pairs"),
        ("a:0,0,1,b", "'b' is not a number"),
        ("a:0,0,1,nan", "'nan' is not a number"),
        ("a:", "'' is not a number"),
        ("a:0,0", "a line has 2 points, not 1 point"),
        ("a:0,0,1,1,0,1", "a line has 2 points, not 3 points"),
        ("a:0.5,0,0.5,0", "both points are (0.5, 0)"),
        ("a:0.5,0,0.5,2", "point 2 (0.5, 2) is outside the picture"),
    ],
)
def test_a_line_that_is_none_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_line(text)
    assert words in str(refused.value)
    assert f"--line {text!r}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:0,0,1,1", "needs at least 3 points; it has 2"),
        ("a:0,0,1,1,1,0,0,1", "crosses itself: the edge 1-2 meets the edge 3-4"),
        ("a:0,0,1,0,9,1", "point 3 (9, 1) is outside the picture"),
    ],
)
def test_a_zone_that_is_none_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_zone(text)
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["1920", "0x3", "-1x3", "1920x1080x3", "99999999x2", "axb", ""])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="such as --size 1920x1080"):
        parse_size(text)


@pytest.mark.parametrize("text", ["0,0,1", "0,0,0,1", "0.5,0,0.6,1", "-0.1,0,1,1", "a,b,c,d"])
def test_a_region_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="such as --roi"):
        parse_roi(text)


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    for parse in (parse_line, parse_zone, parse_size, parse_roi):
        with suppress(ConfigError):
            assert parse(text)
