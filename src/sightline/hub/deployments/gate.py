"""Whether a camera does well with what it was given: one sentence says why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sightline.hub.deployments.plan import LEAST, MOST
from sightline.wire.control import Health, Reported

_WORDS = {
    "agreement": "agrees with the old model on {value:.0%}, at least {limit:.0%} asked",
    "fps": "the frame rate fell to {value:.0%} of what it was, at least {limit:.0%} asked",
    "counts": "counts {value:.0%} of what the old model counted, at least {limit:.0%} asked",
    "latency_ratio": "is {value:.1f} times as slow as before, at most {limit:.1f} allowed",
    "heat_c": "runs {value:.0f} degrees hotter, at most {limit:.0f} allowed",
    "errors": "reports {value:.0f} errors since, at most {limit:.0f} allowed",
    "restarts": "was restarted {value:.0f} times since, at most {limit:.0f} allowed",
}


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a camera was before it was told; zeros and None where it had not said."""

    fps: float = 0.0
    latency_ms: float = 0.0
    temperature_c: float | None = None
    state: str = ""
    time_ns: int = 0


def baseline(health: Health | None) -> Baseline:
    """What is compared with later."""
    if health is None:
        return Baseline()
    return Baseline(
        health.fps, health.latency_ms.get("median", 0.0), health.temperature_c, health.state,
        health.time_ns,
    )  # fmt: skip


def beyond(values: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """The first limit that is broken, in words; nothing where none is."""
    for name, value in values.items():
        limit = limits.get(name)
        if limit is None:
            continue
        # Written so that a value that is no number breaks its limit.
        kept = value >= limit if name in LEAST else value <= limit
        if name in LEAST | MOST and not kept:
            return _WORDS[name].format(value=value, limit=limit)
    return ""


def refused_by_camera(said: Reported) -> str:
    """Why the camera itself does not want it; nothing where it does."""
    if said.state in ("rejected", "rolled-back") or said.stage in ("failed", "rolled-back"):
        return said.error or f"the camera says {said.state} without saying why"
    return ""


def at_once(health: Health, before: Baseline, restarts: int, limits: Mapping[str, float]) -> str:
    """What cannot wait for the end of the watch."""
    if health.state == "failed" and before.state != "failed":
        return "the camera failed: " + (health.errors[0][1] if health.errors else "it says no more")
    errors = sum(0 < before.time_ns < time_ns for time_ns, _ in health.errors)
    fault = beyond({"errors": errors, "restarts": restarts}, limits)
    return f"{fault}: {health.errors[0][1]}" if fault and errors and health.errors else fault


def in_the_end(health: Health, before: Baseline, limits: Mapping[str, float]) -> str:
    """How it does once it has settled, against how it was."""
    if health.state == "degraded" and before.state not in ("degraded", ""):
        return "gives no pictures any more"
    values = {}
    if before.fps > 0:
        values["fps"] = health.fps / before.fps
    if before.latency_ms > 0 and "median" in health.latency_ms:
        values["latency_ratio"] = health.latency_ms["median"] / before.latency_ms
    if before.temperature_c is not None and health.temperature_c is not None:
        values["heat_c"] = health.temperature_c - before.temperature_c
    return beyond(values, limits)
