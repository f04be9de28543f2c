"""Bodies that are no JSON, read no further than they may be long."""

from __future__ import annotations

from fastapi import Request

from sightline.hub.refused import Refused


async def whole_body(request: Request, largest: int, too_large: str) -> bytes:
    """All of it. Raises Refused(too_large) as soon as there are more bytes than `largest`."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > largest:
            raise Refused(too_large)
    return bytes(data)
