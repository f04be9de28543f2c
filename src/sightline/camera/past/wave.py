"""A few minutes of a rendered scene, from when the first come until all have gone again.

Because it begins and ends with nobody there, waves can be strung together into days: what a day's
frames come to is the sum of what its waves came to, whatever stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np

from sightline.analytics.asking import ask, measured
from sightline.analytics.view import ViewConfig
from sightline.camera.agent.intervals import Intervals
from sightline.results import Detections
from sightline.source.rendering.chronicle import BEFORE_STEPS
from sightline.source.rendering.motion import STEP_S
from sightline.source.rendering.projection import ASPECT
from sightline.source.rendering.scenery import Scene, World
from sightline.source.rendering.stage import shown
from sightline.source.scene import scene_of
from sightline.twin.config import CameraConfig
from sightline.twin.questions import questions
from sightline.wire.formats.block import Block, PackedFrame, gathered
from sightline.wire.formats.steps import quantise, restore
from sightline.wire.messages import Event, Measure

LABELS = ("person", "trolley")  # what the network that comes with Sightline finds
FPS = 2
CALM_S = 5.0  # between pictures while nobody is there
_EVERY = round(1 / FPS / STEP_S)  # steps of the world
_LOOK_S = 4.0  # between looks at a shelf
_PATIENCE_S = 90.0  # in which all have gone again, as a rule
_MEASURE_S = 30
_SECOND = 10**9

State = tuple[float, list[dict[str, Any]], list[float]]


@dataclass(frozen=True, eq=False)
class Wave:
    """Times count from its begin, identities from 1.

    seconds  how long it lasts
    stays    identities up to this one are always there and keep their number
    block    its frames
    events   what the analytics said of them
    measures  and their numbers over it
    """

    seconds: int
    stays: int
    block: Block
    events: tuple[Event, ...]
    measures: tuple[Measure, ...]

    def at(self, start_ns: int, sequence: int, tracks: int) -> Wave:
        """The same at another time, with other people."""
        block, objects = self.block, self.block.objects
        assert objects.track_ids is not None
        ids = np.where(
            objects.track_ids > self.stays, objects.track_ids + tracks, objects.track_ids
        )
        moved = replace(
            block,
            times=block.times + start_ns,
            sequences=block.sequences + sequence,
            objects=replace(objects, track_ids=ids),
        )
        return Wave(
            self.seconds,
            self.stays,
            moved,
            tuple(self._moved(event, start_ns, tracks) for event in self.events),
            tuple(
                replace(one, start_ns=one.start_ns + start_ns, end_ns=one.end_ns + start_ns)
                for one in self.measures
            ),
        )

    def _moved(self, event: Event, start_ns: int, tracks: int) -> Event:
        track = event.track
        if track is not None and track > self.stays:
            track += tracks
        return replace(event, time_ns=event.time_ns + start_ns, track=track)


def recorded(config: CameraConfig, busy: float, come_s: float, seed: int) -> Wave:
    """What the camera of this configuration, at its scene, sees and says of one wave.

    busy    how many come at a time
    come_s  for how long people come; those who are there then go their way
    """
    scene = scene_of(config.source.uri)
    # Now and then somebody is stuck behind a rope for ever: others come in their stead.
    for again in count():
        world = scene.world(seed + 1000 * again, 0.0)
        stays = max((actor.number for actor in world.crowd.actors), default=0)
        states = list(_states(scene, world, stays, busy, come_s))
        if _calm(world, stays):
            break
    rng = np.random.default_rng([seed, 3])
    shelves = [shelf.name for shelf in config.shelves]
    frames = [
        PackedFrame(round(at_s * _SECOND), number, _seen(found, rng), _extras(shelves, fills))
        for number, (at_s, found, fills) in enumerate(states)
    ]
    seconds = -(-frames[-1].time_ns // _SECOND) + 1
    events, measures = _asked(config, frames)
    return Wave(seconds, stays, gathered(frames), tuple(events), tuple(measures))


def still(seen: Wave, seconds: int, every_s: float) -> Wave:
    """Nobody is there, for so long, at the camera of a wave: a picture now and then."""
    first = seen.block.objects[: int(seen.block.offsets[1])]
    extras = seen.block.extras.get(0, {})
    frames = [
        PackedFrame(round(at * every_s * _SECOND), at, first, {} if at else extras)
        for at in range(max(1, int(seconds / every_s)))
    ]
    return Wave(seconds, seen.stays, gathered(frames), (), ())


def _states(scene: Scene, world: World, stays: int, busy: float, come_s: float) -> Iterator[State]:
    """When, who is there, and how full the cells of the shelf are and hold what is not theirs."""
    for _ in range(BEFORE_STEPS):
        world.step()
    while not _calm(world, stays) and world.chronicle.now_s < _PATIENCE_S:
        world.step()
    steps = last = end = 0
    world.busy = busy
    looked_s = -_LOOK_S
    while (not end and steps * STEP_S < come_s + _PATIENCE_S) or steps < end:
        now_s = steps * STEP_S
        if now_s >= come_s:
            world.busy = 0.0
        calm = _calm(world, stays)
        if calm and now_s >= come_s and not end:
            _tidy(world)
            end = steps + round(3 * CALM_S / STEP_S)
        if not steps or (steps - last) * STEP_S >= (CALM_S if calm else 1 / FPS):
            last = steps
            fills = _fills(world) if now_s - looked_s >= _LOOK_S else []
            looked_s = now_s if fills else looked_s
            yield now_s, shown(scene, world), fills
        for _ in range(_EVERY):
            world.step()
        steps += _EVERY


def _calm(world: World, stays: int) -> bool:
    return all(actor.number <= stays for actor in world.crowd.actors)


def _tidy(world: World) -> None:
    """The staff fill the shelf while nobody is there."""
    if world.stock is not None:
        world.stock.count[:] = world.stock.room
        world.stock.strays[:] = -1


def _fills(world: World) -> list[float]:
    """As the probe of a shelf tells them."""
    stock = world.stock
    if stock is None:
        return []
    fill, stray = stock.count / stock.room, (stock.strays >= 0) / stock.room
    return [*fill.clip(0, 1).ravel().tolist(), *stray.ravel().tolist()]


def _extras(shelves: list[str], fills: list[float]) -> dict[str, Any]:
    if not shelves or not fills:
        return {}
    return {"probes": {f"shelf.{name}": [round(one, 3) for one in fills] for name in shelves}}


def _seen(objects: list[dict[str, Any]], rng: np.random.Generator) -> Detections:
    """What a network would have found, as it is stored."""
    mine = [one for one in objects if one["label"] in LABELS]
    boxes = np.array([one["box"] for one in mine], np.float32).reshape(-1, 4)
    return Detections(
        restore(quantise(boxes)),
        (0.75 + 0.2 * rng.random(len(mine))).astype(np.float32),
        np.array([LABELS.index(one["label"]) for one in mine], np.int32),
        np.array([one["id"] for one in mine], np.int64),
    )


def _asked(config: CameraConfig, frames: list[PackedFrame]) -> tuple[list[Event], list[Measure]]:
    seeing = config.model_copy(update={"view": ViewConfig(watch=False)})  # there are no pictures
    asked = questions(seeing, LABELS, ASPECT)
    intervals = Intervals()
    events: list[Event] = []
    measures: list[Measure] = []
    told_ns = 0
    for time_ns, _, seen, extras in frames:
        events += ask(asked, replace(seen, probes=extras.get("probes")), time_ns)
        if time_ns - told_ns >= _MEASURE_S * _SECOND or time_ns == frames[-1].time_ns:
            measures += intervals.since(measured(asked))
            told_ns = time_ns
    return events, measures
