"""A drawing that somebody uploads: looked through and written anew, so that nothing but the
picture itself is kept. No comment, no place where a telephone was, no second file behind it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sightline.hub.plans import jpeg, png
from sightline.hub.refused import Refused

LARGEST = 8 << 20  # bytes
MOST_PIXELS = 32_000_000
LONGEST = 12_000  # pixels on one side
_FORMS = {"image/png": png, "image/jpeg": jpeg}


@dataclass(frozen=True, slots=True)
class DrawingView:
    """What is known of a drawing without its bytes."""

    media_type: str
    width: int
    height: int
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as it is kept and served."""

    view: DrawingView
    body: bytes


def drawing(data: bytes) -> Drawing:
    """A sound drawing made of what came. Raises Refused in words."""
    if len(data) > LARGEST:
        raise Refused(f"a drawing has at most {LARGEST >> 20} MB; save it smaller")
    for media_type, form in _FORMS.items():
        if data.startswith(form.MAGIC):
            width, height = form.size(data)
            _bounded(width, height)
            body = form.cleaned(data)
            digest = hashlib.sha256(body).hexdigest()
            return Drawing(DrawingView(media_type, width, height, digest, len(body)), body)
    raise Refused("a drawing is a PNG or a JPEG; this is neither")


def _bounded(width: int, height: int) -> None:
    if not (0 < width <= LONGEST and 0 < height <= LONGEST and width * height <= MOST_PIXELS):
        raise Refused(
            f"a drawing has at most {LONGEST} pixels a side and {MOST_PIXELS // 10**6} million "
            f"in all; this one has {width} × {height}"
        )
