"""One float network, its ranges, and the int8 networks that can be made of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.picture import Frame
from sightline.tuning.quantise.calibration import measured_ranges, tensors
from sightline.tuning.quantise.damage import Outputs, by_damage
from sightline.tuning.quantise.graph import QUANTISED, original_names, prepared, split
from sightline.tuning.quantise.qdq import quantised
from sightline.tuning.subject import Subject, captures
from sightline.tuning.timing import engine_of

Tell = Callable[[str, int, int], None]

_TRIED = 6  # pictures on which the damage of blocks is compared


class Workpiece:
    """Raises MissingExtra, and ModelError for a network that cannot be quantised."""

    def __init__(self, subject: Subject, frames: Sequence[Frame], tell: Tell) -> None:
        self._subject = subject
        self._frames = frames
        self._tell = tell
        self._proto = prepared(subject.model.data, subject.name)
        self._origin = original_names(subject.model.data, self._proto)
        self._blocks = split(self._proto.graph)
        self._ranges = self._measured()

    @property
    def layers(self) -> int:
        """How many blocks there are: layers with weights, each with what follows it."""
        return len(self._blocks.blocks)

    def layer(self, block: int) -> str:
        """The name that the layer of a block has in the float network."""
        return next(
            self._origin[name] for name in self._blocks.blocks[block] if name in self._origin
        )

    def tensor(self) -> NDArray[Any]:
        """One input tensor."""
        return next(self._inputs())

    def int8(self, left_float: Iterable[int] = ()) -> Subject:
        """The network in int8 but for these blocks and the tail."""
        names = {name for block in left_float for name in self._blocks.blocks[block]}
        data = quantised(self._proto, self._ranges, {*names, *self._blocks.tail})
        model = replace(self._subject.model, data=data)
        return replace(self._subject, model=model, engine=engine_of(model, threads=0))

    def by_damage(self) -> list[int]:
        """The blocks that int8 harms, the worst first."""
        everything = set(range(self.layers))
        return by_damage(
            self.layers,
            self._outputs(self._subject),
            lambda blocks: self._outputs(self.int8(everything.difference(blocks))),
            lambda done, total: self._tell("compare layers", done, total),
        )

    def _outputs(self, subject: Subject) -> Outputs:
        chosen = self._frames[:: max(1, len(self._frames) // _TRIED)][:_TRIED]
        return [[np.array(t) for t in item.tensors] for item in captures(subject, chosen)]

    def _inputs(self) -> Iterator[NDArray[Any]]:
        dtype = self._subject.engine.signature.inputs[0].dtype
        return tensors(self._frames, self._subject.recipe.input, dtype)

    def _measured(self) -> Any:
        if len(self._subject.engine.signature.inputs) > 1:
            raise ModelError(
                f"{self._subject.name}: takes {len(self._subject.engine.signature.inputs)} inputs; "
                "networks with one picture as input can be quantised"
            )
        count = len(self._frames)
        done = iter(range(1, count + 1))
        with tempfile.TemporaryDirectory() as folder:
            return measured_ranges(
                self._proto,
                self._inputs(),
                Path(folder),
                QUANTISED,
                lambda: self._tell("calibrate", next(done), count),
            )
