"""What a person or a journal reads of the hub while it runs: no credentials, one line an entry."""

from __future__ import annotations

import json
import logging
import sys
import time

from sightline.cli.plain import printable
from sightline.source.uri import redact

_NOISY = ("alembic", "uvicorn", "uvicorn.error", "websockets", "httpx", "httpcore")
_TOLD = ("request", "method", "path", "status", "ms", "remote")


class _Lines(logging.Formatter):
    """For people; what strangers said moves no cursor and begins no line."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = printable(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _JsonLines(logging.Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        line |= {key: getattr(record, key) for key in _TOLD if hasattr(record, key)}
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def log_to_stderr(*, as_json: bool = False, level: int = logging.INFO) -> None:
    """The web server's own chatter is left out; each request is told to programs only."""
    out = logging.StreamHandler(sys.stderr)
    plain = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    out.setFormatter(_JsonLines() if as_json else _Lines(plain))
    logging.basicConfig(level=level, handlers=[out])
    for noisy in _NOISY if as_json else (*_NOISY, "sightline.hub.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
