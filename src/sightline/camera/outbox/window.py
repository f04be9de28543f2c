"""Which stored parcels are under way: several at a time, in their order, none forgotten."""

from __future__ import annotations

from collections.abc import Iterable


class Window:
    """Without clock or socket. Parcels have the ids that the store gave them, which only grow.

    most  parcels under way at a time
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._under_way: set[int] = set()
        self._arrived: set[int] = set()
        self._last = 0

    @property
    def room(self) -> int:
        """How many more may be sent now."""
        return self.most - len(self._under_way)

    @property
    def after(self) -> int:
        """Ids up to this one have been sent over this connection."""
        return self._last

    def send(self, ids: Iterable[int]) -> list[int]:
        """What of these, the next in the store, has to be sent now; it is under way then."""
        fresh = [id for id in ids if id > self._last and id not in self._arrived]
        fresh = fresh[: self.room]
        self._under_way.update(fresh)
        if fresh:
            self._last = fresh[-1]
        return fresh

    def skip(self, id: int) -> None:
        """All up to this one have arrived already."""
        self._last = max(self._last, id)

    def arrived(self, id: int) -> bool:
        """The other side has it. False where that was known, or it was never sent."""
        if id not in self._under_way:
            return False
        self._under_way.discard(id)
        self._arrived.add(id)
        return True

    def deleted(self, ids: Iterable[int]) -> None:
        """The store holds these no longer."""
        self._arrived.difference_update(ids)

    def reconnected(self) -> None:
        """What was under way may be lost, and is sent again."""
        self._under_way.clear()
        self._last = 0
