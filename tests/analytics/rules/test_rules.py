"""Rules say what they mean, when they are true, and where they are wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.analytics.rules.facts import Facts, Names
from sightline.analytics.rules.grammar import RuleError
from sightline.analytics.rules.rule import Rule
from sightline.analytics.rules.schedule import Schedule
from sightline.errors import SightlineError
from sightline.wire.messages import Event

S = 10**9
MONDAY = int(datetime(2026, 11, 23, 8, 0, tzinfo=UTC).timestamp()) * S  # 9:00 in Oslo
HOURS = Schedule(
    tz="Europe/Oslo",
    week={"mon-fri": "09:00-18:00", "sat": "10:00-14:00, 15:00-17:00"},
    **{"except": {"2026-12-25": "closed"}},
)
NAMES = Names(
    places={
        "lines": frozenset({"door"}), "zones": frozenset({"yard"}), "queues": frozenset({"till"}),
        "dwell": frozenset({"shelf"}),
    },
    fields={
        "lines": frozenset({"in", "out"}), "queues": frozenset({"present", "wait_median_s"}),
        "dwell": frozenset({"median_s", "visits"}), "zones": frozenset({"present"}),
    },
    schedules={"opening_hours": HOURS},
    cameras=frozenset({"front"}),
    health=frozenset({"fps", "temperature"}),
)  # fmt: skip
COUNTS = {
    "lines": {"door": {"in": 9.0, "out": 4.0}},
    "queues": {"till": {"present": 6.0, "wait_median_s": 200.0}},
    "zones": {"yard": {"present": 0.0}},
}


def facts(seconds: float = 0, *events: Event, **more: Any) -> Facts:
    return Facts(MONDAY + int(seconds * S), more.pop("counts", COUNTS), events, **more)


def true(text: str, at: Facts | None = None) -> bool:
    change = Rule(text, NAMES).update(at or facts())
    return change is not None and change.what == "raised"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('line("door").in > 8', True),
        ('line("door").in - line("door").out == 5', True),
        ('line("door").in * 2 <= 17', False),
        ('queue(name="till").present > 5', True),
        ('queue(zone="till").wait_median > 3 min', True),
        ('line(line="door").in > 9', False),
        ('count(zone="till") > 5', True),
        ('count("yard") == 0', True),
        ('queue("till").wait_median > 3 min', True),
        ('queue("till").wait_median_s >= 200 s', True),
        ('queue("till").wait_median / 2 > 1.5 min', True),
        ("time in opening_hours", True),
        ("not time in opening_hours", False),
        ("time >= 8:00 and time < 8:01", True),
        ('line("door").in > 8 and count("yard") > 0', False),
        ('line("door").in > 8 or count("yard") > 0', True),
        ('not (line("door").in > 8 or count("yard") > 0)', False),
        ('-line("door").in < 0', True),
        ("1 + 2 * 3 == 7 and (1 + 2) * 3 == 9", True),
    ],
)  # fmt: skip
def test_conditions(text: str, expected: bool) -> None:
    assert true(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        'line("door").in / count("yard") > 0',  # divided by zero
        'not (line("door").in / count("yard") > 0)',
        "health.temperature > 10",  # not told
        "not health.temperature > 10",
        'dwell("shelf").median > 1 s',  # nobody was there
        'offline("front")',
        'not offline("front")',
    ],
)
def test_what_is_not_known_raises_nothing(text: str) -> None:
    assert not true(text)


def test_what_is_not_known_does_not_hide_what_is() -> None:
    assert true('health.fps > 1 or line("door").in > 8')
    assert not true('health.fps > 1 and line("door").in > 8')


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("", 0, "is empty"),
        ('count(zone="tilt") > 5', 11, "there is no zone 'tilt' here; known"),
        ('line("dor").in > 5', 5, "no 'dor' among the lines; known: door"),
        ('line("door").inn > 5', 13, "there is no 'inn'; there are in, out"),
        ('line("door") > 5', 0, "say which number"),
        ('line("door").in', 0, "this is a number; compare it"),
        ('line("door").in > 5 min', 18, "a number is compared with a duration"),
        ('queue("till").wait_median > 5', 28, "a duration is compared with a number"),
        ('line("door").in > 5 for', 23, "ends too early; expected a duration"),
        ('line("door").in > 5 for 7', 24, "cannot stand here; expected a duration"),
        ("time in lunch", 8, "no schedule 'lunch'; known: opening_hours"),
        ('line("door").in = 5', 16, "compare with '=='"),
        ('line("door".in > 5', 11, "cannot stand here"),
        ('line("door).in > 5', 5, "has no end"),
        ("line(door).in > 5", 5, "put it in quotes"),
        ("foo(1) > 2", 0, "there is no 'foo'"),
        ('offline("back")', 8, "no camera 'back'"),
        ("health.mood > 1", 7, "health has no 'mood'"),
        ('event("x", colour="red")', 18, "'colour' means nothing to event"),
        ('events("x") > 2', 0, "how far back"),
        ("1 > 2 > 3", 6, "cannot stand here"),
        ("(1 > 2) == (3 > 4)", 1, "is not compared"),
        ("8:00 + 1 > 2", 0, "nothing to reckon with"),
        ("1 / 2 min > 3", 4, "cannot be divided by a duration"),
        ("2 min * 3 min > 1 min", 8, "cannot be multiplied"),
        ("1 > 2 ; 3", 6, "means nothing here"),
    ],
)
def test_what_is_wrong_is_shown_where_it_is(text: str, column: int, sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        Rule(text, NAMES)
    told = str(caught.value)
    expected = sentence.removesuffix(" here; known")
    assert expected in told
    assert caught.value.column == column, told
    shown, mark = told.splitlines()[-2:]
    assert mark.index("^") - 4 == column
    assert shown[4:] == text


def test_a_rule_of_several_lines_shows_the_line() -> None:
    with pytest.raises(RuleError) as caught:
        Rule('line("door").in > 5\n  and count("nowhere") > 1', NAMES)
    assert str(caught.value).splitlines()[-2:] == [
        '      and count("nowhere") > 1',
        "                ^",
    ]


def test_for_means_without_a_break() -> None:
    rule = Rule('count("till") > 5 for 2 min', NAMES)
    calm = {"queues": {"till": {"present": 1.0}}}
    assert rule.update(facts(0)) is None
    assert rule.update(facts(100)) is None
    assert rule.update(facts(110, counts=calm)) is None
    assert rule.update(facts(111)) is None
    assert rule.update(facts(230)) is None
    raised = rule.update(facts(231))
    assert raised is not None
    assert raised.what == "raised"
    cleared = rule.update(facts(300, counts=calm))
    assert cleared is not None
    assert (cleared.what, cleared.lasted_s) == ("cleared", 69)


def waiting(people: float | None, seconds: float) -> Facts:
    present = {} if people is None else {"present": people}
    return facts(seconds, counts={"queues": {"till": present}})


def test_a_rule_stays_raised_until_what_was_asked_for() -> None:
    rule = Rule('count("till") > 5', NAMES, until='count("till") < 3 for 10 s')
    told = []
    steps = [
        (6, 0),
        (4, 10),
        (None, 20),
        (6, 30),
        (2, 40),
        (4, 45),
        (2, 50),
        (2, 59),
        (2, 60),
        (4, 70),
    ]
    for people, seconds in steps:
        change = rule.update(waiting(people, seconds))
        if change:
            told.append((change.what, seconds, change.lasted_s))
    assert told == [("raised", 0, 0.0), ("cleared", 60, 60.0)]


def test_what_is_true_is_not_cleared_by_an_until_that_is_true_too() -> None:
    rule = Rule('count("till") > 5', NAMES, until='count("till") > 0')
    assert rule.update(waiting(6, 0)) is not None
    assert rule.update(waiting(6, 10)) is None
    assert rule.raised


def test_an_until_goes_on_after_a_restart_and_that_of_another_does_not() -> None:
    before = Rule('count("till") > 5', NAMES, until='count("till") < 3 for 10 s')
    before.update(waiting(6, 0))
    before.update(waiting(2, 5))
    same = Rule(before.text, NAMES, until=before.until)
    same.restore(before.state())
    assert same.update(waiting(2, 15)) is not None
    other = Rule(before.text, NAMES)
    other.restore(before.state())
    assert not other.raised


def test_a_wrong_until_is_shown_where_it_is() -> None:
    with pytest.raises(RuleError, match="there is no zone 'tilt'") as caught:
        Rule('count("till") > 5', NAMES, until='count("tilt") < 3')
    assert caught.value.column == 6


def test_a_place_has_one_name() -> None:
    with pytest.raises(RuleError, match="queue has one name"):
        Rule('queue("till", name="till").present > 5', NAMES)


def test_after_it_was_raised_it_cools_down() -> None:
    rule = Rule('count("till") > 5', NAMES, cool_down_s=60)
    calm = {"queues": {"till": {"present": 1.0}}}
    changes = [
        rule.update(facts(second, counts=COUNTS if second % 2 == 0 else calm))
        for second in range(121)
    ]
    raised = [at for at, change in enumerate(changes) if change and change.what == "raised"]
    assert raised == [0, 60, 120]


def test_events_as_they_happen_and_lately() -> None:
    def crossed(second: float, name: str = "door") -> Event:
        return Event("line.crossed", MONDAY + int(second * S), name, "front", 1, "person")

    now = Rule('event("line.crossed", line="door", label="person")', NAMES)
    assert now.update(facts(0, crossed(0, "gate"))) is None
    assert now.update(facts(1, crossed(1))) is not None
    lately = Rule('events("line.crossed", name="door", within=10 s) >= 3', NAMES)
    found = [lately.update(facts(second, crossed(second))) for second in (0, 1, 12, 13, 14)]
    assert [change.what if change else None for change in found] == [None] * 4 + ["raised"]


def test_cameras_that_are_not_heard() -> None:
    rule = Rule('offline("front") for 5 min', NAMES)
    assert rule.update(facts(0, silent_s={"front": 2})) is None
    assert rule.update(facts(60, silent_s={"front": 60})) is None
    assert rule.update(facts(360, silent_s={"front": 360})) is not None


def test_state_outlives_the_process() -> None:
    rule = Rule('count("till") > 5 for 2 min', NAMES)
    rule.update(facts(0))
    again = Rule('count("till") > 5 for 2 min', NAMES)
    again.restore(rule.state())
    assert again.update(facts(120)) is not None
    other = Rule('count("till") > 4 for 2 min', NAMES)
    other.restore(rule.state())
    assert other.update(facts(120)) is None


def test_a_clock_that_is_set_back_neither_raises_nor_silences() -> None:
    rule = Rule('count("till") > 5 for 2 min', NAMES, cool_down_s=3600)
    rule.update(facts(1000))
    assert rule.update(facts(0)) is None
    assert rule.update(facts(119)) is None
    assert rule.update(facts(120)) is not None


@given(st.text(max_size=80))
def test_any_text_is_a_rule_or_a_sentence(text: str) -> None:
    try:
        Rule(text, NAMES)
    except SightlineError as error:
        assert str(error)  # noqa: PT017


WORDS = st.sampled_from(
    [*"()+-*/<>,.=", "and", "or", "not", "for", "in", "time", "2 min", "5", "8:00", '"door"',
     "line", "count", "event", "events", "within", "health", "fps", "opening_hours", "=="]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_words_are_a_rule_or_a_sentence(text: str) -> None:
    try:
        rule = Rule(text, NAMES)
    except SightlineError as error:
        assert str(error)  # noqa: PT017
    else:
        rule.update(facts())


def test_deep_nesting_is_a_sentence() -> None:
    with pytest.raises(RuleError):
        Rule("(" * 999 + "1 > 0" + ")" * 999, NAMES)
    with pytest.raises(RuleError):
        Rule("not " * 400 + "1 > 0 " + "x" * 2000, NAMES)
