"""Numbers about the hub itself, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from sightline.hub.api.access import Viewer
from sightline.hub.api.services import Parts

router = APIRouter(tags=["status"])


@router.get("/metrics", summary="Metrics in Prometheus's text form")
async def metrics(who: Viewer, parts: Parts) -> Response:
    """With the token of a viewer."""
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
