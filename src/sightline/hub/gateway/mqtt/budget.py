"""What all connections together may have on its way to the store."""

from __future__ import annotations

from collections.abc import Callable


class Budget:
    """Counts bytes. Who finds it full waits, and is called once it is half empty."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[Callable[[], None], None] = {}
        self.bytes = 0

    @property
    def full(self) -> bool:
        return self.bytes >= self._most

    def take(self, size: int) -> None:
        self.bytes += size

    def wait(self, relieved: Callable[[], None]) -> None:
        """Call this when there is room again."""
        self._waiting[relieved] = None

    def forget(self, relieved: Callable[[], None]) -> None:
        """It waits no longer."""
        self._waiting.pop(relieved, None)

    def free(self, size: int) -> None:
        self.bytes -= size
        if self._waiting and self.bytes <= self._most // 2:
            waiting, self._waiting = self._waiting, {}
            for relieved in waiting:
                relieved()
