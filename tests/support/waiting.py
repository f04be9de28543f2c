"""Waiting for what will come true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


async def until(what: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first answer that says something."""
    async with asyncio.timeout(seconds):
        while not (found := what()):
            await asyncio.sleep(0.02)
        return found
