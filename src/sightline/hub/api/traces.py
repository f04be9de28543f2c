"""Traces by OpenTelemetry, where a collector is set; a caller's own trace goes on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from sightline.errors import MissingExtra
from sightline.hub.api.guards import App, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_QUIET = ("/healthz", "/readyz", "/metrics")  # asked all the time by machines


class Traces:
    """Sends to a collector by OTLP over HTTP. Raises MissingExtra where that is not installed.

    collector  its address: http://127.0.0.1:4318
    """

    def __init__(self, collector: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError:
            raise MissingExtra("sending traces", "traces") from None
        about = {"service.name": "sightline-hub", "service.version": version("sightline")}
        self.provider: TracerProvider = TracerProvider(resource=Resource.create(about))
        exporter = OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces", timeout=5)
        self.provider.add_span_processor(BatchSpanProcessor(exporter))

    def span(self, name: str, about: Mapping[str, Any]) -> AbstractContextManager[Any]:
        """A block that is no request; see `hub.spans`."""
        tracer = self.provider.get_tracer("sightline.hub")
        return tracer.start_as_current_span(name, attributes=dict(about))

    def close(self) -> None:
        """Send what is left; takes some seconds at most where nobody answers."""
        self.provider.shutdown()


class Traced:
    """ASGI middleware: a span a request, named by its route and not by what was asked."""

    def __init__(self, app: App, traces: Traces) -> None:
        self._app = app
        self._tracer = traces.provider.get_tracer("sightline.hub")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, Status, StatusCode

        method = scope["method"]
        caller = extract(dict(Headers(scope=scope)))
        with self._tracer.start_as_current_span(method, caller, SpanKind.SERVER) as span:

            async def answered(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            span.set_attribute("http.request.method", method)
            await self._app(scope, receive, answered)
            route = getattr(scope.get("route"), "path", "")
            span.set_attribute("sightline.request", scope.get("state", {}).get("id", ""))
            if route:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
