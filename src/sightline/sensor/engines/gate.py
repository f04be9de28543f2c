"""Turns at the processor: first come, first served, so that no camera starves."""

from __future__ import annotations

from collections import deque
from threading import Lock


class FairGate:
    """`with gate:` lets `places` threads in at a time, in the order in which they came.

    Each camera waits for at most one turn, so the order of coming is a round of all
    cameras. (threading.Semaphore wakes any waiter, and may wake the same one for ever.)
    """

    def __init__(self, places: int) -> None:
        self._lock = Lock()
        self._free = places
        self._queue: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            self._queue.append(turn)
        turn.acquire()

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().release()  # the place is handed over, never free
            else:
                self._free += 1
