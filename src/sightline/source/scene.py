"""A rendered scene as a source: pictures that need no camera, with the truth about them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from threading import Event as Flag
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sightline.errors import ConfigError
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.plugins import load
from sightline.source.base import SourceConfig, SourceCounters, SourceInfo
from sightline.source.rendering.faults import Fault, Faults, parse_faults
from sightline.source.rendering.scenery import Scene
from sightline.wire.messages import Event

SCENES = {
    "entrance": "sightline.source.rendering.entrance:ENTRANCE",
    "queue": "sightline.source.rendering.places.counter:COUNTER",
    "shelf": "sightline.source.rendering.places.aisle:AISLE",
    "factory": "sightline.source.rendering.places.factory:FACTORY",
    "crowd": "sightline.source.rendering.places.plaza:PLAZA",
    "ceiling": "sightline.source.rendering.places.overhead:OVERHEAD",
    "luggage": "sightline.source.rendering.places.station:STATION",
}
_DEFAULT_S = 30.0


def _as_size(value: Any) -> Any:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("give it as WIDTHxHEIGHT in pixels, such as 1280x720")
    return int(found[1]), int(found[2])


def _as_faults(value: Any) -> Any:
    return parse_faults(value) if isinstance(value, str) else value


_Side = Annotated[int, Field(ge=64, le=4320)]


class SceneConfig(BaseModel):
    """What stands behind `scene:NAME?`, key by key.

    seed     another number, other people
    seconds  how long it lasts (30 unless live; a live scene goes on until it is stopped)
    size     WIDTHxHEIGHT in pixels; composed for 16:9 and stretched to other shapes
    fps      pictures a second
    light    day, night, or a cycle from day to night and back
    live     1: paced by the clock, the newest picture first, as a camera does
    busy     how many people come, 1 is usual
    fault    what befalls the camera when: covered@20-30,dark@50-60, in seconds
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = Field(default=7, ge=0, lt=2**32)
    seconds: float | None = Field(default=None, gt=0, le=7 * 86400)
    size: Annotated[tuple[_Side, _Side], BeforeValidator(_as_size)] = (1280, 720)
    fps: float = Field(default=25, ge=0.1, le=240)
    light: Literal["day", "night", "cycle"] = "day"
    live: Literal["0", "1"] = "0"
    busy: float = Field(default=1.0, ge=0.2, le=4)
    fault: Annotated[tuple[Fault, ...], BeforeValidator(_as_faults)] = ()

    @property
    def length(self) -> float | None:
        """Seconds until it ends; None: never."""
        return self.seconds or (None if self.live == "1" else _DEFAULT_S)


def parse_scene(uri: str) -> SceneConfig:
    """The keys of `scene:NAME?key=value&...`. Raises ConfigError naming what is wrong."""
    name, query = _split(uri)
    if name not in SCENES:
        raise ConfigError(f"{uri}: there is no scene {name!r}; choose one of {', '.join(SCENES)}")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise ConfigError(f"{uri}: what follows '?' must be key=value, joined by '&'") from None
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ConfigError(f"{uri}: {key} is given twice; keep one of them")
    try:
        return SceneConfig.model_validate(dict(pairs))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(f"{uri}: {_sentence(first)}") from None


def scene_of(uri: str) -> Scene:
    """The place that `scene:NAME?...` names. Raises ConfigError where there is none."""
    parse_scene(uri)
    scene: Scene = load("scene", _split(uri)[0], SCENES)
    return scene


def _split(uri: str) -> tuple[str, str]:
    name, _, query = uri.removeprefix("scene:").removeprefix("//").partition("?")
    return name.strip("/") or "entrance", query


def _sentence(error: Any) -> str:
    key = error["loc"][0]
    if error["type"] == "extra_forbidden":
        return f"there is no key {key!r}; choose from {', '.join(SceneConfig.model_fields)}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{key}: {message[0].lower()}{message[1:]} (not {error['input']!r})"


def truths(uri: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """What is true of a scene, picture by picture as `SceneSource` has it, without painting any.

    Times in nanoseconds since its begin. Raises ConfigError.
    """
    from sightline.source.rendering.stage import Stage

    scene, place = parse_scene(uri), scene_of(uri)
    stage = Stage(place, (64, 36), scene.seed, scene.light, scene.length, scene.busy)
    for sequence in range(max(1, round((scene.length or _DEFAULT_S) * scene.fps))):
        time_ns = round(sequence * 1e9 / scene.fps)
        yield time_ns, stage.truth(time_ns)


class SceneSource:
    """`with SceneSource(SourceConfig(uri="scene:entrance?seed=7")) as source: ...`

    Each frame's `truth` holds plain JSON values: `objects` (id, label, box x1, y1, x2, y2 in
    fractions of the picture, cut at its edges; foot x, y where it stands; visible 0..1),
    `light` (day, dusk, night), what only this scene has, `events` that happened since the
    frame before, and `view` while the camera is at fault.

    place  the scene: its lines and zones, and what else may be asked of it
    """

    def __init__(self, config: SourceConfig) -> None:
        self._scene = parse_scene(config.uri)
        self.place = scene_of(config.uri)
        length, fps = self._scene.length, self._scene.fps
        if config.fps is not None:
            fps = min(fps, config.fps)
        self._period_ns = 1e9 / fps
        self._count = None if length is None else max(1, round(length * fps))
        width, height = self._scene.size
        self.info = SourceInfo(width, height, fps, self._scene.live == "1", self._count or 0)
        self.counters = SourceCounters()
        self._closed = Flag()

    def __enter__(self) -> SceneSource:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End `frames` after the picture at hand; may be called from another thread."""
        self._closed.set()

    def frames(self) -> Iterator[Frame | Event]:
        """Every picture of a recorded scene as fast as it renders; of a live one the newest."""
        from sightline.source.rendering.stage import Stage

        scene = self._scene
        stage = Stage(self.place, scene.size, scene.seed, scene.light, scene.length, scene.busy)
        faults = Faults(scene.fault, scene.seed)
        live = self.info.live
        origin, started = time.time_ns(), time.monotonic_ns()
        offset = origin if live else 0
        yield Event("source.connected", offset)
        sequence = 0
        while not self._closed.is_set() and (self._count is None or sequence < self._count):
            media_ns = round(sequence * self._period_ns)
            if live:
                self._closed.wait((started + media_ns - time.monotonic_ns()) / 1e9)
            began = time.perf_counter_ns()
            image, truth = stage.frame(media_ns)
            image, shown_ns = faults.apply(image, truth, media_ns)
            spent = time.perf_counter_ns() - began
            yield Frame(RgbPicture(image), offset + shown_ns, sequence, spent, truth)
            sequence += 1
            if live:
                sequence = self._newest(sequence, started)
        yield Event("source.ended", offset + round((sequence - 1) * self._period_ns))

    def _newest(self, sequence: int, started: int) -> int:
        """The number of the newest picture due; those that nobody waited for are dropped."""
        due = int((time.monotonic_ns() - started) / self._period_ns)
        last = due if self._count is None else min(due, self._count)
        self.counters.dropped += max(0, last - sequence)
        return max(sequence, last)
