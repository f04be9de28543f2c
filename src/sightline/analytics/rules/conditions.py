"""A rule's tree, checked against what it may name, as a function of facts.

What is not known makes a comparison unknown: a camera that is silent, a mean of nothing, a
division by zero. Unknown is neither true nor false: `not` leaves it unknown, `and` with
something false is false, `or` with something true is true, and a rule whose condition is
unknown is not raised.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lark import Token, Tree

from sightline.analytics.rules.facts import Facts, Names
from sightline.analytics.rules.grammar import RuleError
from sightline.analytics.rules.kinds import Kind, seconds
from sightline.analytics.rules.schedule import Schedule

Value: TypeAlias = float | bool | None
Part: TypeAlias = Callable[[Facts], Value]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(slots=True)
class Memory:
    """What a rule remembers: since when each `for` holds, and when its events happened."""

    since_ns: list[int | None] = field(default_factory=list)
    happened_ns: list[deque[int]] = field(default_factory=list)


class Compiler:
    """Turns one rule into a condition. Raises RuleError."""

    def __init__(self, text: str, names: Names, memory: Memory) -> None:
        self.text = text
        self.names = names
        self.memory = memory

    def wrong(self, at: Tree[Token] | Token, what: str) -> RuleError:
        """The error at a part of the rule."""
        place = at.start_pos if isinstance(at, Token) else getattr(at.meta, "start_pos", 0)
        return RuleError(self.text, place or 0, what)

    def truth(self, tree: Tree[Token]) -> Part:
        """A condition."""
        kind, part = self.value(tree)
        if kind is not Kind.TRUTH:
            raise self.wrong(tree, f"this is {kind.value}; compare it with another, such as > 5")
        return part

    def value(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        """Any part of a rule."""
        made: tuple[Kind, Part] = getattr(self, f"_{tree.data}")(tree)
        return made

    def _start(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        return self.value(_only(tree))

    def _either(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        if len(tree.children) == 1:
            return self.value(_only(tree))
        parts = [self.truth(_tree(child)) for child in tree.children]

        def either(facts: Facts) -> Value:
            found = [part(facts) for part in parts]  # all of them: each may remember
            return True if True in found else None if None in found else False

        return Kind.TRUTH, either

    def _both(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        if len(tree.children) == 1:
            return self.value(_only(tree))
        parts = [self.truth(_tree(child)) for child in tree.children]

        def both(facts: Facts) -> Value:
            found = [part(facts) for part in parts]
            return False if False in found else None if None in found else True

        return Kind.TRUTH, both

    def _negated(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        part = self.truth(_only(tree))

        def negated(facts: Facts) -> Value:
            found = part(facts)
            return None if found is None else not found

        return Kind.TRUTH, negated

    def _lasting(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        part = self.truth(_tree(tree.children[0]))
        length_ns = round(seconds(str(tree.children[1])) * 1e9)
        number = len(self.memory.since_ns)
        self.memory.since_ns.append(None)

        def lasting(facts: Facts) -> Value:
            since = self.memory.since_ns
            found = part(facts)
            if found is not True:
                since[number] = None
                return found
            begun = since[number]
            # A clock that was set back begins anew.
            if begun is None or begun > facts.time_ns:
                begun = since[number] = facts.time_ns
            return facts.time_ns - begun >= length_ns

        return Kind.TRUTH, lasting

    def _compared(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        left, sign, right = tree.children
        kind, one = self.value(_tree(left))
        other_kind, other = self.value(_tree(right))
        if kind is Kind.TRUTH or other_kind is Kind.TRUTH:
            raise self.wrong(
                _tree(left if kind is Kind.TRUTH else right),
                "a condition is not compared; join it with `and`",
            )
        if kind is not other_kind:
            raise self.wrong(_tree(right), f"{kind.value} is compared with {other_kind.value}")
        compare = _COMPARE[str(sign)]

        def compared(facts: Facts) -> Value:
            a, b = one(facts), other(facts)
            return None if a is None or b is None else compare(a, b)

        return Kind.TRUTH, compared

    def _scheduled(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        name = tree.children[0]
        schedule = self.names.schedules.get(str(name))
        if schedule is None:
            known = ", ".join(sorted(self.names.schedules)) or "none is configured"
            raise self.wrong(_token(name), f"there is no schedule {str(name)!r}; known: {known}")
        return Kind.TRUTH, lambda facts: schedule.covers(facts.time_ns)

    def _added(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        left, sign, right = tree.children
        kind, one = self._quantity(_tree(left))
        other_kind, other = self._quantity(_tree(right))
        if kind is not other_kind:
            raise self.wrong(_tree(right), f"{other_kind.value} cannot be added to {kind.value}")
        act = operator.add if str(sign) == "+" else operator.sub
        return kind, _arithmetic(act, one, other)

    def _multiplied(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        left, sign, right = tree.children
        kind, one = self._quantity(_tree(left))
        other_kind, other = self._quantity(_tree(right))
        if str(sign) == "*":
            if kind is other_kind is Kind.DURATION:
                raise self.wrong(_tree(right), "two durations cannot be multiplied")
            return max((kind, other_kind), key=lambda k: k is Kind.DURATION), _arithmetic(
                operator.mul, one, other
            )
        if other_kind is Kind.DURATION and kind is Kind.NUMBER:
            raise self.wrong(_tree(right), "a number cannot be divided by a duration")
        result = Kind.NUMBER if kind is other_kind else kind
        return result, _arithmetic(operator.truediv, one, other)

    def _negative(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        kind, part = self._quantity(_only(tree))

        def negative(facts: Facts) -> Value:
            found = part(facts)
            return None if found is None else -found

        return kind, negative

    def _quantity(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        kind, part = self.value(tree)
        if kind in (Kind.TRUTH, Kind.CLOCK):
            raise self.wrong(tree, f"{kind.value} is nothing to reckon with")
        return kind, part

    def _number(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        value = float(str(tree.children[0]))
        return Kind.NUMBER, lambda _: value

    def _duration(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        value = seconds(str(tree.children[0]))
        return Kind.DURATION, lambda _: value

    def _clock(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        hours, _, minutes = str(tree.children[0]).partition(":")
        value = int(hours) * 3600.0 + int(minutes) * 60.0
        return Kind.CLOCK, lambda _: value

    def _now(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        here = Schedule(tz=self.names.tz, week={"mon": "closed"})

        def now(facts: Facts) -> Value:
            local = here.local(facts.time_ns)
            return local.hour * 3600.0 + local.minute * 60.0 + local.second

        return Kind.CLOCK, now

    def _health(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        name = _token(tree.children[0])
        if self.names.health is not None and str(name) not in self.names.health:
            known = ", ".join(sorted(self.names.health))
            raise self.wrong(name, f"health has no {str(name)!r}; it has {known}")
        key = str(name)
        return Kind.NUMBER, lambda facts: facts.health.get(key)

    def _call(self, tree: Tree[Token]) -> tuple[Kind, Part]:
        from sightline.analytics.rules.calls import called

        return called(self, tree)


def _arithmetic(act: Callable[[Any, Any], Any], one: Part, other: Part) -> Part:
    def done(facts: Facts) -> Value:
        a, b = one(facts), other(facts)
        if a is None or b is None or (act is operator.truediv and b == 0):
            return None
        return float(act(a, b))

    return done


def _only(tree: Tree[Token]) -> Tree[Token]:
    return _tree(tree.children[0])


def _tree(child: Any) -> Tree[Token]:
    assert isinstance(child, Tree)
    return child


def _token(child: Any) -> Token:
    assert isinstance(child, Token)
    return child
