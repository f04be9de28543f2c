"""When packets are left out: the state machine, packet by packet."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.source.idle import IdleGate, Verdict

_PIXELS = 1920 * 1080
_GOP = 50


class Stream:
    """25 packets a second, a keyframe every two seconds; sizes shake like a camera's."""

    def __init__(self, gate: IdleGate, seed: int = 0) -> None:
        self.gate = gate
        self.number = 0
        self._random = np.random.default_rng(seed)

    @property
    def now(self) -> float:
        return self.number / 25

    def run(
        self, seconds: float, scale: float = 1.0, moves: bool = False, busy: bool = False
    ) -> Iterator[Verdict]:
        for _ in range(round(seconds * 25)):
            keyframe = self.number % _GOP == 0
            size = 200_000 if keyframe else 1500 * scale * self._random.normal(1, 0.15)
            verdict = self.gate.packet(max(1, int(size)), keyframe, self.now, busy)
            decoded = verdict is not Verdict.HOLD
            if decoded and self.gate.wants_look(self.now):
                self.gate.looked(moves, self.now)
            self.number += 1
            yield verdict


@pytest.fixture
def stream() -> Stream:
    return Stream(IdleGate(_PIXELS, intra_only=False))


def asleep(stream: Stream, seconds: float = 20) -> list[Verdict]:
    verdicts = list(stream.run(seconds))
    assert stream.gate.idle
    return verdicts


def test_everything_is_decoded_until_nothing_has_moved_for_seconds(stream: Stream) -> None:
    verdicts = asleep(stream)
    first = verdicts.index(Verdict.LOOK)
    assert first == 100, "the first keyframe after three calm seconds"
    assert set(verdicts[:first]) == {Verdict.DECODE}


def test_then_only_keyframes_are(stream: Stream) -> None:
    verdicts = asleep(stream, 4.2) + list(stream.run(60))
    after = verdicts[100:]
    assert set(after) == {Verdict.LOOK, Verdict.HOLD}
    assert all((v is Verdict.LOOK) == (i % _GOP == 0) for i, v in enumerate(after))


@pytest.mark.parametrize("seed", range(5))
def test_noise_does_not_wake(seed: int) -> None:
    stream = Stream(IdleGate(_PIXELS, intra_only=False), seed)
    asleep(stream, 4.2)
    assert Verdict.WAKE not in list(stream.run(600))


def test_a_burst_of_sizes_wakes_within_300_ms(stream: Stream) -> None:
    asleep(stream)
    verdicts = list(stream.run(1, scale=4))
    assert verdicts.index(Verdict.WAKE) * 0.04 <= 0.3
    assert set(verdicts[verdicts.index(Verdict.WAKE) + 1 :]) == {Verdict.DECODE}


def test_motion_without_a_burst_wakes_at_the_keyframe(stream: Stream) -> None:
    asleep(stream, 20.2)
    verdicts = list(stream.run(3, moves=True))
    assert verdicts.index(Verdict.WAKE) <= _GOP + 1
    assert verdicts[verdicts.index(Verdict.WAKE) - 1] is Verdict.LOOK


def test_it_stays_awake_while_something_moves(stream: Stream) -> None:
    asleep(stream)
    list(stream.run(1, scale=4))
    assert set(stream.run(60, moves=True)) == {Verdict.DECODE}


def test_who_is_followed_is_never_left_out(stream: Stream) -> None:
    assert set(stream.run(60, busy=True)) == {Verdict.DECODE}
    asleep(stream)
    assert next(iter(stream.run(1, busy=True))) is Verdict.WAKE
    assert not stream.gate.idle


def test_alarms_that_prove_false_become_rarer(stream: Stream) -> None:
    def alarms() -> int:
        woken = 0
        for _ in range(15):
            list(stream.run(8))
            woken += Verdict.WAKE in list(stream.run(0.2, scale=4.5))
        return woken

    first = alarms()
    assert first > 0
    assert alarms() < first


def test_short_groups_of_pictures_are_looked_at_about_each_second() -> None:
    gate = IdleGate(_PIXELS, intra_only=False)
    sizes = np.random.default_rng(0).integers(150_000, 250_000, 2000)
    verdicts = [
        gate.packet(int(size), number % 5 == 0, number / 25, False)
        for number, size in enumerate(sizes)
    ]
    looks = verdicts[1000:].count(Verdict.LOOK)
    assert 30 <= looks <= 45


def test_pictures_without_prediction_are_looked_at_four_times_a_second() -> None:
    gate = IdleGate(_PIXELS, intra_only=True)
    verdicts = []
    for number in range(1000):
        verdicts.append(gate.packet(80_000, True, number / 25, False))
        if verdicts[-1] is not Verdict.HOLD:
            gate.looked(number >= 900, number / 25)
    assert 65 <= verdicts[375:875].count(Verdict.LOOK) <= 85
    assert verdicts.index(Verdict.WAKE) <= 908


@given(
    st.lists(
        st.tuples(st.integers(1, 10**7), st.booleans(), st.booleans(), st.booleans()), max_size=200
    )
)
def test_what_is_left_out_is_always_caught_up_with(
    packets: list[tuple[int, bool, bool, bool]],
) -> None:
    gate = IdleGate(_PIXELS, intra_only=False)
    for number, (size, keyframe, busy, moves) in enumerate(packets):
        was_idle = gate.idle
        verdict = gate.packet(size, keyframe, float(number), busy)
        assert (verdict is Verdict.WAKE) <= was_idle, "only who sleeps can wake"
        assert (verdict is Verdict.DECODE) <= (not was_idle), "sleepers wake before they decode"
        assert (verdict is Verdict.LOOK) <= keyframe, "only keyframes can be decoded alone"
        assert (verdict is Verdict.HOLD) <= was_idle
        if verdict is not Verdict.HOLD:
            gate.looked(moves, float(number))
