"""Metadata as it comes in, over WebSocket.

GET /api/v1/cameras/{name}/live?fps=10         one camera
GET /api/v1/live?cameras=a,b,c&fps=5           several on one connection; all without `cameras`

The hub sends JSON: {"type": "frame", "camera", "time_ns", "sequence", "width", "height",
"objects": [{"label", "score", "box", "track"}]}, {"type": "event", …} and
{"type": "presence", "camera", "connected"}. Frames above `fps` a camera are left out, the
newest wins; nothing has to be sent, and what is sent is not read. Frames come as soon as they
reach the hub, which may be a moment before they are stored, and cameras that are looked at say
what they see at once. Who may look no longer, because he was signed out, say, is cut off within
CHECK_S seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from sightline.hub.api.access import Viewer, identified, visible, visible_cameras
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.principal import Principal
from sightline.hub.query.live import Stream

router = APIRouter(prefix="/api/v1", tags=["live"])

CHECK_S = 10.0  # between looks at whether somebody may still listen
_CAMERAS = 200  # of one connection
_POLICY = 1008  # as WebSocket calls it

Fps = Annotated[float, Query(gt=0, le=60, description="Frames a second of each camera at most.")]


@router.websocket("/cameras/{name}/live")
async def live(socket: WebSocket, name: str, who: Viewer, parts: Parts, fps: Fps = 10.0) -> None:
    """One camera."""
    camera = await visible(parts, who, name)
    await _serve(socket, parts, who, (camera,), fps)


@router.websocket("/live")
async def live_together(
    socket: WebSocket,
    who: Viewer,
    parts: Parts,
    cameras: Annotated[str, Query(max_length=8000)] = "",
    fps: Fps = 5.0,
) -> None:
    """Several cameras on one connection."""
    asked = [name for name in cameras.split(",") if name][:_CAMERAS]
    names = tuple([await visible(parts, who, name) for name in asked])
    if not names:
        seen = await visible_cameras(parts, who)
        names = (await parts.registry.names() if seen is None else seen)[:_CAMERAS]
    await _serve(socket, parts, who, tuple(dict.fromkeys(names)), fps)


async def _serve(
    socket: WebSocket, parts: Services, who: Principal, names: Sequence[str], fps: float
) -> None:
    await socket.accept()
    sending = asyncio.create_task(_send(socket, Stream(parts.feed, names, fps)))
    gone = asyncio.create_task(_gone(socket))
    shut_out = asyncio.create_task(_shut_out(socket, parts, who, names))
    tasks = (sending, gone, shut_out)
    try:
        with parts.watchers.look(names, fps):
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        code = _POLICY if shut_out.done() else 1000
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(code)


async def _shut_out(
    socket: WebSocket, parts: Services, who: Principal, names: Sequence[str]
) -> None:
    """Returns once somebody may hear of these cameras no longer."""
    while True:
        await asyncio.sleep(CHECK_S)
        if await identified(socket, parts) != who:
            return
        seen = await visible_cameras(parts, who)
        if seen is not None and not set(names) <= set(seen):
            return


async def _send(socket: WebSocket, stream: Stream) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        async for text in stream:
            await socket.send_text(text)


async def _gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
