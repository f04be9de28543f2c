"""The one place where OpenCV is imported for pixel work, and where its threads are set."""

from __future__ import annotations

from functools import cache
from types import ModuleType


@cache
def opencv() -> ModuleType:
    """The cv2 module, imported on first use, with its own thread pool switched off.

    A camera is one thread. OpenCV's pool would set every core on each camera's small
    pictures, and eight cameras would fight over them; measured, it gains nothing below
    the size of a network's input.
    """
    import cv2

    cv2.setNumThreads(1)
    return cv2
