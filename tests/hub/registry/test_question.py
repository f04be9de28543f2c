"""What a query means, and what is none."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from sightline.hub.refused import Refused
from sightline.hub.registry.cameras import select_names
from sightline.hub.registry.question import (
    All,
    Any,
    Every,
    Not,
    Question,
    Term,
    is_narrowed,
    narrowed,
    parse,
)
from sightline.hub.registry.selection import condition

A, B, C = Term("tag.a", "1"), Term("tag.b", "2"), Term("tag.c", "3")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("", Every()),
        ("  * ", Every()),
        ("site=oslo", Term("tag.site", "oslo")),
        ("name~front-*", Term("name", "front-*", pattern=True)),
        ("model!=x", Not(Term("model", "x"))),
        ('site="main hall"', Term("tag.site", "main hall")),
        ("hardware.arch = arm64", Term("hardware.arch", "arm64")),
        ("tag.state=norway", Term("tag.state", "norway")),
        ("state=offline", Term("state", "offline")),
        ("a=1 and b=2 or c=3", Any((All((A, B)), C))),
        ("a=1 and (b=2 or c=3)", All((A, Any((B, C))))),
        ("not not a=1", Not(Not(A))),
        ("not a=1 and b=2", All((Not(A), B))),
        ("and=1", Term("tag.and", "1")),
    ],
)
def test_what_is_meant(text: str, question: Question) -> None:
    assert parse(text) == question


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("site", "expected =, != or ~ at the end"),
        ("site=", "expected a value for site at the end"),
        ("site=(", "expected a value for site, not '\\('"),
        ("=oslo", "expected a property such as site=oslo, not '='"),
        ("site=oslo site=rome", "expected 'and' or 'or', not 'site' \\(character 11\\)"),
        ("(a=1", "expected '\\)' at the end"),
        ("a=1)", "expected 'and' or 'or'"),
        ("a=1 and", "expected a property"),
        ("state=asleep", "state is one of"),
        ("state~off*", "state is one of"),
        ('a="open', "cannot be read from character 3"),
        ("a=1\x00", "cannot be read"),
        ("9a=1", "expected a property"),
        ("(" * 30 + "a=1" + ")" * 30, "nested too deeply"),
        ("not " * 30 + "a=1", "nested too deeply"),
        ("a=" + "x" * 600, "at most 500 characters"),
    ],
)
def test_what_is_no_query_says_where(text: str, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    with suppress(Refused):
        condition(text)


@pytest.fixture
def fleet(connection: Connection, add_camera: Callable[..., None]) -> Callable[[str], list[str]]:
    add_camera("front-1", {"site": "oslo"}, model="scene", connected=True, condition="running")
    add_camera("front_2", {"site": "oslo", "floor": "2"}, connected=True, condition="degraded")
    add_camera("back", {"site": "rome%"}, model="yolox")
    add_camera("gone", {"site": "oslo"}, revoked_ns=5)
    return lambda query: select_names(connection, query)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["back", "front-1", "front_2"]),
        ("site=oslo", ["front-1", "front_2"]),
        ("site!=oslo", ["back"]),
        ("site=OSLO", []),
        ("site~OS*", ["front-1", "front_2"]),
        ("site=oslo and not model=scene", ["front_2"]),
        ("name~front_?", ["front_2"]),
        ("name~*%*", []),
        ("site~*%", ["back"]),
        ("floor=2 or model=yolox", ["back", "front_2"]),
        ("floor!=2", ["back", "front-1"]),
        ("state=online", ["front-1", "front_2"]),
        ("state=degraded", ["front_2"]),
        ("state=offline", ["back"]),
        ("state=revoked", ["gone"]),
        ("state!=online", ["back", "gone"]),
        ("""name="x' or '1'='1" """, []),
        ("site=oslo or name~* and state=revoked", ["front-1", "front_2", "gone"]),
    ],
)
def test_which_cameras_are_meant(
    fleet: Callable[[str], list[str]], query: str, names: list[str]
) -> None:
    assert fleet(query) == names


words = st.sampled_from(["oslo", "rome", "oslo-2", "o%o", "o_o"])
keys = st.sampled_from(["site", "floor", "kind"])


def holds(question: Question, tags: dict[str, str]) -> bool:
    """The meaning of a query, said once more without SQL."""
    match question:
        case Every():
            return True
        case Not(part):
            return not holds(part, tags)
        case All(parts):
            return all(holds(part, tags) for part in parts)
        case Any(parts):
            return any(holds(part, tags) for part in parts)
        case Term(key, value):
            return tags.get(key.removeprefix("tag.")) == value


terms = st.builds(lambda key, value: f"{key}={value}", keys, words)
queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds(lambda a: f"not {a}", inner),
        st.builds(lambda a, b: f"({a} and {b})", inner, inner),
        st.builds(lambda a, b: f"({a} or {b})", inner, inner),
    ),
    max_leaves=6,
)
FLEET = {
    "one": {"site": "oslo", "floor": "rome"},
    "two": {"site": "o%o", "kind": "oslo"},
    "three": {"site": "o_o"},
    "four": {},
    "five": {"kind": "oslo-2", "floor": "o_o", "site": "rome"},
}


def test_sql_means_what_the_words_mean(
    connection: Connection, add_camera: Callable[..., None]
) -> None:
    for name, tags in FLEET.items():
        add_camera(name, tags)

    @given(queries)
    def agrees(query: str) -> None:
        expected = sorted(name for name, tags in FLEET.items() if holds(parse(query), tags))
        assert select_names(connection, query) == expected

    agrees()


@pytest.mark.parametrize(
    ("scope", "text", "meant"),
    [
        ("site=oslo", "floor=2 or kind=door", "(site=oslo) and (floor=2 or kind=door)"),
        ("site=oslo or floor=2", "", "site=oslo or floor=2"),
        ("site=oslo", " * ", "site=oslo"),
        ("*", "floor=2", "floor=2"),
        ("*", "", ""),
    ],
)
def test_a_query_is_narrowed_to_a_scope(scope: str, text: str, meant: str) -> None:
    assert narrowed(scope, text) == meant
    parse(meant)


@pytest.mark.parametrize(
    "text", ["a=1) or (b=2", "a=1) or name~* or (b=2", ")", "(", 'a="', "or a=1"]
)
def test_no_bracket_leads_out_of_a_scope(text: str) -> None:
    with pytest.raises(Refused):
        narrowed("site=oslo", text)


pieces = st.sampled_from(
    ["(", ")", "and", "or", "not", "site=rome", "floor=o_o", "*", '"', " ", "name~*"]
)


@given(queries, st.lists(pieces, max_size=9).map(" ".join), st.sampled_from(list(FLEET)))
def test_whatever_is_asked_stays_within_the_scope(scope: str, text: str, camera: str) -> None:
    with suppress(Refused):
        inside = holds(parse(narrowed(scope, text)), FLEET[camera])
        assert not inside or holds(parse(scope), FLEET[camera])


@given(queries, queries)
def test_what_was_narrowed_is_known_as_such(scope: str, text: str) -> None:
    assert is_narrowed(narrowed(scope, text), scope)
    if is_narrowed(text, scope):
        assert all(holds(parse(scope), tags) for tags in FLEET.values() if holds(parse(text), tags))


def test_what_only_looks_narrowed_is_not() -> None:
    assert not is_narrowed("(a=1) and (b=2) or (c=3)", "a=1")
    assert not is_narrowed("b=2 and a=1", "a=1 or c=3")
    assert not is_narrowed("", "a=1")
