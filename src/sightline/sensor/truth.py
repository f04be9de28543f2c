"""A sensor that needs no network: it puts out what a rendered scene knows to be there.

With it the whole camera runs on scenes that no network was trained for, and a stated amount
of trouble can be laid over the truth: objects missed, boxes that tremble, identities that
break. Chance comes from a seed and the picture's number, so that a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sightline.errors import ConfigError, InputError
from sightline.geometry.fit import Placement
from sightline.picture import Frame
from sightline.sensor.base import Capture
from sightline.sensor.weak import Weak
from sightline.wire.messages import Event

LABELS = ("person", "trolley", "forklift", "suitcase", "box", "helmet")

_HEAD = (0.24, 0.2)  # of a person's box: how wide and how high a helmet on the head is
_SEQUENCE = 1_000_003  # keeps the numbers of broken identities apart
_WORN = 500_000  # and those of helmets from their wearers


class TruthConfig(BaseModel):
    """What stands behind the model name `truth?`, key by key.

    hidden  objects of which less than this share is visible are not found
    miss    share of objects that are not found in a picture, by chance
    jitter  standard error of the edges of boxes, in heights of the box
    split   how often a second an object gets a new identity
    track   1: no identities; our tracker gives them
    weak    how weak the detector is: 0 finds all, 1 is a small network in a shop, 2 a bad one
    ghosts  how many a minute it sees who are not there
    seed    another number, other chance
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hidden: float = Field(default=0.0, ge=0, le=1)
    miss: float = Field(default=0.0, ge=0, lt=1)
    jitter: float = Field(default=0.0, ge=0, le=1)
    split: float = Field(default=0.0, ge=0, le=10)
    track: int = Field(default=0, ge=0, le=1)
    weak: float = Field(default=0.0, ge=0, le=3)
    ghosts: float = Field(default=0.0, ge=0, le=600)
    seed: int = Field(default=1, ge=0)


def parse_truth(name: str) -> TruthConfig:
    """The keys of `truth?key=value&...`. Raises ConfigError naming what is wrong."""
    _, _, query = name.partition("?")
    try:
        pairs = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
        return TruthConfig.model_validate(pairs)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(
            f"model {name}: {first['loc'][0]}: {first['msg']}; it has the keys "
            f"{', '.join(TruthConfig.model_fields)}"
        ) from None
    except ValueError:
        raise ConfigError(
            f"model {name}: what follows '?' must be key=value, joined by '&'"
        ) from None


class TruthSensor:
    """Frames of a rendered scene to captures: boxes, scores, labels and identities.

    Raises InputError for a frame that carries no truth.
    """

    labels: ClassVar = LABELS

    def __init__(
        self, frames: Iterable[Frame | Event], config: TruthConfig, pictures: bool = False
    ) -> None:
        self._frames = frames
        self._config = config
        self._pictures = pictures
        self._pieces: dict[int, int] = {}
        self._last_ns: int | None = None
        weak = config.weak or config.ghosts
        self._weak = Weak(config.weak, config.ghosts, config.seed) if weak else None

    def __enter__(self) -> TruthSensor:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def captures(self) -> Iterator[Capture | Event]:
        """One capture a picture, in order."""
        for item in self._frames:
            yield item if isinstance(item, Event) else self._capture(item)

    def _capture(self, frame: Frame) -> Capture:
        truth = frame.truth
        if not isinstance(truth, dict) or "objects" not in truth:
            raise InputError(
                "model truth: these pictures carry no truth; only rendered scenes (scene:) do"
            )
        return Capture(
            tensors=self._tensors(shown_of(truth), frame),
            time_ns=frame.time_ns,
            sequence=frame.sequence,
            placement=Placement(),
            size=(frame.picture.width, frame.picture.height),
            picture=frame.picture if self._pictures else None,
            truth=truth,
            name=frame.name,
            decode_ns=frame.decode_ns,
            probes=frame.probes,
            probe_ns=frame.probe_ns,
        )

    def _tensors(self, objects: list[dict[str, Any]], frame: Frame) -> list[NDArray[Any]]:
        config = self._config
        rng = np.random.default_rng([config.seed, frame.sequence])
        step_ns = 0 if self._last_ns is None else max(0, frame.time_ns - self._last_ns)
        self._last_ns = frame.time_ns
        rows: list[tuple[list[float], int, int]] = []
        scores: list[float] = []
        if self._weak is not None:
            objects = self._weak.look(objects, frame.time_ns / 1e9)
        for item in objects:
            missed, broken = rng.random(2).tolist()
            trembling = rng.normal(0, 1, 4) * config.jitter
            if item["label"] not in LABELS or item["visible"] < config.hidden:
                continue
            number = item["id"]
            if broken < config.split * step_ns / 1e9:
                self._pieces[number] = self._pieces.get(number, 0) + 1
            if missed < config.miss:
                continue
            x1, y1, x2, y2 = item["box"]
            box = (np.array([x1, y1, x2, y2]) + trembling * (y2 - y1)).tolist()
            track = number + _SEQUENCE * self._pieces.get(number, 0)
            rows.append((box, LABELS.index(item["label"]), track))
            scores.append(item.get("score", 1.0))
            if item.get("helmet"):
                rows.append((_helmet(box), LABELS.index("helmet"), track + _WORN))
                scores.append(scores[-1])
        boxes = np.array([box for box, _, _ in rows], np.float32).reshape(-1, 4)
        labels = np.array([label for _, label, _ in rows], np.int32)
        tracks = np.array([track for _, _, track in rows], np.int64)
        return [boxes, np.array(scores, np.float32), labels, tracks]


def shown_of(truth: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects that the camera shows: fewer where it is covered, others where it is frozen."""
    shown: list[dict[str, Any]] = truth.get("view", {}).get("shown", truth["objects"])
    return shown


def _helmet(box: list[float]) -> list[float]:
    x1, y1, x2, y2 = box
    middle, half = (x1 + x2) / 2, (x2 - x1) * _HEAD[0]
    return [middle - half, y1, middle + half, y1 + (y2 - y1) * _HEAD[1]]
