"""What people look like: height, build, clothes, hair, and what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Rgb = tuple[int, int, int]

SKIN: tuple[Rgb, ...] = (
    (244, 208, 180), (229, 184, 150), (205, 152, 112), (168, 114, 78), (122, 80, 55), (84, 56, 42),
)  # fmt: skip
HAIR: tuple[Rgb, ...] = (
    (38, 30, 28), (66, 44, 32), (104, 70, 44), (160, 118, 70), (206, 172, 112), (150, 148, 146),
)  # fmt: skip
TOPS: tuple[Rgb, ...] = (
    (196, 62, 58), (226, 130, 62), (232, 190, 84), (112, 150, 86), (58, 122, 110), (70, 130, 180),
    (46, 74, 128), (112, 86, 148), (196, 120, 150), (238, 234, 224), (150, 152, 156), (64, 66, 74),
    (206, 178, 142), (122, 52, 60), (160, 196, 206),
)  # fmt: skip
BOTTOMS: tuple[Rgb, ...] = (
    (50, 62, 92), (76, 98, 140), (42, 44, 52), (94, 88, 80), (150, 134, 110), (72, 78, 66),
    (196, 186, 168), (98, 58, 56),
)  # fmt: skip
SHOES: tuple[Rgb, ...] = ((44, 40, 40), (226, 224, 220), (112, 76, 52), (150, 54, 52))
BAGS: tuple[Rgb, ...] = ((138, 90, 56), (44, 46, 54), (178, 60, 64), (66, 104, 92), (222, 200, 160))

Dress = Literal["trousers", "shorts", "skirt", "coat"]
Hair = Literal["short", "long", "bun", "none"]
Bag = Literal["none", "backpack", "shoulder", "basket"]


@dataclass(frozen=True, slots=True)
class Look:
    """One person's appearance. `height` in metres, `build` 1 is average."""

    height: float
    build: float
    skin: Rgb
    hair: Rgb
    top: Rgb
    bottom: Rgb
    shoe: Rgb
    bag_colour: Rgb
    dress: Dress
    hair_style: Hair
    bag: Bag
    short_sleeves: bool
    hat: Rgb | None
    apron: Rgb | None = None
    helmet: bool | None = None  # None: nobody asks for one


def dress_up(rng: np.random.Generator, *, child: bool = False) -> Look:
    """Somebody, by chance."""
    tall = rng.normal(1.70, 0.085) if not child else rng.normal(1.18, 0.08)
    dress: Dress = rng.choice(("trousers", "shorts", "skirt", "coat"), p=(0.58, 0.1, 0.14, 0.18))
    style: Hair = rng.choice(("short", "long", "bun", "none"), p=(0.46, 0.34, 0.12, 0.08))
    bag: Bag = "none" if child else _bag(rng)
    hat = _one(rng, TOPS) if rng.random() < 0.16 else None
    return Look(
        height=float(np.clip(tall, 1.0 if child else 1.5, 1.95)),
        build=float(np.clip(rng.normal(1.0, 0.1), 0.82, 1.3)),
        skin=_one(rng, SKIN),
        hair=_one(rng, HAIR),
        top=_one(rng, TOPS),
        bottom=_one(rng, BOTTOMS),
        shoe=_one(rng, SHOES),
        bag_colour=_one(rng, BAGS),
        dress=dress,
        hair_style=style,
        bag=bag,
        short_sleeves=dress != "coat" and bool(rng.random() < 0.4),
        hat=hat,
    )


def in_uniform(rng: np.random.Generator) -> Look:
    """A member of the staff: dark trousers, white shirt, green apron."""
    return Look(
        height=float(rng.uniform(1.62, 1.84)),
        build=1.0,
        skin=_one(rng, SKIN),
        hair=_one(rng, HAIR),
        top=(232, 232, 226),
        bottom=(48, 50, 58),
        shoe=(44, 40, 40),
        bag_colour=BAGS[0],
        dress="trousers",
        hair_style="short",
        bag="none",
        short_sleeves=True,
        hat=None,
        apron=(40, 118, 82),
    )


def at_work(rng: np.random.Generator, *, helmet: bool = True) -> Look:
    """A worker: an orange vest, dark trousers, and a yellow helmet unless it is missing."""
    return Look(
        height=float(np.clip(rng.normal(1.74, 0.07), 1.58, 1.92)),
        build=float(np.clip(rng.normal(1.05, 0.08), 0.9, 1.3)),
        skin=_one(rng, SKIN),
        hair=_one(rng, HAIR),
        top=(238, 112, 40) if rng.random() < 0.6 else (206, 220, 60),
        bottom=(52, 64, 92),
        shoe=(44, 40, 40),
        bag_colour=BAGS[0],
        dress="trousers",
        hair_style="short",
        bag="none",
        short_sleeves=bool(rng.random() < 0.3),
        hat=(244, 208, 40) if helmet else None,
        helmet=helmet,
    )


def _bag(rng: np.random.Generator) -> Bag:
    kinds: tuple[Bag, ...] = ("none", "backpack", "shoulder", "basket")
    return kinds[int(rng.choice(4, p=(0.42, 0.2, 0.22, 0.16)))]


def _one(rng: np.random.Generator, palette: tuple[Rgb, ...]) -> Rgb:
    return palette[int(rng.integers(len(palette)))]
