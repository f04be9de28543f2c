"""What rules can ask for by name.

line("door").in              a number of an analytic, as its summary has it
dwell(zone="till").median    the same, its name given by a word
count(zone="till")           how many are in a zone now
event("zone.entered", name="yard", label="person")       whether it happens just now
events("line.crossed", name="door", within=10 min)       how often it happened lately
offline("front-door")        whether a camera is not heard (on the hub)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from lark import Token, Tree

from sightline.analytics.rules.conditions import Compiler, Part, Value
from sightline.analytics.rules.facts import Facts
from sightline.analytics.rules.kinds import PRESENT, SUBJECTS, Kind, kind_of_field, seconds
from sightline.wire.messages import Event

_SILENT_S = 10.0  # a camera that is not heard for so long is offline
_MOST_EVENTS = 10_000

Arguments = dict[str, Token]


def called(compiler: Compiler, tree: Tree[Token]) -> tuple[Kind, Part]:
    """A call. Raises RuleError."""
    name, *rest = tree.children
    field = rest[-1]
    assert isinstance(name, Token)
    arguments = _arguments(compiler, name, rest[:-1])
    if str(name) in SUBJECTS:
        return _subject(compiler, name, arguments, field)
    if field is not None:
        raise compiler.wrong(_at(field), f"{name}(…) has no parts")
    make = _FUNCTIONS.get(str(name))
    if make is None:
        known = ", ".join(sorted([*_FUNCTIONS, *SUBJECTS]))
        raise compiler.wrong(name, f"there is no {str(name)!r}; there are {known}")
    return make(compiler, name, arguments)


def _arguments(compiler: Compiler, name: Token, given: list[Any]) -> Arguments:
    """By key; the one without a key is called ""."""
    found: Arguments = {}
    for item in given:
        if item is None:
            continue
        key, value = item.children
        if str(key or "") in found:
            raise compiler.wrong(item, f"{str(key)!r} is given twice")
        if key is None and found:
            raise compiler.wrong(item, "what has no name goes first")
        found[str(key or "")] = value
    return found


def _subject(
    compiler: Compiler, name: Token, arguments: Arguments, field: Any
) -> tuple[Kind, Part]:
    kind = SUBJECTS[str(name)]
    keys = [key for key in ("", "name", "zone", "line") if key in arguments]
    _known_only(compiler, name, arguments, ("", "name", "zone", "line"))
    if len(keys) > 1:
        raise compiler.wrong(arguments[keys[1]], f"{name} has one name")
    key = keys[0] if keys else ""
    place = _text(compiler, name, arguments, key, f'{name} needs a name: {name}("door")')
    _check_place(compiler, arguments[key], kind, place)
    if field is None:
        raise compiler.wrong(name, f'say which number: {name}("{place}").{_some(compiler, kind)}')
    part = _field(compiler, kind, _at(field))

    def number(facts: Facts) -> Value:
        return facts.counts.get(kind, {}).get(place, {}).get(part)

    return kind_of_field(part), number


def _field(compiler: Compiler, kind: str, field: Token) -> str:
    fields = (compiler.names.fields or {}).get(kind)
    if fields is None:
        return str(field)
    for key in (str(field), f"{field}_s"):
        if key in fields:
            return key
    raise compiler.wrong(
        field, f"there is no {str(field)!r}; there are {', '.join(sorted(fields))}"
    )


def _some(compiler: Compiler, kind: str) -> str:
    fields = (compiler.names.fields or {}).get(kind) or {"in"}
    return sorted(fields)[0]


def _check_place(compiler: Compiler, at: Token, kind: str, place: str) -> None:
    if compiler.names.places is None:
        return
    known = compiler.names.places.get(kind, frozenset())
    if place not in known:
        told = ", ".join(sorted(known)) or f"no {kind} are configured"
        raise compiler.wrong(at, f"there is no {place!r} among the {kind}; known: {told}")


def _count(compiler: Compiler, name: Token, arguments: Arguments) -> tuple[Kind, Part]:
    _known_only(compiler, name, arguments, ("zone", ""))
    key = "zone" if "zone" in arguments else ""
    place = _text(compiler, name, arguments, key, 'say where: count(zone="till")')
    places = compiler.names.places
    if places is not None and not any(place in places.get(kind, ()) for kind in PRESENT):
        known = sorted({one for kind in PRESENT for one in places.get(kind, ())})
        told = ", ".join(known) or "no zones are configured"
        raise compiler.wrong(arguments[key], f"there is no zone {place!r}; known: {told}")

    def present(facts: Facts) -> Value:
        for kind in PRESENT:
            found = facts.counts.get(kind, {}).get(place)
            if found is not None:
                return found.get("present")
        return None

    return Kind.NUMBER, present


def _event(compiler: Compiler, name: Token, arguments: Arguments) -> tuple[Kind, Part]:
    matches = _matching(compiler, name, arguments, ("", "name", "zone", "line", "label", "camera"))
    return Kind.TRUTH, lambda facts: any(map(matches, facts.events))


def _events(compiler: Compiler, name: Token, arguments: Arguments) -> tuple[Kind, Part]:
    keys = ("", "name", "zone", "line", "label", "camera", "within")
    matches = _matching(compiler, name, arguments, keys)
    within = arguments.get("within")
    if within is None or within.type != "DURATION":
        raise compiler.wrong(within or name, "say how far back: events(…, within=10 min)")
    span_ns = round(seconds(str(within)) * 1e9)
    memory = compiler.memory.happened_ns
    number = len(memory)
    memory.append(deque(maxlen=_MOST_EVENTS))

    def lately(facts: Facts) -> Value:
        times = memory[number]
        times.extend(event.time_ns for event in facts.events if matches(event))
        while times and times[0] <= facts.time_ns - span_ns:
            times.popleft()
        return float(len(times))

    return Kind.NUMBER, lately


def _matching(
    compiler: Compiler, name: Token, arguments: Arguments, keys: tuple[str, ...]
) -> Callable[[Event], bool]:
    _known_only(compiler, name, arguments, keys)
    kind = _text(compiler, name, arguments, "", f'say which: {name}("line.crossed", …)')
    wanted: dict[str, str] = {"kind": kind}
    for key in keys[1:]:
        if key in arguments and key != "within":
            meant = "name" if key in ("zone", "line") else key
            wanted[meant] = _text(compiler, name, arguments, key, "")

    def matches(event: Event) -> bool:
        return all(getattr(event, key) == value for key, value in wanted.items())

    return matches


def _offline(compiler: Compiler, name: Token, arguments: Arguments) -> tuple[Kind, Part]:
    _known_only(compiler, name, arguments, ("",))
    if not arguments:
        return (
            Kind.TRUTH,
            lambda facts: (
                any(s >= _SILENT_S for s in facts.silent_s.values()) if facts.silent_s else None
            ),
        )
    camera = _text(compiler, name, arguments, "", "")
    known = compiler.names.cameras
    if known is not None and camera not in known:
        raise compiler.wrong(arguments[""], f"there is no camera {camera!r}")

    def offline(facts: Facts) -> Value:
        silent = facts.silent_s.get(camera)
        return None if silent is None else silent >= _SILENT_S

    return Kind.TRUTH, offline


def _text(compiler: Compiler, name: Token, arguments: Arguments, key: str, missing: str) -> str:
    value = arguments.get(key)
    if value is None:
        raise compiler.wrong(name, missing)
    if value.type != "TEXT":
        raise compiler.wrong(value, "this is a name: put it in quotes")
    return str(value)[1:-1]


def _known_only(
    compiler: Compiler, name: Token, arguments: Arguments, keys: tuple[str, ...]
) -> None:
    for key, value in arguments.items():
        if key not in keys:
            known = ", ".join(one for one in keys if one) or "no other"
            what = f"{key!r} means nothing to {name}; it knows {known}" if key else "say what it is"
            raise compiler.wrong(value, what)


def _at(field: Any) -> Token:
    assert isinstance(field, Token)
    return field


_FUNCTIONS: dict[str, Callable[[Compiler, Token, Arguments], tuple[Kind, Part]]] = {
    "count": _count,
    "event": _event,
    "events": _events,
    "offline": _offline,
}
