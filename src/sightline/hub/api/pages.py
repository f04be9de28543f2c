"""Lists page by page: {"items": [...], "next": cursor or null}. A cursor is opaque to clients."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel

from sightline.hub.refused import Refused

LARGEST = 1000
Limit = Annotated[int, Query(ge=1, le=LARGEST, description="At most so many items.")]
Cursor = Annotated[
    str, Query(max_length=512, description="`next` of the page before; empty for the first.")
]

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Some items, and where the next ones begin; `next` is null on the last page."""

    items: Sequence[T]
    next: str | None = None


def page(items: Sequence[T], limit: int, place: Callable[[T], Any]) -> Page[T]:
    """The first `limit` of the items; ask for one more than that to know whether more follow."""
    shown = items[:limit]
    return Page(items=shown, next=cursor(place(shown[-1])) if len(items) > limit else None)


def cursor(place: Any) -> str:
    """A place in a list as text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def place_of(text: str, kind: type[T]) -> T | None:
    """The place that a cursor names, None for the first page. Raises Refused."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise Refused("cursor: this is not what `next` of a page said; begin without it") from None
