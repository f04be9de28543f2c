"""How sure numbers are: on charts, in words, and in what is saved."""

from collections.abc import Callable
from typing import Any

Script = Callable[..., Any]

MODULE = "analytics/sure.js"
TOLD = {"starts": [60, 120, 180, 240]}
SERIES = {
    "n": [2, 0, 1, 3], "lower": [1.0, 0.0, 0.5, 2.0], "upper": [4.0, 0.0, 3.0, 6.0],
}  # fmt: skip
ENDS = [[60_005, 1.0, 4.0], [120_005, None, None], [180_005, 0.5, 3.0], [240_005, 2.0, 6.0]]


def test_a_step_in_which_nothing_was_has_no_ends(script: Script) -> None:
    ends = "(m, [told, series]) => m.endsOf(told, series, 5)"
    assert script(MODULE, ends, [TOLD, [SERIES]]) == ENDS
    assert script(MODULE, ends, [TOLD, [SERIES | {"upper": []}]]) == []
    assert script(MODULE, ends, [TOLD, [SERIES, SERIES]]) == []  # only the hub adds them up
    assert script(MODULE, ends, [TOLD, []]) == []


def test_a_band_is_where_steps_follow_each_other(script: Script) -> None:
    [drawn] = script(MODULE, "(m, ends) => m.band('wait', ends)", ENDS)
    assert drawn["name"] == "wait"  # so that the legend hides both
    assert drawn["data"] == [[*ENDS[0], *ENDS[0]], [*ENDS[2], *ENDS[3]]]
    assert drawn["tooltip"] == {"show": False}
    nothing = [[60_000, None, None]]
    assert script(MODULE, "(m, ends) => m.band('wait', ends)", nothing) == []
    bars = "(m, ends) => m.whiskers('in', ends, { which: 0, count: 2, widest: 14 })"
    [drawn] = script(MODULE, bars, ENDS)
    assert [one[:3] for one in drawn["data"]] == [ENDS[0], ENDS[2], ENDS[3]]
    assert script(MODULE, bars, nothing) == []


def test_the_same_in_words_and_as_columns(script: Script) -> None:
    say = """(m, ends) => {
      const { valueFormatter } = m.inWords(ends, (value) => `${value} s`);
      return [valueFormatter(3, 0), valueFormatter(2, 1), valueFormatter(null, 1)];
    }"""
    assert script(MODULE, say, ENDS) == ["3 s (truly 1 s to 4 s)", "2 s", "–"]
    columns = script(MODULE, "(m, ends) => m.asColumns('wait', ends)", ENDS)
    assert columns == [
        ["wait, low end", [[at, low] for at, low, _ in ENDS]],
        ["wait, high end", [[at, high] for at, _, high in ENDS]],
    ]
    assert script(MODULE, "(m) => m.asColumns('wait', [])") == []
