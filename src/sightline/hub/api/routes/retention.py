"""For how long data is kept, which people may change without a restart."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from sightline.hub.api.access import Remote, WholeAdmin, WholeOperator
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.settings import Settings
from sightline.hub.store import keeping
from sightline.hub.store.keeping import KEPT, LONGEST_DAYS, USUAL, Kept

router = APIRouter(prefix="/api/v1/retention", tags=["retention"])


class Days(BaseModel):
    """How long."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[float, Field(gt=0, le=LONGEST_DAYS, allow_inf_nan=False)]


class KeptFor(BaseModel):
    """Data of one kind: for how many days it is kept, and for how many by the hub's settings."""

    kind: Kept
    days: float
    usual: float


class Retention(BaseModel):
    """All kinds; and by camera what is kept for longer or shorter there."""

    items: list[KeptFor]
    cameras: dict[str, dict[str, float]]


@router.get("", summary="For how long data is kept")
async def shown(who: WholeOperator, parts: Parts) -> Retention:
    """A camera's own wish goes before that for all, which goes before `hub.yaml`."""
    return await parts.database.read(lambda c: _told(c, parts.settings))


@router.put("/{kind}", summary="Keep data of a kind for so many days")
async def wished(
    kind: Kept, body: Days, who: WholeAdmin, parts: Parts, remote: Remote
) -> Retention:
    """What is older goes within a minute, and does not come back."""
    return await _wish(parts, who, remote, kind, body.days)


@router.delete("/{kind}", summary="Keep data of a kind as the hub is set")
async def unwished(kind: Kept, who: WholeAdmin, parts: Parts, remote: Remote) -> Retention:
    """By `hub.yaml`, or the usual."""
    return await _wish(parts, who, remote, kind, None)


async def _wish(
    parts: Services, who: Principal, remote: str, kind: Kept, days: float | None
) -> Retention:
    def work(connection: Connection) -> Retention:
        keeping.wish(connection, kind, days)
        detail = {} if days is None else {"days": days}
        note(connection, who.actor, "retention.changed", f"retention of {kind}", detail, remote)
        return _told(connection, parts.settings)

    return await parts.database.write(work)


def _told(connection: Connection, settings: Settings) -> Retention:
    usual: dict[str, float] = {**USUAL, "pictures": settings.picture_days}
    usual |= {str(kind): days for kind, days in settings.retention.items()}
    days = usual | keeping.wished(connection)
    items = [KeptFor(kind=kind, days=days[kind], usual=usual[kind]) for kind in KEPT]
    return Retention(items=items, cameras=keeping.of_cameras(connection))
