"""Colours that people with any colour vision tell apart, stable per track and class.

After Okabe and Ito, "Color Universal Design" (2008), lightened where a video's dark
parts would swallow a line.
"""

from __future__ import annotations

from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

OBJECTS: tuple[Colour, ...] = (
    (86, 180, 233),  # sky blue
    (245, 166, 35),  # orange
    (38, 190, 142),  # bluish green
    (240, 228, 66),  # yellow
    (226, 142, 190),  # reddish purple
    (236, 108, 52),  # vermilion
    (122, 152, 255),  # blue
)
INK: Colour = (250, 250, 250)
MUTED: Colour = (176, 182, 190)
SHADE: Colour = (18, 21, 26)
LINE: Colour = (255, 214, 92)
ZONE: Colour = (94, 214, 208)
BACKDROP: Colour = (24, 24, 24)
GRID: Colour = (36, 37, 39)


def colour_of(number: int) -> Colour:
    """Of a track or class; numbers next to each other get colours far apart."""
    return OBJECTS[number % len(OBJECTS)]


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` of `colour` over `other`."""
    red, green, blue = (
        round(a * share + b * (1 - share)) for a, b in zip(colour, other, strict=True)
    )
    return red, green, blue
