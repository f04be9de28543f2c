"""Where the milliseconds of a picture go: by stage, by engine, by threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from time import perf_counter

import numpy as np

from sightline.picture.rgb import RgbPicture
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.sensor.engines.providers import available
from sightline.sensor.isp import Isp
from sightline.tuning.subject import Subject
from sightline.tuning.timing import cores, engine_of, further_inputs

_WARM = 3
_ROI = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Stages:
    """Milliseconds a picture takes on one engine: wall time, lower quartile of the runs.

    load_s  from the file's bytes to an engine that is ready
    """

    engine: str
    threads: int
    load_s: float
    preprocess: float
    network: float
    postprocess: float

    @property
    def total(self) -> float:
        """Of the three stages."""
        return self.preprocess + self.network + self.postprocess

    def to_json(self) -> dict[str, object]:
        """Plain JSON values, milliseconds to a thousandth."""
        rounded = {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }
        return {**rounded, "total": round(self.total, 3)}


def thread_counts() -> list[int]:
    """1, 2, 4, ... up to the cores that this process may use."""
    counts = [1]
    while counts[-1] * 2 <= cores():
        counts.append(counts[-1] * 2)
    return counts


def engines_for(subject: Subject) -> list[str]:
    """The providers of this machine that can run the network."""
    if subject.model.format != "onnx":
        return ["cpu"]
    return [name for name, here, _ in available() if here]


def bench(
    subject: Subject, size: tuple[int, int] = (1280, 720), runs: int = 50
) -> Iterator[Stages]:
    """One row for each engine and number of threads, as soon as it is measured.

    size  of the picture in front of the network, in pixels; it is noise, in which a network
          sees little: `postprocess` is what an empty street costs
    """
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    for engine in engines_for(subject):
        for threads in thread_counts() if engine == "cpu" else [1]:
            yield _measured(subject, RgbPicture(noise), engine, threads, runs)


def _measured(
    subject: Subject, picture: RgbPicture, engine: str, threads: int, runs: int
) -> Stages:
    begun = perf_counter()
    loaded = engine_of(subject.model, (engine,), threads)
    load_s = perf_counter() - begun
    isp = Isp(subject.recipe.input, loaded.signature.inputs[0].dtype, _ROI)
    decoder = fitted_decoder(
        subject.name, subject.recipe, loaded.signature, subject.labels, DecodeConfig()
    )
    rest = further_inputs(loaded)
    tensor, _ = isp(picture)
    outputs = loaded.run([tensor, *rest])
    steps: list[Callable[[], object]] = [
        lambda: isp(picture),
        lambda: loaded.run([tensor, *rest]),
        lambda: decoder(outputs),
    ]
    return Stages(engine, threads, load_s, *(_quartile_ms(step, runs) for step in steps))


def _quartile_ms(step: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs + _WARM):
        begun = perf_counter()
        step()
        taken.append(perf_counter() - begun)
    return float(np.quantile(taken[_WARM:], 0.25)) * 1000
