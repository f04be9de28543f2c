"""Which pixels each camera lets out: what it says, what it is asked to, and what it let out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, func, select

from sightline.hub.store.tables.ledger import ledger
from sightline.hub.store.tables.twins import twins
from sightline.twin.privacy import PrivacyConfig


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The privacy of one camera.

    policy    none, redacted, roi or full, as the camera says it is; empty until it has said so
    classes   what is blurred, or shown
    asked     the policy that it is to have, where that is not yet the one it has; else empty
    pictures  that left it since the moment asked for, by its signed ledger
    """

    camera: str
    policy: str
    classes: list[str] = field(default_factory=list)
    asked: str = ""
    pictures: int = 0


def policies(connection: Connection, names: Sequence[str], from_ns: int) -> list[PolicyView]:
    """Those of some cameras, in the order of `names`."""
    columns = (twins.c.camera, twins.c.version, twins.c.desired, twins.c.reported)
    told = {
        row.camera: row
        for row in connection.execute(select(*columns).where(twins.c.camera.in_(names)))
    }
    left = (
        select(ledger.c.camera, func.sum(ledger.c.pictures).label("pictures"))
        .where(ledger.c.camera.in_(names), ledger.c.end_ns >= from_ns)
        .group_by(ledger.c.camera)
    )
    pictures = {row.camera: int(row.pictures or 0) for row in connection.execute(left)}
    return [_view(name, told.get(name), pictures.get(name, 0)) for name in names]


def _view(name: str, row: Any, pictures: int) -> PolicyView:
    if row is None:
        return PolicyView(name, "", pictures=pictures)
    asked = _privacy(row.desired) if row.version else None
    said = _privacy(row.reported) if row.reported else None
    now = said or PrivacyConfig()
    differs = asked is not None and asked != said
    return PolicyView(
        name,
        now.policy if said else "",
        list(now.classes),
        asked.policy if asked and differs else "",
        pictures,
    )


def _privacy(state: str) -> PrivacyConfig | None:
    """Of a desired or reported state as JSON; a camera may report what is no policy."""
    config = json.loads(state).get("config", {})
    try:
        return PrivacyConfig.model_validate(config.get("privacy", {}))
    except ValidationError:
        return None
