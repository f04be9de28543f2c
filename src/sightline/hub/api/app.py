"""The web application: every resource under /api/v1, described by OpenAPI 3.1."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from urllib.parse import urlsplit

from fastapi import FastAPI

from sightline.hub.api import problem
from sightline.hub.api.guards import Guards
from sightline.hub.api.services import Services
from sightline.hub.api.traces import Traced, Traces
from sightline.hub.settings import Settings

ROUTES = (
    "status", "session", "signin", "people", "tokens", "enrolment", "trial", "cameras", "audit",
    "history", "spread", "shelves", "live", "ask", "calibrate", "heat", "exports", "metrics",
    "settings", "twin", "models", "commands", "pictures", "ledger", "deployments", "alerts", "demo",
    "fleet", "plans", "retention", "privacy",
)  # fmt: skip
_PROBLEM = {"description": "A problem", "content": {problem.MEDIA_TYPE: {"schema": problem.SCHEMA}}}


def create_app(services: Services, traces: Traces | None = None) -> FastAPI:
    """The application of one hub. Whoever mounts more onto it does so before it is served."""
    app = FastAPI(
        title="Sightline hub",
        version=version("sightline"),
        summary="A fleet of cameras: what they run, what they look for, what they saw.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses={"4XX": _PROBLEM},
    )
    app.state.services = services
    problem.install(app)
    for name in ROUTES:
        module = import_module(f"sightline.hub.api.routes.{name}")
        app.include_router(module.router)
    app.add_middleware(Guards, hosts=_hosts(services.settings))
    if traces is not None:
        app.add_middleware(Traced, traces=traces)
    return app


def _hosts(settings: Settings) -> frozenset[str]:
    behind = urlsplit(settings.url).hostname or ""
    own = {settings.host, settings.public, behind, *settings.hosts} - {""}
    return frozenset(name.lower() for name in own | {"localhost", "127.0.0.1", "::1"})
