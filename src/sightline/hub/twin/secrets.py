"""Credentials in URLs: never shown, and kept where what was shown comes back unchanged."""

from __future__ import annotations

from typing import Any

from sightline.source.uri import redact


def hidden(tree: Any) -> Any:
    """The same tree with the credentials of every URL in it taken out."""
    match tree:
        case str():
            return redact(tree)
        case dict():
            return {key: hidden(value) for key, value in tree.items()}
        case list() | tuple():
            return [hidden(value) for value in tree]
    return tree


def restored(tree: Any, before: Any) -> Any:
    """`tree` with the credentials that `before` had, wherever it holds what `hidden` showed."""
    match tree, before:
        case str(), str() if tree == redact(before):
            return before
        case dict(), dict():
            return {key: restored(value, before.get(key)) for key, value in tree.items()}
        case list(), list() if len(tree) == len(before):
            return [restored(*pair) for pair in zip(tree, before, strict=True)]
    return tree
