"""How rules are written, and where one is wrong.

rule        = or
or          = and ("or" and)*
and         = not ("and" not)*
not         = "not" not | held
held        = comparison ["for" DURATION]
comparison  = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum] | "time" "in" NAME
sum         = product (("+" | "-") product)*
product     = value (("*" | "/") value)*
value       = NUMBER | DURATION | CLOCK | "time" | call | "health" "." NAME | "(" or ")" | "-" value
call        = NAME "(" [argument ("," argument)*] ")" ["." NAME]
argument    = [NAME "="] (TEXT | NUMBER | DURATION)
"""

from __future__ import annotations

from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from sightline.errors import ConfigError

LONGEST = 2000  # characters

_GRAMMAR = r"""
?start: or
?or: and ("or" and)* -> either
?and: not ("and" not)* -> both
?not: "not" not -> negated
    | held
?held: comparison
    | comparison "for" DURATION -> lasting
?comparison: sum
    | sum COMPARED sum -> compared
    | "time" "in" NAME -> scheduled
?sum: product
    | sum PLUS product -> added
?product: value
    | product TIMES value -> multiplied
?value: NUMBER -> number
    | DURATION -> duration
    | CLOCK -> clock
    | "time" -> now
    | "health" "." NAME -> health
    | call
    | "(" or ")"
    | "-" value -> negative
call: NAME "(" [argument ("," argument)*] ")" ["." NAME]
argument: [NAME "="] (TEXT | NUMBER | DURATION | NAME)

COMPARED: "<=" | ">=" | "==" | "!=" | "<" | ">"
PLUS: "+" | "-"
TIMES: "*" | "/"
CLOCK.3: /([01]?\d|2[0-3]):[0-5]\d/
DURATION.2: /\d+(\.\d+)?\s*(ms|s|min|h|d)\b/
NUMBER: /\d+(\.\d+)?/
TEXT: /"[^"\n]*"|'[^'\n]*'/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
%import common.WS
%ignore WS
"""

_EXPECTED = {
    "NUMBER": "a number", "DURATION": "a duration such as 2 min", "CLOCK": "a time such as 18:00",
    "TEXT": "a text in quotes", "NAME": "a name", "COMPARED": "a comparison such as >",
    "RPAR": "')'", "LPAR": "'('", "DOT": "'.'", "COMMA": "','", "EQUAL": "'='",
    "PLUS": "'+' or '-'", "MINUS": "'-'", "TIMES": "'*' or '/'", "$END": "the end",
}  # fmt: skip


class RuleError(ConfigError):
    """A rule that cannot be meant; the message shows the rule with a mark under the place.

    column  of that place, counted from 0 over the whole text
    what    is wrong, as one sentence
    """

    def __init__(self, text: str, column: int, what: str) -> None:
        self.what, self.column = what, max(0, min(column, len(text)))
        before, after = text[: self.column], text[self.column :]
        begin = before.rpartition("\n")[2]
        line = begin + after.partition("\n")[0]
        mark = " " * len(begin) + "^"
        super().__init__(f"{what}\n    {line}\n    {mark}")


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def parse(text: str) -> Tree[Token]:
    """The tree of a rule. Raises RuleError at the character that is wrong."""
    if not text.strip():
        raise RuleError(
            text, 0, 'the rule is empty; write a condition, such as line("door").in > 9'
        )
    if len(text) > LONGEST:
        raise RuleError(text, LONGEST, f"a rule has at most {LONGEST} characters")
    try:
        tree = _parser().parse(text)
    except UnexpectedCharacters as error:
        raise RuleError(text, error.pos_in_stream or 0, _strange(text, error)) from None
    except UnexpectedEOF as error:
        raise RuleError(
            text, len(text), f"the rule ends too early; {_wanted(error.expected)}"
        ) from None
    except UnexpectedToken as error:
        ended = error.token.type == "$END"
        column = len(text.rstrip()) if ended else error.token.start_pos or 0
        if str(error.token) == "=":
            raise RuleError(text, column, "compare with '=='") from None
        found = "the rule ends too early" if ended else f"{str(error.token)!r} cannot stand here"
        raise RuleError(text, column, f"{found}; {_wanted(error.expected)}") from None
    except (UnexpectedInput, RecursionError):
        raise RuleError(text, 0, "the rule is nested too deeply") from None
    return tree if isinstance(tree, Tree) else Tree("start", [tree])


def _strange(text: str, error: UnexpectedCharacters) -> str:
    sign = text[error.pos_in_stream or 0]
    if sign in "\"'":
        return "this text has no end: close its quotes"
    if sign == "=":
        return "compare with '=='"
    return f"{sign!r} means nothing here"


def _wanted(expected: object) -> str:
    names = sorted(_EXPECTED.get(str(one), f"'{str(one).lower()}'") for one in set(expected or ()))  # type: ignore[call-overload]
    if not names:
        return "something is missing before it"
    return f"expected {' or '.join(names[:6])}" + (", …" if len(names) > 6 else "")
