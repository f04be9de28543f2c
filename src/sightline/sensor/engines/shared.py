"""One engine for all cameras of a process that run the same network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from threading import Lock
from weakref import WeakValueDictionary

from sightline.model.load import Model
from sightline.plugins import load
from sightline.sensor.base import SensorConfig
from sightline.sensor.engines.base import TABLE, Engine
from sightline.sensor.engines.gate import FairGate


@dataclass(frozen=True, eq=False)
class SharedEngine:
    """An engine, and the gate through which its cameras go to it."""

    engine: Engine
    gate: FairGate


_held: WeakValueDictionary[tuple[object, ...], SharedEngine] = WeakValueDictionary()
_lock = Lock()


def shared_engine(model: Model, config: SensorConfig, cameras: int) -> SharedEngine:
    """The engine for `model`, made once for all who ask for the same.

    A camera that is alone gets every core for each run, which is the quickest answer. Several
    get one core a run and as many runs at once as there are cores: the same work without the
    cost of splitting it (two threads were measured at 1.7 times one thread's speed, so two
    runs of one thread each do 1.2 times as much).
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    cores = cores or 1
    threads = config.threads or (cores if cameras == 1 else 1)
    key = (model.digest, config.providers, threads)
    with _lock:
        found = _held.get(key)
        if found is None:
            engine = load("engine", model.format, TABLE)(model, config.providers, threads)
            found = _held[key] = SharedEngine(engine, FairGate(max(1, cores // threads)))
        return found
