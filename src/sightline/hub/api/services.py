"""What the routes work with: the parts of one hub, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from sightline.hub.alerts.desk import Alerts
from sightline.hub.auth.oidc import Provider
from sightline.hub.auth.people import People
from sightline.hub.commands.commands import Desk
from sightline.hub.deployments.desk import Deployments
from sightline.hub.gateway.base import Gateway
from sightline.hub.ingest.feed import Feed
from sightline.hub.ingest.ingest import Ingest
from sightline.hub.models.models import Models
from sightline.hub.pictures.pictures import Pictures
from sightline.hub.plans.plans import Plans
from sightline.hub.query.watchers import Watchers
from sightline.hub.registry.registry import Registry
from sightline.hub.settings import Settings
from sightline.hub.store.database import Database
from sightline.hub.store.segments import Segments
from sightline.hub.twin.desk import Twins


@dataclass(frozen=True, slots=True)
class Services:
    """One hub's parts.

    mqtt          where cameras are told to connect
    mqtt_outside  the same for those that come through a reverse proxy; empty where there is none
    """

    settings: Settings
    database: Database
    people: People
    registry: Registry
    feed: Feed
    watchers: Watchers
    twins: Twins
    gateway: Gateway
    models: Models
    commands: Desk
    pictures: Pictures
    deployments: Deployments
    alerts: Alerts
    segments: Segments
    ingest: Ingest
    plans: Plans
    mqtt: str
    mqtt_outside: str = ""
    oidc: Provider | None = None


def services(connection: HTTPConnection) -> Services:
    """Those of the hub that serves this request."""
    return cast("Services", connection.app.state.services)


Parts = Annotated[Services, Depends(services)]
