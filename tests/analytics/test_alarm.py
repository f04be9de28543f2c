import json

from hypothesis import given
from hypothesis import strategies as st

from sightline.analytics.alarm import Alarm


def test_on_above_the_limit_for_long_enough_and_off_well_below() -> None:
    alarm, told = Alarm(limit=5, relief=3, for_s=2), []
    values = [6, 6, 5, 6, 6, 6, 4, 4, 4, 3, 3, 6, 3, 3, 3]
    for now, value in enumerate(values):
        told.append(alarm.update(value, now))
    assert [now for now, changed in enumerate(told) if changed is True] == [5]
    assert [now for now, changed in enumerate(told) if changed is False] == [14]
    assert alarm.count == 1


@given(st.lists(st.integers(0, 10), max_size=60), st.integers(0, 60))
def test_it_goes_on_and_off_in_turn_and_a_restart_changes_nothing(
    values: list[int], at: int
) -> None:
    whole, parted, told = Alarm(6, 4, 1.5), Alarm(6, 4, 1.5), []
    for now, value in enumerate(values):
        if now == at:
            state = json.loads(json.dumps(parted.state()))
            parted = Alarm(6, 4, 1.5)
            parted.restore(state)
        changed = whole.update(value, now)
        assert parted.update(value, now) == changed
        told += [] if changed is None else [changed]
    assert told == [number % 2 == 0 for number in range(len(told))]
