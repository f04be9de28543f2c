"""How the camera program (`sightline camera`) works around the pipeline, and where it connects."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class AgentConfig(BaseModel):
    """What the camera program does with what the pipeline gives it.

    mailbox     between the thread that sees and what stores: "wait" lets the pipeline wait where
                the disk is slow (a live source drops pictures then, and counts them),
                "drop_oldest" gives up the objects of the oldest picture; never an event
    queue       how many pictures the mailbox holds
    flush_s     what was seen is written to the disk this often, in one transaction: a power cut
                loses no more than that
    outbox_mb   the outbox holds this much; beyond, the oldest frames go, then measures, then events
    outbox_days what could not be sent for so long, while the camera ran, is given up
    frames      whether metadata of every picture is sent, or only events and measures
    health_s    health is told this often, and whenever the camera's state changes
    measures_s  numbers of the analytics are sent this often, each over its own interval
    pace        of recordings: "clock" plays them at their own speed, as a camera would see them,
                "free" as fast as they can be understood, so that times may run ahead
    at_end      of a recording: "stop" ends the program, "loop" begins again
    metrics     address for Prometheus, such as 127.0.0.1:9464
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mailbox: Literal["wait", "drop_oldest"] = "wait"
    queue: int = Field(default=256, ge=8, le=100_000)
    flush_s: float = Field(default=1.0, ge=0.05, le=60)
    outbox_mb: float = Field(default=256.0, ge=1, le=100_000)
    outbox_days: float = Field(default=7.0, gt=0, le=3650)
    frames: bool = True
    health_s: float = Field(default=30.0, ge=1, le=3600)
    measures_s: float = Field(default=60.0, ge=1, le=86_400)
    pace: Literal["clock", "free"] = "clock"
    at_end: Literal["stop", "loop"] = "stop"
    metrics: str | None = Field(
        default=None, pattern=r"^[^\s:]*:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$"
    )


class LinkConfig(BaseModel):
    """Where the camera connects. It is the camera's own and never set from outside.

    kind     hub, azure, stdout or webhook
    url      of the webhook, which gets what the camera says as JSON by POST
    secret   file whose content signs the webhook's bodies (HMAC-SHA256)
    host     of Azure IoT Hub: NAME.azure-devices.net; empty where the provisioning service says it
    device   its identity there (else the camera's name)
    scope    ID scope of the device provisioning service, where that assigns the hub
    provisioning  host of that service
    key      file with the device's symmetric key (base64), or a connection string
    certificate  file with the device's X.509 certificate, in place of a key
    certificate_key  file with its private key
    authority    file with certificates to trust in place of the system's
    websocket    connect on port 443
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["hub", "azure", "stdout", "webhook"] = "hub"
    url: str | None = None
    secret: str | None = None
    host: str = ""
    device: str = ""
    scope: str | None = None
    provisioning: str = "global.azure-devices-provisioning.net"
    key: str | None = None
    certificate: str | None = None
    certificate_key: str | None = None
    authority: str | None = None
    websocket: bool = False
