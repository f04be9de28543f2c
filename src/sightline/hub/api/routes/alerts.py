"""Rules of the fleet, the alerts that they raise, and who is told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sightline.hub.alerts.desk import ChannelView
from sightline.hub.alerts.records import Alert, Delivery
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.api.access import (
    Operator,
    Remote,
    Viewer,
    WholeAdmin,
    WholeOperator,
    belonging,
    visible_cameras,
)
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts

router = APIRouter(prefix="/api/v1", tags=["alerts"])

_EVER = 1 << 62
Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Names = Annotated[tuple[Name, ...], Field(max_length=20)]
Finite = Annotated[float, Field(ge=0, le=31 * 86400, allow_inf_nan=False)]


class NewRule(BaseModel):
    """`condition` in the language of rules; `target` is a fleet query."""

    model_config = ConfigDict(extra="forbid")

    condition: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    target: Annotated[str, StringConstraints(max_length=1000)] = ""
    level: Literal["info", "warning", "critical"] = "warning"
    cool_down_s: Finite = 300.0
    message: Annotated[str, StringConstraints(max_length=500)] = ""
    channels: Names = ()
    escalate_s: Finite = 0.0
    escalate_to: Names = ()
    enabled: bool = True


class NewChannel(BaseModel):
    """`settings` by kind: webhook {url, secret}, email {to}, mqtt {url, prefix},
    home-assistant {url, prefix, discovery}."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, StringConstraints(max_length=32)]
    settings: dict[str, Any] = Field(max_length=10)


@router.get("/rules", summary="Rules of the fleet")
async def listed(who: Viewer, parts: Parts) -> Page[FleetRule]:
    """By name. Who may see some cameras only sees none of them."""
    return Page(items=[] if who.scope else await parts.alerts.rules())


@router.put("/rules/{name}", summary="Add or replace a rule")
async def put(
    name: Name, body: NewRule, who: WholeOperator, parts: Parts, remote: Remote
) -> FleetRule:
    """422 shows where a condition is wrong."""
    rule = FleetRule(name, **body.model_dump())
    return await parts.alerts.put_rule(rule, who, remote)


@router.delete("/rules/{name}", status_code=204, summary="Remove a rule")
async def removed(name: Name, who: WholeOperator, parts: Parts, remote: Remote) -> None:
    """Its alerts stay in the history."""
    await parts.alerts.remove_rule(name, who, remote)


@router.get("/channels", summary="Who can be told")
async def channels(who: WholeOperator, parts: Parts) -> Page[ChannelView]:
    """By name, without secrets."""
    return Page(items=await parts.alerts.channels())


@router.put("/channels/{name}", status_code=204, summary="Add or replace a channel")
async def put_channel(
    name: Name, body: NewChannel, who: WholeAdmin, parts: Parts, remote: Remote
) -> None:
    """Secrets are never shown again."""
    await parts.alerts.put_channel(name, body.kind, body.settings, who, remote)


@router.delete("/channels/{name}", status_code=204, summary="Remove a channel")
async def remove_channel(name: Name, who: WholeAdmin, parts: Parts, remote: Remote) -> None:
    """What still waits for it is given up."""
    await parts.alerts.remove_channel(name, who, remote)


@router.get("/alerts", summary="Alerts")
async def alerts(
    who: Viewer,
    parts: Parts,
    state: Literal["", "open", "acknowledged", "cleared"] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Page[Alert]:
    """The newest first."""
    seen = await visible_cameras(parts, who)
    before = place_of(cursor, int)
    found = await parts.alerts.newest(seen, state, _EVER if before is None else before, limit + 1)
    return page(found, limit, lambda alert: alert.id)


@router.post("/alerts/{number}/acknowledge", summary="I have seen it")
async def acknowledged(number: int, who: Operator, parts: Parts, remote: Remote) -> Alert:
    """It is not escalated any more."""
    alert = await parts.alerts.show(number)
    await belonging(parts, who, alert.camera, f"alert {number}")
    return await parts.alerts.acknowledge(number, who, remote)


@router.get("/alerts/{number}/deliveries", summary="Who was told, and what came of each try")
async def deliveries(number: int, who: Viewer, parts: Parts) -> Page[Delivery]:
    """In order."""
    alert = await parts.alerts.show(number)
    await belonging(parts, who, alert.camera, f"alert {number}")
    return Page(items=await parts.alerts.deliveries(number))
