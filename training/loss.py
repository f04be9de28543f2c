"""What the network should have said: cells are matched to objects by how well they do.

Task-aligned assignment and loss of TOOD (Feng et al., 2021), with the generalised
intersection over union of Rezatofighi et al. (2019) for boxes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

_CANDIDATES = 10
_SCORE_POWER, _OVERLAP_POWER = 0.5, 6.0
_BOX_WEIGHT = 2.5


def loss(corners: Tensor, logits: Tensor, middles: Tensor, boxes: Tensor, labels: Tensor,
         counts: Tensor) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Loss of the scores and loss of the boxes for a batch.

    corners  (B, N, 4) predicted, logits (B, N, C), middles (N, 2), all in pixels
    boxes    (B, M, 4) true, labels (B, M) with -1 for none
    counts   (B, M) bool; an object that does not count (hardly visible) asks for nothing,
             and cells inside of it are not punished
    """
    batch, cells = logits.shape[:2]
    wanted = torch.zeros_like(logits)
    weight = logits.new_ones((batch, cells, 1))
    box_loss = logits.new_zeros(())
    total = logits.new_zeros(())
    for i in range(batch):
        real = labels[i] >= 0
        use = real & counts[i]
        inside_ignored = _inside(middles, boxes[i][real & ~counts[i]]).any(1)
        weight[i, inside_ignored] = 0
        if not use.any():
            continue
        cell, item, quality = _assign(
            corners[i].detach(), logits[i].detach(), middles, boxes[i][use], labels[i][use]
        )
        wanted[i, cell, labels[i][use][item]] = quality
        weight[i, cell] = 1
        overlap = generalised_overlap(corners[i, cell], boxes[i][use][item])
        box_loss = box_loss + ((1 - overlap) * quality).sum()
        total = total + quality.sum()
    scores = binary_cross_entropy_with_logits(logits, wanted, reduction="none") * weight
    total = total.clamp(min=1)
    return scores.sum() / total, _BOX_WEIGHT * box_loss / total


def _inside(middles: Tensor, boxes: Tensor) -> Tensor:
    """(N, M): whether a cell's middle lies within a box."""
    gaps = torch.cat(
        [middles[:, None] - boxes[None, :, :2], boxes[None, :, 2:] - middles[:, None]], -1
    )
    return gaps.amin(-1) > 0


def _assign(corners: Tensor, logits: Tensor, middles: Tensor, boxes: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip # noqa: E501
    """Cells, the object of each, and the score 0..1 that each should give."""
    overlap = plain_overlap(corners, boxes)
    score = logits.sigmoid()[:, labels]
    fit = score**_SCORE_POWER * overlap**_OVERLAP_POWER * _inside(middles, boxes)
    best = fit.topk(min(_CANDIDATES, len(fit)), dim=0)
    chosen = torch.zeros_like(fit).scatter_(0, best.indices, 1.0) * (fit > 1e-9)
    # A cell that several objects want goes to the one that it overlaps most.
    owner = torch.where(chosen > 0, overlap, torch.tensor(-1.0))
    cell = (owner.amax(1) >= 0).nonzero()[:, 0]
    item = owner[cell].argmax(1)
    kept = fit[cell, item]
    top_fit = torch.zeros(len(boxes)).scatter_reduce_(0, item, kept, "amax")
    top_overlap = torch.zeros(len(boxes)).scatter_reduce_(0, item, overlap[cell, item], "amax")
    quality = kept / top_fit[item].clamp(min=1e-9) * top_overlap[item]
    return cell, item, quality


def plain_overlap(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union (N, M)."""
    low = torch.maximum(a[:, None, :2], b[None, :, :2])
    high = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = (high - low).clamp(min=0).prod(-1)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(-1), (b[:, 2:] - b[:, :2]).prod(-1)
    return inter / (area_a[:, None] + area_b[None] - inter).clamp(min=1e-6)


def generalised_overlap(a: Tensor, b: Tensor) -> Tensor:
    """Generalised intersection over union (N,) of boxes (N, 4) row by row."""
    inter = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0)
    both = inter.prod(-1)
    union = (a[:, 2:] - a[:, :2]).prod(-1) + (b[:, 2:] - b[:, :2]).prod(-1) - both
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(-1)
    return both / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
