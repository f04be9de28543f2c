"""A rendered camera to begin with, where whoever started this hub can start one.

The hub itself knows no cameras' program; what can start one is put into `app.state.trial`.
"""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter, Request
from pydantic import BaseModel

from sightline.hub.api.access import Remote, WholeOperator
from sightline.hub.api.services import Parts
from sightline.hub.auth.audit import note
from sightline.hub.refused import Unknown

router = APIRouter(prefix="/api/v1/trial-camera", tags=["enrolment"])

_LASTS_S = 600.0


class Trial(Protocol):
    """Something that starts one rendered camera called `name`."""

    name: str
    running: bool
    known: bool  # it was let in before, and needs no token

    async def start(self, token: str) -> None:
        """Have it run; nothing happens where it does."""


class TrialView(BaseModel):
    """`available` is false where no rendered camera can be started from here."""

    available: bool
    name: str = ""
    running: bool = False


@router.get("", summary="Whether a rendered camera can be had")
async def shown(who: WholeOperator, request: Request) -> TrialView:
    """For the page of the first start."""
    return _view(_trial(request))


@router.post("", status_code=202, summary="Start a rendered camera")
async def started(who: WholeOperator, request: Request, parts: Parts, remote: Remote) -> TrialView:
    """A program beside the hub, which enrols as any camera does. 404 where there is none."""
    trial = _trial(request)
    if trial is None:
        raise Unknown("no rendered camera can be started from here; run `sightline camera`")
    token = ""
    if not trial.known:
        token, _ = await parts.registry.give_out(
            who.actor, tags={"rendered": "yes"}, camera=trial.name, expires_s=_LASTS_S
        )
    await trial.start(token)
    await parts.database.write(
        lambda connection: note(
            connection, who.actor, "trial.started", f"camera {trial.name}", remote=remote
        )
    )
    return _view(trial)


def _trial(request: Request) -> Trial | None:
    return getattr(request.app.state, "trial", None)


def _view(trial: Trial | None) -> TrialView:
    if trial is None:
        return TrialView(available=False)
    return TrialView(available=True, name=trial.name, running=trial.running)
