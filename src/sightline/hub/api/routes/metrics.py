"""Numbers about the hub itself, for Prometheus."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.requests import HTTPConnection

from sightline.hub.api.access import Gate, remote
from sightline.hub.api.address import is_passed_on
from sightline.hub.api.services import Parts
from sightline.hub.auth.principal import Principal


class _Scraper(Gate):
    """A viewer; by setting also who asks from this machine, and not for somebody else."""

    async def __call__(self, connection: HTTPConnection, parts: Parts) -> Principal | None:
        if parts.settings.metrics == "loopback" and _is_here(connection):
            return None
        return await super().__call__(connection, parts)


def _is_here(connection: HTTPConnection) -> bool:
    if is_passed_on(connection):
        return False
    try:
        return ip_address(remote(connection)).is_loopback
    except ValueError:
        return False


Scraper = Annotated[Principal | None, Depends(_Scraper("viewer"))]
router = APIRouter(tags=["status"])


@router.get("/metrics", summary="Metrics in Prometheus's text form")
async def metrics(who: Scraper, parts: Parts) -> Response:
    """With the token of a viewer, or by setting from the hub's own machine without."""
    registry = CollectorRegistry()
    cameras = Gauge("sightline_cameras", "Cameras by state.", ["state"], registry=registry)
    for state, count in (await parts.registry.count()).items():
        cameras.labels(state).set(count)
    taken = Gauge(
        "sightline_ingest_total", "What came in since the start, by kind.", ["kind"],
        registry=registry,
    )  # fmt: skip
    for kind, count in parts.ingest.counts.items():
        taken.labels(kind).set(count)
    refused = Gauge(
        "sightline_gateway_refused_total", "What gateways refused since the start, by reason.",
        ["reason"], registry=registry,
    )  # fmt: skip
    for reason, count in parts.gateway.counts.items():
        refused.labels(reason).set(count)
    stuck = Gauge("sightline_ingest_stuck", "1 while nothing can be stored.", registry=registry)
    stuck.set(1 if parts.ingest.trouble else 0)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
