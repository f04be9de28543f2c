"""What stands between the thread that grabs pictures and the thread that looks at them."""

from __future__ import annotations

import threading
from collections import deque

from sightline.picture import Frame
from sightline.wire.messages import Event

_MAX_EVENTS = 256  # a reader away for hours must not fill the memory with reconnects


class Mailbox:
    """Events in order, and of pictures only the newest."""

    def __init__(self) -> None:
        self._items: deque[Frame | Event] = deque()
        self._changed = threading.Condition()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing more will come; what is already here can still be taken."""
        return self._closed

    def put(self, item: Event) -> None:
        """Leave an event; the oldest goes where nobody has looked for very long."""
        with self._changed:
            if len(self._items) >= _MAX_EVENTS:
                self._items.popleft()
            self._items.append(item)
            self._changed.notify_all()

    def put_newest(self, frame: Frame) -> bool:
        """Leave a picture in place of the one before; True where that one was never taken."""
        with self._changed:
            replaced = self._frame_waits()
            if replaced:
                self._items = deque(item for item in self._items if isinstance(item, Event))
            self._items.append(frame)
            self._changed.notify_all()
            return replaced

    def put_patiently(self, frame: Frame) -> None:
        """Leave a picture once the one before has been taken, or the mailbox is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._frame_waits())
            self._items.append(frame)
            self._changed.notify_all()

    def take(self, timeout: float | None) -> Frame | Event | None:
        """The next item; None after `timeout` seconds without one, or where all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed, timeout)
            if not self._items:
                return None
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def wait(self, timeout: float | None) -> bool:
        """Whether a picture is here within `timeout` seconds; False at once when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._frame_waits(), timeout)
            return self._frame_waits()

    def close(self) -> None:
        """Wake everybody; nothing is waited for any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _frame_waits(self) -> bool:
        return any(isinstance(item, Frame) for item in self._items)
