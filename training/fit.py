"""The training loop: fresh variations of the same pictures, and a slowly following average."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from loss import loss
from network import Network

Batch = tuple[Tensor, Tensor, Tensor, Tensor]
Batches = Callable[[np.random.Generator, bool], Iterator[Batch]]

_RATE, _WARM_STEPS, _DECAY = 2.5e-3, 300, 0.02
_AVERAGE = 0.998


def fit(batches: Batches, steps: int, epochs: int, seed: int, told: Callable[[str], None],
        checkpoint: Path, start: Network) -> Network:  # fmt: skip
    """A network trained on what `batches` gives; the same seed gives the same on one machine.

    batches  (rng, plain) gives one pass: pictures (B, 3, H, W), boxes (B, M, 4) in pixels,
             labels (B, M) with -1 for none, and which of them count (B, M); `plain` asks for
             pictures as they are, which the last passes see
    steps    of one pass
    start    train this one further; the rate begins high (warm restart, Loshchilov and
             Hutter, 2017)
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = copy.deepcopy(start).train().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(_groups(network), lr=_RATE)
    step, whole = 0, steps * epochs
    for epoch in range(epochs):
        sums = np.zeros(2)
        plain = epoch >= epochs - 2
        for images, boxes, labels, counts in batches(rng, plain):
            for group in optimiser.param_groups:
                group["lr"] = _RATE * _schedule(step, whole)
            with torch.autocast("cpu", torch.bfloat16):
                distances, logits = network(images)
            corners = network.corners(distances.float())
            score, box = loss(corners, logits.float(), network.middles, boxes, labels, counts)
            optimiser.zero_grad()
            (score + box).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 10.0)
            optimiser.step()
            step += 1
            _follow(average, network, min(_AVERAGE, step / (step + 50)))
            sums += (score.item(), box.item())
            if step % 50 == 0:
                told(f"step {step}/{whole}: score {score.item():.3f}, box {box.item():.3f}")
        told(f"epoch {epoch + 1}/{epochs}: {sums / steps}")
        torch.save(average.state_dict(), checkpoint)
    return average


def _groups(network: Network) -> list[dict[str, object]]:
    """Weights decay; biases and normalisation do not."""
    named = list(network.named_parameters())
    return [
        {"params": [p for _, p in named if p.ndim > 1], "weight_decay": _DECAY},
        {"params": [p for _, p in named if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _schedule(step: int, steps: int) -> float:
    warm = min(1.0, (step + 1) / _WARM_STEPS)
    return warm * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)


@torch.no_grad()
def _follow(average: Network, network: Network, keep: float) -> None:
    for mine, theirs in zip(
        average.state_dict().values(), network.state_dict().values(), strict=True
    ):
        if mine.dtype.is_floating_point:
            mine.lerp_(theirs, 1 - keep)
        else:
            mine.copy_(theirs)
