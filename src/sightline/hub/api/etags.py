"""ETag in answers, If-Match in changes by several people, If-None-Match in questions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Response

from sightline.hub.refused import Refused

IfMatch = Annotated[
    str | None, Header(description="The ETag that was read; 412 where it has moved on since.")
]


def version_of(if_match: str | None) -> int | None:
    """The version that somebody has read; None where he does not mind. Raises Refused."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise Refused("If-Match: this is no ETag of this hub")
    return int(text)


def has(if_none_match: str | None, etag: str) -> bool:
    """Whether the asker has this already, as he says."""
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    return etag in known or "*" in known


def tag(response: Response, version: int) -> None:
    """Say in the answer which version it is."""
    response.headers["ETag"] = f'"{version}"'
