"""When it is how busy: opening hours, the course of a day, weekdays and weekends."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many come, as a share 0..1 of the most.

    opens, closes  hours of the day in which anybody comes at all
    peaks          hours around which most do
    week           a factor for each day from Monday on; 0: closed
    """

    opens: float
    closes: float
    peaks: tuple[float, ...]
    week: tuple[float, float, float, float, float, float, float]

    def share(self, weekday: int, hour: float) -> float:
        """On a weekday (Monday is 0) at an hour of the day, such as 13.5."""
        if not self.opens <= hour < self.closes:
            return 0.0
        nearest = min(abs(hour - peak) for peak in self.peaks)
        edge = min(1.0, hour - self.opens + 0.2, self.closes - hour + 0.2)
        return self.week[weekday] * edge * (0.25 + 0.75 * math.exp(-((nearest / 1.6) ** 2)))


SHOP = Rhythm(8, 20, (12.5, 17.5), (0.7, 0.65, 0.75, 0.8, 1.0, 0.95, 0.0))
WORKS = Rhythm(6, 18, (9.0, 14.5), (0.9, 1.0, 1.0, 0.95, 0.8, 0.3, 0.0))
