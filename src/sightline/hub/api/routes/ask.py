"""What a line or a zone would have counted, before it is given to a camera."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from sightline.hub.api.access import Viewer, visible
from sightline.hub.api.leaving import Leaving
from sightline.hub.api.moments import Range, moment_ns
from sightline.hub.api.services import Parts
from sightline.hub.query.ask import Answer, answer

router = APIRouter(prefix="/api/v1/cameras", tags=["history"], route_class=Leaving)

_USUAL_S = 3600.0


class Question(BaseModel):
    """`config` holds the parts of a camera's configuration that ask: lines, zones, queues, …"""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    config: dict[str, Any] = Field(max_length=40)
    begin: str = Field(default="", alias="from", max_length=64)
    end: str = Field(default="", alias="to", max_length=64)


@router.post("/{name}/ask", summary="Ask the past a new question")
async def asked(name: str, body: Question, who: Viewer, parts: Parts) -> Answer:
    """Over the last hour of stored frames, unless a range is given."""
    camera = await visible(parts, who, name)
    span = Range(moment_ns(body.begin, "from"), moment_ns(body.end, "to"))
    from_ns, to_ns = span.closed(_USUAL_S)
    return await parts.database.read(
        lambda c: answer(c, parts.segments, camera, body.config, from_ns, to_ns), long=True
    )
