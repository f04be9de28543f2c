"""Deployments: a model or a configuration for many cameras, a few at a time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sightline.hub.api.access import Operator, Remote, Viewer
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts, Services
from sightline.hub.api.unchanged import Unchanged
from sightline.hub.auth.principal import Principal
from sightline.hub.deployments.messages import Order
from sightline.hub.deployments.plan import Plan
from sightline.hub.deployments.records import DeploymentView, LogLine, MemberView
from sightline.hub.refused import Refused, Unknown
from sightline.hub.registry import question

router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"], route_class=Unchanged)

_EVER = 1 << 62
Seconds = Annotated[float, Field(ge=0, le=7 * 86400, allow_inf_nan=False)]


class NewDeployment(BaseModel):
    """Either `model` ("name:version", uploaded before) or `patch` (a JSON merge patch of the
    configuration), for the cameras that the fleet query `to` means."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[str, StringConstraints(max_length=1000)]
    model: Annotated[str, StringConstraints(max_length=200)] | None = None
    patch: dict[str, Any] | None = Field(default=None, max_length=40)
    canary: int = Field(default=1, ge=0, le=1000)
    batch: int = Field(default=10, ge=1, le=1000)
    shadow_s: Seconds = 60.0
    watch_s: Seconds = 60.0
    patience_s: Seconds = 900.0
    expires_s: Seconds = 86400.0
    failures: int = Field(default=0, ge=0, le=1000)
    rollback: bool = True
    gate: dict[str, float] = Field(default_factory=dict, max_length=20)
    note: Annotated[str, StringConstraints(max_length=500)] = ""


@router.get("", summary="Deployments")
async def listed(
    who: Viewer, parts: Parts, limit: Limit = 50, cursor: Cursor = ""
) -> Page[DeploymentView]:
    """The newest first. Who may see some cameras only sees those within his scope."""
    before = place_of(cursor, int)
    found = await parts.deployments.newest(_EVER if before is None else before, limit + 1)
    told = page(found, limit, lambda one: one.created_ns)
    own = [one for one in told.items if _may_see(who, one)]
    return told.model_copy(update={"items": own})


@router.post("", status_code=201, summary="Begin a deployment")
async def begun(body: NewDeployment, who: Operator, parts: Parts, remote: Remote) -> DeploymentView:
    """The canary goes first; the gate decides after it whether the others follow."""
    values = body.model_dump()
    model, to = values.pop("model"), values.pop("to")
    ref = None
    if model is not None:
        name, sign, version = model.partition(":")
        if not sign:
            raise Refused("model: write name:version, as the list of models has it")
        ref = await parts.models.ref(name, version)
    plan = Plan(target=who.within(to), model=ref, **values)
    return await parts.deployments.begin(plan, who, remote)


@router.get("/{id}", summary="A deployment")
async def shown(id: str, who: Viewer, parts: Parts) -> DeploymentView:
    """How many of its cameras are in which state."""
    return await _seen(parts, who, id)


@router.get("/{id}/cameras", summary="Where its cameras stand")
async def cameras(id: str, who: Viewer, parts: Parts) -> Page[MemberView]:
    """By name."""
    await _seen(parts, who, id)
    return Page(items=await parts.deployments.cameras(id))


@router.get("/{id}/log", summary="The story of a deployment")
async def log(
    id: str, who: Viewer, parts: Parts, limit: Limit = 200, cursor: Cursor = ""
) -> Page[LogLine]:
    """Every transition with its reason, in order."""
    await _seen(parts, who, id)
    found = await parts.deployments.story(id, place_of(cursor, int) or 0, limit + 1)
    return page(found, limit, lambda line: line.id)


@router.post("/{id}/{verb}", summary="Pause, resume, abort or roll back")
async def ordered(
    id: str,
    verb: Literal["pause", "resume", "abort", "rollback"],
    who: Operator,
    parts: Parts,
    remote: Remote,
) -> DeploymentView:
    """409 where it is too late for that."""
    await _seen(parts, who, id)
    return await parts.deployments.order(id, Order(verb, who.actor), who, remote)


async def _seen(parts: Services, who: Principal, id: str) -> DeploymentView:
    view = await parts.deployments.show(id)
    if not _may_see(who, view):
        raise Unknown(f"there is no deployment {id!r:.80}")
    return view


def _may_see(who: Principal, view: DeploymentView) -> bool:
    """Who may see some cameras only: what was begun for some of them."""
    return not who.scope or question.is_narrowed(view.plan.target, who.scope)
