"""An alarm that neither chatters nor cries at a moment's excess."""

from __future__ import annotations

from math import inf

from sightline.analytics.keeping import State


class Alarm:
    """Goes on once a value has been above `limit` for `for_s`, and off once it has been at
    `relief` or below for as long. In between nothing changes.
    """

    def __init__(self, limit: float, relief: float, for_s: float) -> None:
        self.on = False
        self.count = 0
        self._limit, self._relief, self._for_s = limit, relief, for_s
        self._since_s: float | None = None  # when the value came to where it may change us

    @property
    def due_s(self) -> float:
        """When it changes, if the value stays as it is; rather a little early than late."""
        return inf if self._since_s is None else self._since_s + self._for_s - 1e-6

    def update(self, value: float, now_s: float) -> bool | None:
        """True: it goes on now. False: it goes off now. None: it stays as it is."""
        turning = value <= self._relief if self.on else value > self._limit
        if not turning:
            self._since_s = None
            return None
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s < self._for_s:
            return None
        self.on, self._since_s = not self.on, None
        self.count += self.on
        return self.on

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        return {"on": self.on, "count": self.count, "since_s": self._since_s}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        on, count, since_s = bool(state["on"]), int(state["count"]), state["since_s"]
        self.on, self.count = on, count
        self._since_s = None if since_s is None else float(since_s)
