"""The real program `sightline hub`, to be killed and started again."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import httpx
from ports import free_ports

_SIGHTLINE = str(Path(sys.executable).with_name("sightline"))


class HubProcess:
    """On ports that stay the same, with its folder."""

    def __init__(self, data: Path, *flags: str) -> None:
        self.data, self.port, self._flags = data, free_ports(3), flags
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Until it answers."""
        with (self.data.with_suffix(".log")).open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                _SIGHTLINE, "hub", "--data", str(self.data), "--listen",
                f"127.0.0.1:{self.port}", *self._flags, stdout=log, stderr=log,
            )  # fmt: skip
        async with httpx.AsyncClient() as client, asyncio.timeout(90):
            while True:
                assert self.process.returncode is None, "the hub does not start"
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """With no time for anything."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> None:
        """As one stops a service."""
        if self.process.returncode is None:
            self.process.terminate()
        await asyncio.wait_for(self.process.wait(), 60)

    async def token(self, *words: str) -> str:
        """What `sightline hub tokens …` gives."""
        process = await asyncio.create_subprocess_exec(
            _SIGHTLINE, "hub", "tokens", *words, "--data", str(self.data), "--quiet",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, _ = await process.communicate()
        return told.decode().strip()
