"""Requests leave traces at a collector, under routes and not under what was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hubkit import Speaker
from hubrun import running_hub

from sightline.errors import MissingExtra

pytest.importorskip("opentelemetry.exporter.otlp.proto.http")


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", taken
        finally:
            server.shutdown()
            thread.join()


def spans(taken: list[bytes]) -> list[Any]:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    told = [ExportTraceServiceRequest.FromString(body) for body in taken]
    return [
        span
        for request in told
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_a_batch_that_is_stored_is_a_span(tmp_path: Path) -> None:
    with collector() as (address, taken):
        with running_hub(tmp_path / "site", traces=address) as hub:
            hub.hear(Speaker().announce())
        [span] = spans(taken)
    assert span.name == "ingest.batch"
    assert [(item.key, item.value.int_value) for item in span.attributes] == [
        ("sightline.arrivals", 1)
    ]


def test_a_request_is_a_span_of_its_callers_trace(tmp_path: Path) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with collector() as (address, taken), running_hub(tmp_path / "site", traces=address) as hub:
        headers = {"traceparent": f"00-{trace}-{parent}-01"}
        answer = httpx.get(f"{hub.url}/api/v1/cameras/secret-door", headers=headers)
        httpx.get(f"{hub.url}/healthz")
    [span] = spans(taken)
    assert span.name == "GET /api/v1/cameras/{name}"
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (trace, parent)
    attributes = {item.key: item.value for item in span.attributes}
    assert attributes["http.response.status_code"].int_value == 401
    assert attributes["sightline.request"].string_value == answer.headers["x-request-id"]
    assert b"secret-door" not in b"".join(taken)


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from sightline.hub.api.traces import Traces

    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(MissingExtra, match=r"sightline\[traces\]"):
        Traces("http://127.0.0.1:4318")
