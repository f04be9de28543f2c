"""For how long something has been so: it begins once it has lasted, and survives short gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from sightline.analytics.keeping import State


@dataclass(slots=True)
class Spell:
    """Since when it has been so, when it was last, and whether that was told."""

    since_s: float
    last_s: float
    told: bool = False


class Spells:
    """One spell a key, such as the slot of an object or the number of a cell.

    after_s  it is told once it has lasted so long
    grace_s  it goes on over gaps up to this long
    """

    def __init__(self, after_s: float, grace_s: float) -> None:
        self._after_s, self._grace_s = after_s, grace_s
        self._open: dict[int, Spell] = {}
        self._holding: set[int] = set()  # for which it was so at the last update
        self._updated_s = 0.0

    def update(
        self, holding: Iterable[int], now_s: float
    ) -> tuple[list[tuple[int, Spell]], list[tuple[int, Spell]]]:
        """Whose spell is sure now, and whose that was told has ended.

        holding  the keys for which it is so at this moment
        """
        before_s, self._updated_s = self._updated_s, now_s
        holding = list(holding)
        self._holding = set(holding)
        for key in holding:
            spell = self._open.get(key)
            # Pictures that come seldom are no gap.
            broken = spell is None or (
                spell.last_s < before_s and now_s - spell.last_s > self._grace_s
            )
            if spell is None or broken:
                if spell is not None and spell.told:
                    continue  # its end is told first, and a new one begins with the next picture
                self._open[key] = Spell(now_s, now_s)
            else:
                spell.last_s = now_s
        begun, ended = [], []
        for key, spell in list(self._open.items()):
            if now_s - spell.last_s > self._grace_s:
                del self._open[key]
                if spell.told:
                    ended.append((key, spell))
            elif not spell.told and spell.last_s - spell.since_s >= self._after_s:
                spell.told = True
                begun.append((key, spell))
        return begun, ended

    @property
    def due_s(self) -> float:
        """When a spell becomes sure or ends, if it goes on being so for the same keys."""
        if not self._holding <= self._open.keys():
            return -inf
        dues_s = (
            one.last_s + self._grace_s if key not in self._holding
            else inf if one.told
            else one.since_s + self._after_s
            for key, one in self._open.items()
        )  # fmt: skip
        return min(dues_s, default=inf) - 1e-6

    def hold(self, now_s: float) -> None:
        """Until now it went on being so for the same keys, and nothing was due."""
        self._updated_s = now_s
        for key in self._holding:
            self._open[key].last_s = now_s

    def pass_over(self, now_s: float) -> None:
        """There was nothing until now, and no spell is open."""
        self._updated_s = now_s

    def close(self) -> list[tuple[int, Spell]]:
        """All that are told and open, which end here."""
        closed = [(key, spell) for key, spell in self._open.items() if spell.told]
        self._open.clear()
        return closed

    def told(self) -> set[int]:
        """The keys whose spell is told and open."""
        return {key for key, spell in self._open.items() if spell.told}

    def open(self) -> set[int]:
        """The keys whose spell is open, told or not."""
        return set(self._open)

    def drop(self, keys: Iterable[int]) -> None:
        """Forget spells without telling of their end: their keys mean something else now."""
        for key in keys:
            self._open.pop(key, None)

    def state(self) -> State:
        """All open spells."""
        return {
            "updated_s": self._updated_s,
            "open": [[key, one.since_s, one.last_s, one.told] for key, one in self._open.items()],
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._updated_s = float(state["updated_s"])
        self._open = {
            int(key): Spell(float(since_s), float(last_s), bool(told))
            for key, since_s, last_s, told in state["open"]
        }
