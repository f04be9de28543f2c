"""Passwords may be tried a few times, and then ever more slowly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.auth.limiter import Limiter, neighbourhood

KEYS = ("name ada", "from 10.0.0.1")


def test_the_first_failures_cost_nothing_and_further_ones_double() -> None:
    limiter = Limiter()
    waits = []
    for _ in range(9):
        waits.append(limiter.wait_s(KEYS, 0))
        limiter.failed(KEYS, 0)
    assert waits == [0, 0, 0, 0, 0, 0, 2, 4, 8]


def test_a_right_password_forgives() -> None:
    limiter = Limiter()
    for _ in range(20):
        limiter.failed(KEYS, 0)
    limiter.passed(KEYS)
    assert limiter.wait_s(KEYS, 0) == 0


def test_a_name_is_slowed_from_wherever_it_is_tried() -> None:
    limiter = Limiter()
    for number in range(8):
        limiter.failed(("name ada", f"from 10.0.0.{number}"), 0)
    assert limiter.wait_s(("name ada", "from 192.168.0.1"), 0) > 0
    assert limiter.wait_s(("name bob", "from 192.168.0.1"), 0) == 0


@given(st.lists(st.floats(0, 100), max_size=60))
def test_no_wait_is_longer_than_a_quarter_of_an_hour(steps: list[float]) -> None:
    limiter, now = Limiter(), 0.0
    for step in steps:
        now += step
        limiter.failed(KEYS, now)
    assert 0 <= limiter.wait_s(KEYS, now) <= 900 + 1e-6


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("", ""),
    ],
)  # fmt: skip
def test_who_has_many_addresses_is_one(remote: str, counted: str) -> None:
    assert neighbourhood(remote) == counted
