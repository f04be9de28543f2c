"""How a camera is, as it tells its hub."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sightline.camera.agent.courier import Courier
from sightline.camera.agent.journal import Journal
from sightline.camera.agent.mailbox import Mailbox
from sightline.camera.agent.twin import Twin
from sightline.camera.agent.vitals import Vitals
from sightline.camera.machine import disk_free_mb, memory_mb, temperature_c
from sightline.camera.outbox.outbox import Outbox
from sightline.wire.control import Health


@dataclass(frozen=True, slots=True)
class Examination:
    """Looks at everything that health tells of."""

    camera: str
    boot: str
    folder: Path
    outbox: Outbox
    mailbox: Mailbox
    courier: Courier
    journal: Journal
    begun: float

    async def __call__(self, state: str, vitals: Vitals, twin: Twin) -> Health:
        """Now."""
        held = await self.outbox.held()
        losses = self.outbox.losses
        outbox: dict[str, float] = {
            "parcels": sum(item.parcels for item in held.values()),
            "bytes": sum(item.bytes for item in held.values()),
            "oldest_s": round(max(item.oldest_s for item in held.values()), 1),
            "lost_frames": losses.frames,
            "lost_events": losses.events,
            "lost_measures": losses.measures,
            "full": float(self.outbox.full),
        }
        stages: dict[str, Any] = vitals.stages_ms()
        return Health(
            camera=self.camera,
            boot=self.boot,
            time_ns=time.time_ns(),
            state=state,
            uptime_s=round(time.monotonic() - self.begun, 1),
            fps=vitals.fps,
            latency_ms=vitals.latency_ms(),
            stages_ms=stages,
            dropped=vitals.dropped + self.mailbox.dropped,
            reconnects=vitals.reconnects,
            stalls=vitals.stalls,
            temperature_c=temperature_c(),
            memory_mb=memory_mb(),
            disk_free_mb=disk_free_mb(self.folder),
            outbox=outbox,
            counts=vitals.counts,
            model=" ".join(filter(None, (twin.model["name"], twin.model["version"]))),
            version=version("sightline"),
            config_version=twin.version,
            errors=self._errors(vitals),
        )

    def _errors(self, vitals: Vitals) -> tuple[tuple[int, str], ...]:
        return tuple(sorted({*self.journal.errors, *vitals.troubles}, reverse=True)[:10])
