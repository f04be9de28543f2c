"""What befalls a camera: covered, dark, blurred, moved, flickering, frozen, with a wrong clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.warp import Matrix, shifted, warped, warped_boxes
from sightline.picture.opencv import opencv

Image = NDArray[np.uint8]
FaultKind = Literal[
    "covered", "dark", "blurred", "moved", "tilted", "turned", "flicker", "frozen", "clock"
]
KINDS: tuple[str, ...] = get_args(FaultKind)

_FORM = re.compile(r"([a-z]+)@(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_SHIFT = (0.05, 0.035)  # of the picture: as far as a camera moves that somebody bumps into
_TURN = (0.62, 0.2)  # so far that little of the scene is left
# Knocked askew: turned by five degrees (at 16:9), a little nearer, and to the side.
TILT = np.array([[1.03, 0.05, -0.02], [-0.16, 1.04, 0.08], [0.02, 0.01, 1.0]])
_FLICKER = 0.22
_CLOCK_NS = 90 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, from `start_s` to `end_s` of the recording."""

    kind: FaultKind
    start_s: float
    end_s: float


def parse_faults(text: str) -> tuple[Fault, ...]:
    """ "covered@20-30,dark@50-60". Raises ValueError in words."""
    faults = []
    for part in text.split(","):
        found = _FORM.fullmatch(part.strip())
        if found is None or found[1] not in KINDS:
            raise ValueError(
                f"write KIND@START-END in seconds, such as covered@20-30, KIND being one of "
                f"{', '.join(KINDS)}"
            )
        start_s, end_s = float(found[2]), float(found[3])
        if end_s <= start_s:
            raise ValueError(f"{part}: it must end after it begins")
        faults.append(Fault(found[1], start_s, end_s))  # type: ignore[arg-type]
    return tuple(faults)


class Faults:
    """Spoils pictures and says so in their truth."""

    def __init__(self, faults: tuple[Fault, ...], seed: int) -> None:
        self._faults = faults
        self._seed = seed
        self._frozen: tuple[Image, list[Any]] | None = None

    def apply(self, image: Image, truth: dict[str, Any], time_ns: int) -> tuple[Image, int]:
        """The picture as the camera gives it, and the time that it puts on it.

        `truth["view"]` tells the faults, and what the camera shows of the objects then:
        "objects" are where they are on this picture, so shifted with it, and none of them
        where nothing can be seen.
        """
        at_s = time_ns / 1e9
        active = [fault.kind for fault in self._faults if fault.start_s <= at_s < fault.end_s]
        if "frozen" not in active:
            self._frozen = None
        if not active:
            return image, time_ns
        truth["view"] = {"faults": active}
        for kind in active:
            if kind == "clock":
                time_ns += _CLOCK_NS
            elif kind == "frozen":
                self._frozen = self._frozen or (image, truth["objects"])
                image, truth["view"]["shown"] = self._frozen
            elif kind in ("moved", "tilted", "turned"):
                matrix = TILT
                if kind != "tilted":
                    shift = _SHIFT if kind == "moved" else _TURN
                    matrix, truth["view"]["shift"] = shifted(*shift), list(shift)
                image = _knocked(image, matrix)
                truth["view"]["shown"] = _shown(truth["objects"], matrix)
            else:
                image = getattr(self, f"_{kind}")(image, time_ns)
                if kind in ("covered", "dark", "blurred"):
                    truth["view"]["shown"] = []
        return image, time_ns

    def _covered(self, image: Image, time_ns: int) -> Image:
        """A cloth before the lens: a little light comes through, and no shape."""
        height, width = image.shape[:2]
        across = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
        down = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
        cloth = np.array([74, 58, 48], np.float32) * (1.1 - 0.25 * (across**2 + down**2))
        return self._grain(cloth, time_ns, 2.0)

    def _dark(self, image: Image, time_ns: int) -> Image:
        """All lights are out."""
        return self._grain(image.astype(np.float32) * 0.035, time_ns, 2.5)

    def _blurred(self, image: Image, time_ns: int) -> Image:
        """Out of focus."""
        sigma = image.shape[1] / 130
        soft = opencv().GaussianBlur(image, (0, 0), sigma)
        return self._grain(soft.astype(np.float32), time_ns, 1.5)

    def _flicker(self, image: Image, time_ns: int) -> Image:
        """A lamp that goes weak and strong several times a second."""
        phase = np.sin(2 * np.pi * 8.3 * time_ns / 1e9)
        gained = image.astype(np.float32) * (1 - _FLICKER / 2 + _FLICKER * phase / 2)
        flickering: Image = gained.clip(0, 255).astype(np.uint8)
        return flickering

    def _grain(self, image: NDArray[np.float32], time_ns: int, level: float) -> Image:
        rng = np.random.default_rng([self._seed, time_ns, 5])
        height, width = image.shape[:2]
        noise = rng.normal(0, level, (height, width, 1)).astype(np.float32)
        grainy: Image = (image + noise).clip(0, 255).astype(np.uint8)
        return grainy


def _knocked(image: Image, matrix: Matrix) -> Image:
    cv2 = opencv()
    height, width = image.shape[:2]
    scale = np.diag([width, height, 1.0])
    there = scale @ matrix @ np.linalg.inv(scale)
    moved: Image = cv2.warpPerspective(image, there, (width, height), borderMode=cv2.BORDER_REFLECT)
    return moved


def _shown(objects: list[dict[str, Any]], matrix: Matrix) -> list[dict[str, Any]]:
    """The objects as the moved picture has them; those that it has no more are left out."""
    shown = []
    for item in objects:
        box = warped_boxes(matrix, np.array([item["box"]]))[0].clip(0, 1).round(5).tolist()
        if box[0] < box[2] and box[1] < box[3]:
            foot = warped(matrix, np.array([item["foot"]]))[0].round(5).tolist()
            shown.append(item | {"box": box, "foot": foot})
    return shown
