"""The training loop: fresh variations of the same pictures, and a slowly following average."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from augment import augment
from dataset import HEIGHT, LABELS, MOST, WIDTH, Pictures
from loss import loss
from network import Network

_BATCH = 16
_RATE, _WARM_STEPS, _DECAY = 2.5e-3, 300, 0.02
_AVERAGE = 0.998
_HARDLY_VISIBLE = 0.2  # below this an object asks for nothing


def fit(pictures: Pictures, epochs: int, seed: int, told: Callable[[str], None],
        checkpoint: Path, start: Network | None = None) -> Network:  # fmt: skip
    """A network trained on `pictures`; the same seed gives the same network on one machine.

    start  train this one further: the rate begins high again (warm restart, Loshchilov and
           Hutter, 2017)
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = copy.deepcopy(start) if start else Network(len(LABELS), WIDTH, HEIGHT)
    network = network.train().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(_groups(network), lr=_RATE)
    steps = epochs * (len(pictures.images) // _BATCH)
    step = 0
    for epoch in range(epochs):
        sums = np.zeros(2)
        plain = epoch >= epochs - 2  # the last passes see the pictures as they are
        for images, boxes, labels, counts in _batches(pictures, rng, plain):
            for group in optimiser.param_groups:
                group["lr"] = _RATE * _schedule(step, steps)
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
                told(f"step {step}/{steps}: score {score.item():.3f}, box {box.item():.3f}")
        told(f"epoch {epoch + 1}/{epochs}: {sums / (steps / epochs)}")
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


def _batches(
    pictures: Pictures, rng: np.random.Generator, plain: bool
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    order = rng.permutation(len(pictures.images))
    size = np.array([WIDTH, HEIGHT] * 2, np.float32)
    for start in range(0, len(order) - _BATCH + 1, _BATCH):
        images = np.empty((_BATCH, HEIGHT, WIDTH, 3), np.uint8)
        boxes = np.zeros((_BATCH, MOST, 4), np.float32)
        labels = np.full((_BATCH, MOST), -1, np.int64)
        counts = np.zeros((_BATCH, MOST), np.bool_)
        for row, index in enumerate(order[start : start + _BATCH].tolist()):
            image, whole = pictures.images[index], pictures.boxes[index] * size
            real = pictures.labels[index] >= 0
            kept = np.ones(MOST, np.bool_)
            if not plain:
                image, whole, kept = augment(image, whole, rng)
            images[row], boxes[row] = image, whole
            labels[row] = np.where(real, pictures.labels[index], -1)
            counts[row] = kept & (pictures.visible[index] >= _HARDLY_VISIBLE)
        tensor = torch.from_numpy(images).permute(0, 3, 1, 2).float()
        yield (
            tensor.contiguous(memory_format=torch.channels_last),
            *map(torch.from_numpy, (boxes, labels, counts)),
        )
