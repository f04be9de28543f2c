"""The fleet query language: which cameras are meant.

    site=oslo                          a tag with this value
    site=oslo and not model=scene      and, or, not, ( )
    name~front-*                       a pattern with * and ?, upper and lower case alike
    state=offline                      online, offline, degraded, failed or revoked
    tag.state=norway  hardware.arch=arm64    a tag or a property by its full name
    site="main hall"                   quotes where a value has blanks

`name`, `model`, `version` and `state` are what the hub knows of every camera; any other word is
a tag. Nothing, or `*`, means all of them. Revoked cameras are meant only where `state` asks
for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from sightline.hub.refused import Refused

LONGEST = 500
_DEEPEST = 20
_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>!=|[()=~])|"(?P<quoted>[^"\x00-\x1f]*)"|(?P<word>[^\s()=~!"\x00-\x1f]+))"""
)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,70}")
STATES = ("online", "offline", "degraded", "failed", "revoked")


@dataclass(frozen=True, slots=True)
class Every:
    """All of them."""


@dataclass(frozen=True, slots=True)
class Term:
    """One property of a camera: `key` is name, model, version, state, tag.X or hardware.X."""

    key: str
    value: str
    pattern: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    part: Question


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Question, ...]


Question: TypeAlias = Every | Term | Not | All | Any


def parse(text: str) -> Question:
    """What a query asks. Raises Refused, saying where it stops making sense."""
    if len(text) > LONGEST:
        raise Refused(f"a query has at most {LONGEST} characters, this one has {len(text)}")
    if text.strip() in ("", "*"):
        return Every()
    reader = _Reader(text)
    question = reader.either(0)
    if reader.at < len(reader.tokens):
        raise reader.wrong("expected 'and' or 'or'")
    return question


def narrowed(scope: str, text: str) -> str:
    """A query that means only what both mean. Raises Refused.

    Each has to make sense alone: else a bracket too many would lead out of the scope.
    """
    meant = [one for one in (scope, text) if not isinstance(parse(one), Every)]
    return " and ".join(f"({one})" for one in meant) if len(meant) > 1 else "".join(meant)


def is_narrowed(text: str, scope: str) -> bool:
    """Whether a query was narrowed to this scope, and so means nothing outside of it."""
    question, bound = parse(text), parse(scope)
    return question == bound or (isinstance(question, All) and question.parts[0] == bound)


def asks_for_state(question: Question) -> bool:
    """Whether `state` is asked for anywhere."""
    if isinstance(question, Term):
        return question.key == "state"
    if isinstance(question, Not):
        return asks_for_state(question.part)
    return isinstance(question, All | Any) and any(map(asks_for_state, question.parts))


class _Reader:
    """Recursive descent: either := both (or both)*, both := one (and one)*."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.tokens: list[tuple[str, str, int]] = []
        self.at = 0
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None:
                raise Refused(f"query {text!r}: cannot be read from character {place + 1} on")
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind], found.start(kind)))
            place = found.end()

    def either(self, depth: int) -> Question:
        parts = [self.both(depth)]
        while self._word("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self, depth: int) -> Question:
        parts = [self.one(depth)]
        while self._word("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self, depth: int) -> Question:
        if depth > _DEEPEST:
            raise self.wrong("is nested too deeply")
        if self._word("not"):
            return Not(self.one(depth + 1))
        if self._sign("("):
            inner = self.either(depth + 1)
            if not self._sign(")"):
                raise self.wrong("expected ')'")
            return inner
        return self._term()

    def _term(self) -> Question:
        kind, key, _ = self._next("a property such as site=oslo")
        if kind != "word" or not _KEY.fullmatch(key):
            self.at -= 1
            raise self.wrong("expected a property such as site=oslo")
        sign_kind, sign, _ = self._next("=, != or ~")
        if sign_kind != "sign" or sign not in ("=", "!=", "~"):
            self.at -= 1
            raise self.wrong(f"expected =, != or ~ after {key}")
        value_kind, value, _ = self._next(f"a value for {key}")
        if value_kind == "sign":
            self.at -= 1
            raise self.wrong(f"expected a value for {key}")
        term = Term(_full(key), value, sign == "~")
        if term.key == "state" and (term.pattern or value not in STATES):
            raise Refused(f"query {self._text!r}: state is one of {', '.join(STATES)}")
        return Not(term) if sign == "!=" else term

    def _next(self, expected: str) -> tuple[str, str, int]:
        if self.at >= len(self.tokens):
            raise Refused(f"query {self._text!r}: expected {expected} at the end")
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, word: str) -> bool:
        return self._take("word", word)

    def _sign(self, sign: str) -> bool:
        return self._take("sign", sign)

    def _take(self, kind: str, value: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][:2] == (kind, value):
            self.at += 1
            return True
        return False

    def wrong(self, fault: str) -> Refused:
        if self.at >= len(self.tokens):
            return Refused(f"query {self._text!r}: {fault} at the end")
        _, value, place = self.tokens[self.at]
        return Refused(f"query {self._text!r}: {fault}, not {value!r} (character {place + 1})")


def _full(key: str) -> str:
    if key in ("name", "model", "version", "state") or key.startswith(("tag.", "hardware.")):
        return key
    return f"tag.{key}"
