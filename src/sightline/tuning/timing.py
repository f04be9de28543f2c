"""How long networks take, next to each other, on a machine that has other work too."""

from __future__ import annotations

import os
from collections.abc import Sequence
from time import thread_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.model.load import Model
from sightline.plugins import load
from sightline.sensor.engines.base import TABLE, Engine

_RUNS = 30
_WARM = 3


def network_ms(models: Sequence[Model], tensor: NDArray[Any], runs: int = _RUNS) -> list[float]:
    """Milliseconds of one run of each network on one thread of the CPU; they take turns.

    CPU time of the thread that runs it, so that other work on the machine counts little.
    """
    engines = [engine_of(model) for model in models]
    inputs = [[tensor, *further_inputs(engine)] for engine in engines]
    taken = np.zeros((runs + _WARM, len(engines)))
    for run in range(runs + _WARM):
        for number, engine in enumerate(engines):
            begun = thread_time()
            engine.run(inputs[number])
            taken[run, number] = thread_time() - begun
    quick: list[float] = (np.quantile(taken[_WARM:], 0.25, axis=0) * 1000).tolist()
    return quick


def engine_of(model: Model, providers: Sequence[str] = ("cpu",), threads: int = 1) -> Engine:
    """The engine that runs this form of network, on all cores with 0 threads.

    Raises ModelError, MissingExtra.
    """
    engine: Engine = load("engine", model.format, TABLE)(model, providers, threads or cores())
    return engine


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def further_inputs(engine: Engine) -> list[NDArray[Any]]:
    """Stand-ins for inputs beside the picture: the size of the tensor."""
    shape = engine.signature.inputs[0].shape
    size = [[shape[-1] or 1, shape[-2] or 1]]
    return [np.array(size, spec.dtype) for spec in engine.signature.inputs[1:]]
