"""How the thread of a camera is doing: written by it, read by whoever tells of it."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

import numpy as np

from sightline.camera.agent.feed import Feed
from sightline.sensor.base import Capture
from sightline.wire.messages import Event

_LATEST = 300  # pictures
_RATE_S = 10.0


class Vitals:
    """Numbers of the newest pictures. Every field is replaced whole, so no lock is needed.

    lost  whether the source gives no pictures now
    """

    def __init__(self) -> None:
        self.frames = 0
        self.lost = True
        self.counts: dict[str, Any] = {}
        self.dropped = self.stalls = self.reconnects = 0
        self.troubles: deque[tuple[int, str]] = deque(maxlen=20)
        self._latencies: deque[float] = deque(maxlen=_LATEST)
        self._moments: deque[float] = deque(maxlen=_LATEST)
        self._stages: deque[tuple[float, float, float]] = deque(maxlen=_LATEST)

    def saw(self, capture: Capture, spent_ns: int, feed: Feed) -> None:
        """A picture was understood."""
        self.frames += 1
        self.lost = False
        self._moments.append(time.monotonic())
        behind_ns = time.time_ns() - capture.time_ns if feed.live else spent_ns
        self._latencies.append(behind_ns / 1e6)
        self._stages.append(
            (capture.decode_ns / 1e6, capture.preprocess_ns / 1e6, capture.network_ns / 1e6)
        )
        counters = feed.counters
        self.dropped, self.stalls = counters.dropped, counters.stalls
        self.reconnects = counters.reconnects

    def told(self, event: Event) -> None:
        """What the source says of itself."""
        if event.kind in ("source.lost", "source.stalled"):
            self.lost = True
            reason = event.data.get("reason", "gives no pictures")
            self.troubles.append((event.time_ns, f"{event.kind}: {reason}"))
        elif event.kind in ("source.resumed", "source.connected"):
            self.lost = False

    @property
    def fps(self) -> float:
        """Pictures understood a second, lately."""
        now, moments = time.monotonic(), list(self._moments)
        recent = [moment for moment in moments if now - moment <= _RATE_S]
        if len(recent) < 2:
            return 0.0
        return round((len(recent) - 1) / max(now - recent[0], 1e-3), 2)

    def latency_ms(self) -> dict[str, float]:
        """From capture to metadata: median and p95 of the newest pictures."""
        values = list(self._latencies)
        if not values:
            return {}
        median, high = np.percentile(values, [50, 95])
        return {"median": round(float(median), 2), "p95": round(float(high), 2)}

    def stages_ms(self) -> dict[str, float]:
        """Milliseconds a picture, by stage."""
        values = list(self._stages)
        if not values:
            return {}
        decode, preprocess, network = np.median(values, axis=0).tolist()
        return {
            "decode": round(decode, 2),
            "preprocess": round(preprocess, 2),
            "network": round(network, 2),
        }
