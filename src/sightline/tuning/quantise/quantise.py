"""Post-training quantisation: ranges from pictures, and what int8 would spoil stays float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.errors import ModelError
from sightline.picture import Frame
from sightline.tuning.quantise.agreement import Agreement, agreement_with
from sightline.tuning.quantise.choice import Choice, fewest_float
from sightline.tuning.quantise.workpiece import Tell, Workpiece
from sightline.tuning.subject import Subject
from sightline.tuning.timing import network_ms


@dataclass(frozen=True, slots=True)
class Form:
    """The network in one form: its score by the measure, its bytes, its time on one thread."""

    score: float
    bytes: int
    ms: float


@dataclass(frozen=True, eq=False)
class Quantised:
    """An int8 network and what it costs.

    measure     what the scores are: agreement with the float network, or the true AP
    left_float  names of the layers that stay float, the most sensitive first
    layers      how many there are
    kept        whether the loss is within the bound
    """

    data: bytes
    measure: str
    before: Form
    after: Form
    left_float: tuple[str, ...]
    layers: int
    kept: bool

    @property
    def faster(self) -> bool:
        """Whether int8 takes no longer than float on this machine."""
        return self.after.ms <= self.before.ms


def quantise(
    subject: Subject,
    frames: Sequence[Frame],
    *,
    max_loss: float = 0.01,
    truth: Agreement | None = None,
    tell: Tell = lambda step, done, total: None,
) -> Quantised:
    """An int8 network out of a float one.

    frames  pictures in the size of the tensor, from `calibration_frames`
    truth   scores a network on labelled pictures; without it the int8 network is scored by
            its agreement with the float one on `frames`
    tell    is told the step, and how much of it is done
    Raises MissingExtra, and ModelError for what cannot be quantised.
    """
    if subject.model.format != "onnx":
        raise ModelError(
            f"{subject.name}: is a TFLite network; give the ONNX network it stems from"
        )
    work = Workpiece(subject, frames, tell)
    measure = truth or agreement_with(subject, frames)
    best = truth.score(subject) if truth else 1.0
    loss = best - measure.score(work.int8())
    order: list[int] = []
    choice = Choice(0, loss, kept=loss <= max_loss)
    if not choice.kept:
        order = work.by_damage()

        def loss_of(left: int) -> float:
            tell(f"leave {left} layers float", left, work.layers)
            return best - measure.score(work.int8(order[:left])) if left else loss

        choice = fewest_float(len(order), work.layers, loss_of, max_loss)
    model = work.int8(order[: choice.left]).model
    float_ms, int8_ms = network_ms([subject.model, model], work.tensor())
    return Quantised(
        data=model.data,
        measure=measure.name,
        before=Form(best, len(subject.model.data), float_ms),
        after=Form(best - choice.loss, len(model.data), int8_ms),
        left_float=tuple(work.layer(block) for block in order[: choice.left]),
        layers=work.layers,
        kept=choice.kept,
    )
