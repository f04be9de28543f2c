"""The rendered camera that a hub offers to begin with: a program of its own beside the hub."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Self

_SOURCE = "scene:entrance?live=1&size=640x360&fps=8"
_NEEDS = ("cv2", "onnxruntime")
_END_S = 15.0  # a camera says goodbye


class TrialCamera:
    """`async with TrialCamera(folder, url) as trial:` ends it with the hub."""

    name = "rendered-entrance"

    def __init__(self, folder: Path, hub: str) -> None:
        self._folder = folder
        self._hub = hub
        self._process: asyncio.subprocess.Process | None = None
        self._one = asyncio.Lock()

    @staticmethod
    def possible() -> bool:
        """Whether what a camera needs is installed here."""
        return all(find_spec(name) for name in _NEEDS)

    @property
    def running(self) -> bool:
        """Whether its program does."""
        return self._process is not None and self._process.returncode is None

    @property
    def known(self) -> bool:
        """Whether it was let in before, by the hub as it is called now."""
        try:
            kept = json.loads((self._folder / "identity.json").read_text())
        except (OSError, ValueError):
            return False
        return isinstance(kept, dict) and kept.get("hub") == self._hub

    async def start(self, token: str) -> None:
        """Have it run, and enrol where it is new."""
        async with self._one:
            if self.running:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            words = ["camera", "run", "--state", str(self._folder)]
            if not self.known:
                words += ["--hub", self._hub, "--token", token, "--name", self.name, _SOURCE]
            with (self._folder / "camera.log").open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", "from sightline.cli import main; main()", *words,
                    stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        if not self.running or self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), _END_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
