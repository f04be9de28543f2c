"""A hub in a process of its own, watched from outside."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

SIGHTLINE = str(Path(sys.executable).with_name("sightline"))
_TICKS = os.sysconf("SC_CLK_TCK")


class HubProcess:
    """`memory` is in bytes; `cpu` and `starved` are seconds since it began."""

    def __init__(self, data: Path, port: int, pid: int) -> None:
        self.data, self.url, self.pid = data, f"http://127.0.0.1:{port}", pid

    @property
    def memory(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) << 10
        return 0

    @property
    def cpu(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def starved(self) -> float:
        """Seconds that its threads were ready to run and had no processor, all together."""
        spent = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            with suppress(OSError):
                spent += int((thread / "schedstat").read_text().split()[1])
        return spent / 1e9

    async def token(self, *words: str) -> str:
        """What `sightline hub tokens …` gives."""
        command = (SIGHTLINE, "hub", "tokens", *words)
        process = await asyncio.create_subprocess_exec(
            *command, "--data", str(self.data), "--quiet", stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate()
        return told.decode().strip()


def free_port() -> int:
    """A port with the next one free as well, as a hub wants it."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@asynccontextmanager
async def hub(data: Path) -> AsyncIterator[HubProcess]:
    """A hub that is ready."""
    port = free_port()
    data.mkdir(parents=True, exist_ok=True)
    with (data / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            SIGHTLINE, "hub", "--data", str(data),
            "--listen", f"127.0.0.1:{port}", stdout=log, stderr=log,
        )  # fmt: skip
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(60):
            while True:
                try:
                    answer = await client.get(f"http://127.0.0.1:{port}/readyz")
                    if answer.status_code == 200:
                        break
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        yield HubProcess(data, port, process.pid)
    finally:
        process.terminate()
        await process.wait()
