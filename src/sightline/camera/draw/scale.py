"""How large things are drawn, from a thumbnail to 4K."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """All in pixels, made from the size of the picture."""

    width: int
    height: int

    @property
    def text(self) -> int:
        """Height of the type: legible at 320 pixels, unobtrusive at 4K."""
        return round(7.5 + 0.0142 * min(self.width, self.height))

    @property
    def stroke(self) -> int:
        """Width of a line."""
        return max(1, -(-min(self.width, self.height) // 400))

    @property
    def gap(self) -> int:
        """Space around text."""
        return max(3, round(self.text * 0.35))
