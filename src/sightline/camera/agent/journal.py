"""What the camera program says of itself: as lines for people or machines, and kept for the hub."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque

import msgspec

from sightline.source import redact

_KEPT = 200


class Journal(logging.Handler):
    """Keeps the newest lines, without credentials.

    errors  the newest first: [time_ns, sentence], warnings and worse
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: deque[str] = deque(maxlen=_KEPT)
        self._errors: deque[tuple[int, str]] = deque(maxlen=10)

    def emit(self, record: logging.LogRecord) -> None:
        text = redact(record.getMessage())
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        self.lines.append(f"{moment} {record.levelname.lower()} {text}")
        # Notices of other rooms, such as that nobody signed a package, are no faults of ours.
        if record.levelno >= logging.WARNING and record.name.startswith("sightline.camera"):
            self._errors.appendleft((int(record.created * 1e9), text[:300]))

    @property
    def errors(self) -> tuple[tuple[int, str], ...]:
        """The newest first."""
        return tuple(self._errors)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        return msgspec.json.encode(line).decode()


class PlainLines(logging.Formatter):
    """For people."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{record.levelname.lower()}: {redact(record.getMessage())}"


def keep_journal(json: bool) -> Journal:
    """Log to standard error, and keep a journal."""
    journal = Journal()
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(JsonLines() if json else PlainLines())
    root = logging.getLogger("sightline")
    root.setLevel(logging.INFO)
    root.handlers = [out, journal]
    root.propagate = False
    return journal
