"""Numbers of a camera for Prometheus, over plain HTTP on an address of one's choice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from sightline.errors import ConfigError
from sightline.wire.control import Health

_ANSWER = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
    "Content-Length: {length}\r\nConnection: close\r\n\r\n"
)
_PATIENCE_S = 5.0
_LONGEST = 8192


async def serve(address: str, health: Callable[[], Awaitable[Health]]) -> None:
    """Answer every GET with the numbers of now, for ever. Raises ConfigError."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await reader.readuntil(b"\r\n\r\n")
                body = "\n".join([*lines(await health()), ""]).encode()
                writer.write(_ANSWER.format(length=len(body)).encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    host, _, port = address.rpartition(":")
    try:
        server = await asyncio.start_server(
            answer, host.strip("[]") or "127.0.0.1", int(port), limit=_LONGEST
        )
    except OSError as error:
        raise ConfigError(f"agent.metrics: cannot listen at {address}: {error.strerror}") from None
    async with server:
        await server.serve_forever()


def lines(health: Health) -> Iterator[str]:
    """The text form of Prometheus."""
    camera = f'camera="{health.camera}"'
    gauges = {
        "frames_per_second": health.fps,
        "uptime_seconds": health.uptime_s,
        "memory_bytes": health.memory_mb * 1e6,
        "disk_free_bytes": health.disk_free_mb * 1e6,
        "temperature_celsius": health.temperature_c,
        "outbox_parcels": health.outbox.get("parcels"),
        "outbox_bytes": health.outbox.get("bytes"),
        "outbox_oldest_seconds": health.outbox.get("oldest_s"),
        "running": float(health.state == "running"),
        "config_version": health.config_version,
    }
    counters = {
        "dropped_total": health.dropped,
        "stalls_total": health.stalls,
        "reconnects_total": health.reconnects,
        "lost_frames_total": health.outbox.get("lost_frames"),
        "lost_events_total": health.outbox.get("lost_events"),
        "lost_measures_total": health.outbox.get("lost_measures"),
    }
    for kind, numbers in (("gauge", gauges), ("counter", counters)):
        for name, value in numbers.items():
            if value is not None:
                yield f"# TYPE sightline_camera_{name} {kind}"
                yield f"sightline_camera_{name}{{{camera}}} {value:g}"
    yield "# TYPE sightline_camera_latency_seconds gauge"
    for quantile, key in (("0.5", "median"), ("0.95", "p95")):
        if key in health.latency_ms:
            number = health.latency_ms[key] / 1000
            yield f'sightline_camera_latency_seconds{{{camera},quantile="{quantile}"}} {number:g}'
