from sightline.analytics.clock import Clock

S = 10**9


def test_it_counts_from_the_first_picture() -> None:
    clock = Clock()
    assert not clock.begun
    for time_s in (1000, 1001, 1004):
        clock.advance(time_s * S)
    assert clock.begun
    assert clock.now_s == 4
    assert clock.time_ns(1.0) == 1001 * S


def test_time_that_goes_back_stands_still() -> None:
    clock = Clock()
    for time_s in (10, 12, 5, 6):
        clock.advance(time_s * S)
    assert clock.now_s == 3
    assert clock.time_ns(clock.now_s) == 6 * S


def test_a_jump_is_believed_unless_somebody_stayed() -> None:
    believed, doubted = Clock(), Clock()
    for time_ns in (0, 86_400 * S):
        believed.advance(time_ns, lambda: False)
        doubted.advance(time_ns, lambda: True)
    assert (believed.now_s, doubted.now_s) == (86_400, 0)


def test_a_short_step_is_believed_in_any_case() -> None:
    clock = Clock()
    clock.advance(0)
    clock.advance(30 * S, lambda: True)
    assert clock.now_s == 30
