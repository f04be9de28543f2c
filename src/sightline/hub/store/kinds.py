"""What is kept for so many days."""

from __future__ import annotations

from typing import Literal

Kind = Literal["frames", "events", "measures", "health", "minutes", "hours", "boots"]
