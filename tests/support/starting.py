"""The hub as a person starts it: one command, and what it prints."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

CLI = [sys.executable, "-c", "from sightline.cli import main; main()"]


class Started:
    """A hub's process, and what it said so far."""

    def __init__(self, data: Path, *flags: str) -> None:
        self.data = data
        command = [*CLI, "hub", "--data", str(data), "--listen", "127.0.0.1:0", *flags]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.said = ""
        assert self.process.stderr is not None
        deadline = time.monotonic() + 60
        while "cameras connect" not in self.said:
            line = self.process.stderr.readline()
            assert line, self.said
            assert time.monotonic() < deadline, self.said
            self.said += line
        found = re.search(r"hub at (\S+)", self.said)
        assert found, self.said
        self.url = found[1]

    def setup_link(self) -> str:
        """What makes whoever opens it the administrator; printed last."""
        assert self.process.stderr is not None
        assert "nobody is there yet" in self.process.stderr.readline()
        return self.process.stderr.readline().strip()

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=30)
        self.said += rest
        return self.process.returncode
