"""What strangers said, as it may be shown on a terminal."""

from __future__ import annotations

_HOLE = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """The same without what would move the cursor, turn the writing round or begin a line."""
    return "".join(letter if letter.isprintable() else _HOLE for letter in text)
