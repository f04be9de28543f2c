"""What hub and camera say to each other about the camera itself. JSON; unknown fields are ignored.

Times are nanoseconds since the Unix epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import msgspec

from sightline.errors import InputError

State = Literal["applied", "pending", "rejected", "rolled-back"]
Stage = Literal["", "downloading", "staged", "shadow", "switched", "failed", "rolled-back"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The body of POST /api/v1/enroll: a new camera asks to be let in.

    token    what the hub's owner gave out
    request  certificate signing request (PEM) made with the camera's own key
    name     wished name; empty lets the hub choose
    """

    token: str
    request: str
    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    hardware: dict[str, str] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The answer: who the camera is from now on, and where it connects.

    certificate  of the camera's key, signed by the site's authority (PEM)
    authority    the site's certificate authority (PEM), pinned from now on; empty on loopback
    mqtt         where its sessions go: mqtt://host:port, mqtts://host:port, ws:// or wss://
    """

    camera: str
    certificate: str
    mqtt: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A package that a camera is to run.

    url  path on the hub; the camera asks with its own credential
    """

    name: str
    version: str
    sha256: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Desired:
    """What a camera is to be. `version` grows by one with each change.

    config      CameraConfig as plain values, without the source where the camera keeps its own
    model       the package to run; None leaves the one that config names
    deployment  which rollout brought this; empty for a change by hand
    shadow_s    how long the new model runs beside the old one before the switch
    gate        limits for the trial: {"agreement": 0.7, "latency_ratio": 2.0, "fps": 0.8, …}
    """

    version: int
    config: dict[str, Any]
    model: ModelRef | None = None
    deployment: str = ""
    shadow_s: float = 0.0
    gate: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reported:
    """What a camera is. `version` is that of the desired state that this answers.

    config  what runs now, with credentials in URLs replaced
    model   {"name", "version", "sha256"} of the network that runs now
    stage   where a new model is on its way; `trial` is what was measured of it
    error   why it was rejected or rolled back, in one sentence
    """

    version: int
    state: State
    config: dict[str, Any]
    model: dict[str, str] = field(default_factory=dict)
    stage: Stage = ""
    trial: dict[str, float] = field(default_factory=dict)
    deployment: str = ""
    error: str = ""
    time_ns: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """How a camera is, every 30 s and whenever its state changes.

    state         running, starting, degraded (no pictures), failed
    fps           pictures understood a second, lately
    latency_ms    from capture to metadata: {"median": …, "p95": …}
    dropped       pictures that came too fast, since the boot
    outbox        {"parcels", "bytes", "oldest_s", "lost_frames", "lost_events", "lost_measures"}
    counts        the numbers of its analytics: {"lines": {NAME: {"in": …}}, …}
    errors        the newest first, each one sentence with a time: [[time_ns, "…"], …]
    """

    camera: str
    boot: str
    time_ns: int
    state: str
    uptime_s: float = 0.0
    fps: float = 0.0
    latency_ms: dict[str, float] = field(default_factory=dict)
    stages_ms: dict[str, float] = field(default_factory=dict)
    dropped: int = 0
    reconnects: int = 0
    stalls: int = 0
    temperature_c: float | None = None
    memory_mb: float = 0.0
    disk_free_mb: float = 0.0
    outbox: dict[str, float] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    model: str = ""
    version: str = ""
    config_version: int = 0
    errors: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a camera is to do once: snapshot, restart, log, ledger, self-test."""

    id: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    expires_ns: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a command."""

    id: str
    ok: bool
    value: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody looks on: for `for_s` seconds, say what is seen at least every `every_s`.

    It is said again as long as he does, and never answered. A duration and no instant, because
    clocks differ. A camera that does not know it says what it sees as often as before.
    """

    every_s: float
    for_s: float


Control = TypeVar("Control", Enrolment, Enrolled, Desired, Reported, Health, Command, Result, Watch)


def encode_control(message: Control) -> bytes:
    """As JSON."""
    return msgspec.json.encode(message)


def decode_control(kind: type[Control], payload: bytes, sender: str) -> Control:
    """The message in a payload. Raises InputError, naming who sent it."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{sender} sent what is no {kind.__name__.lower()}: {error}") from None
