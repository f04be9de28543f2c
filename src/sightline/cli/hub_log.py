"""What a person or a journal reads of the hub while it runs."""

from __future__ import annotations

import logging


def log_to_stderr(level: int = logging.INFO) -> None:
    """One line an entry; the web server's own chatter is left out."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("alembic", "uvicorn", "uvicorn.error", "sightline.hub.access", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
