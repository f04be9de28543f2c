import json

from hypothesis import given
from hypothesis import strategies as st

from sightline.analytics.spells import Spells


def told(after_s: float, grace_s: float, times: list[float], until: float) -> list[str]:
    spells, said = Spells(after_s, grace_s), []
    for tenth in range(round(until * 10) + 1):
        now = tenth / 10
        begun, ended = spells.update([7] if now in times else [], now)
        said += [f"+{one.since_s:g}@{now:g}" for _, one in begun]
        said += [f"-{one.last_s:g}@{now:g}" for _, one in ended]
    return said


def tenths(first: int, last: int) -> list[float]:
    return [at / 10 for at in range(first, last + 1)]


def test_it_is_told_once_it_has_lasted_and_again_when_it_is_over() -> None:
    assert told(0.5, 0.25, tenths(10, 30), 5) == ["+1@1.5", "-3@3.3"]


def test_what_is_short_is_never_told() -> None:
    assert told(0.5, 0.2, tenths(10, 14), 5) == []


def test_a_gap_within_the_grace_is_none() -> None:
    assert told(0.5, 0.4, tenths(10, 20) + tenths(23, 30), 5) == ["+1@1.5", "-3@3.5"]


def test_a_gap_beyond_it_ends_one_spell_and_begins_another() -> None:
    said = told(0.0, 0.15, tenths(10, 20) + tenths(25, 30), 5)
    assert said == ["+1@1", "-2@2.2", "+2.5@2.5", "-3@3.2"]


def test_a_key_that_means_something_else_now_is_dropped_in_silence() -> None:
    spells = Spells(0, 1)
    spells.update([1], 0)
    spells.drop([1])
    assert spells.update([], 9) == ([], [])


@given(st.lists(st.tuples(st.sets(st.integers(0, 3)), st.floats(0.01, 2)), max_size=40))
def test_each_begins_before_it_ends_and_a_restart_changes_nothing(steps: list[object]) -> None:
    plain, broken = Spells(0.4, 0.5), Spells(0.4, 0.5)
    now, balance = 0.0, dict.fromkeys(range(4), 0)
    for keys, step in steps:  # type: ignore[misc]
        now += step
        again = Spells(0.4, 0.5)
        again.restore(json.loads(json.dumps(broken.state())))
        broken = again
        begun, ended = plain.update(keys, now)
        assert broken.update(keys, now) == (begun, ended)
        for key, _ in ended:
            balance[key] -= 1
        for key, _ in begun:
            balance[key] += 1
        assert set(balance.values()) <= {0, 1}
    assert {key for key, open_ in balance.items() if open_} == plain.told()
