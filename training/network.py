"""A small one-stage detector without anchors: separable convolutions, a pyramid, two heads.

A box is four distances from the middle of a cell, in strides, as in FCOS (Tian et al., 2019);
the score of a class stands for how well the box fits, as in TOOD (Feng et al., 2021).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

STRIDES = (8, 16, 32)


def conv(inside: int, outside: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> nn.Module:
    """Convolution, normalisation, ReLU: what quantises well and folds into one operator."""
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outside, momentum=0.03, eps=1e-3),
        nn.ReLU(inplace=True),
    )


class Separable(nn.Module):
    """A depthwise convolution and a pointwise one, with a way round where shapes allow it."""

    def __init__(self, inside: int, outside: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__()
        self.depth = conv(inside, inside, kernel, stride, groups=inside)
        self.point = conv(inside, outside)
        self.around = stride == 1 and inside == outside

    def forward(self, x: Tensor) -> Tensor:
        """(B, inside, H, W) to (B, outside, H / stride, W / stride)."""
        y: Tensor = self.point(self.depth(x))
        return x + y if self.around else y


class Network(nn.Module):
    """Pictures (B, 3, H, W), 0..255, to boxes and scores.

    `forward` gives distances (B, N, 4) in pixels and class logits (B, N, C) of all cells.
    """

    def __init__(self, classes: int, width: int, height: int, wide: int = 64) -> None:
        super().__init__()
        self.scale = 1 / 255
        self.stem = nn.Sequential(conv(3, 16, 3, 2), conv(16, 24, 3, 2))
        self.s8 = nn.Sequential(Separable(24, 64, 2), Separable(64, 64), Separable(64, 64))
        self.s16 = nn.Sequential(Separable(64, 128, 2), *(Separable(128, 128) for _ in range(3)))
        deep = (Separable(176, 176, kernel=5) for _ in range(2))
        self.s32 = nn.Sequential(Separable(128, 176, 2), *deep)
        self.side = nn.ModuleList(conv(c, wide) for c in (64, 128, 176))
        self.smooth = nn.ModuleList(Separable(wide, wide) for _ in range(2))
        self.box_way = nn.ModuleList(_tower(wide) for _ in STRIDES)
        self.class_way = nn.ModuleList(_tower(wide) for _ in STRIDES)
        self.box = nn.ModuleList(nn.Conv2d(wide, 4, 1) for _ in STRIDES)
        self.score = nn.ModuleList(nn.Conv2d(wide, classes, 1) for _ in STRIDES)
        for score, box in zip(self.score, self.box, strict=True):
            nn.init.normal_(score.weight, std=0.01)
            nn.init.constant_(score.bias, -4.6)
            nn.init.constant_(box.bias, 2.0)
        middles, strides = cells(width, height)
        self.register_buffer("middles", middles, persistent=False)
        self.register_buffer("strides", strides, persistent=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Distances (B, N, 4) left, top, right, bottom in pixels, and logits (B, N, C)."""
        a = self.s8(self.stem(pictures if self.scale == 1 else pictures * self.scale))
        b = self.s16(a)
        c = self.s32(b)
        high = self.side[2](c)
        middle = self.smooth[1](self.side[1](b) + nn.functional.interpolate(high, scale_factor=2))
        low = self.smooth[0](self.side[0](a) + nn.functional.interpolate(middle, scale_factor=2))
        boxes, scores = [], []
        for i, level in enumerate((low, middle, high)):
            boxes.append(self.box[i](self.box_way[i](level)).flatten(2))
            scores.append(self.score[i](self.class_way[i](level)).flatten(2))
        distances = nn.functional.softplus(torch.cat(boxes, 2).transpose(1, 2))
        return distances * self.strides, torch.cat(scores, 2).transpose(1, 2)

    def corners(self, distances: Tensor) -> Tensor:
        """Distances (..., N, 4) as x1, y1, x2, y2 in pixels."""
        return torch.cat([self.middles - distances[..., :2], self.middles + distances[..., 2:]], -1)


class Deployed(nn.Module):
    """The network as it is shipped: one output (1, 4 + C, N), centre x, centre y, width and
    height in pixels, then the score of each class."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        """(1, 3, H, W), 0..255, RGB, to (1, 4 + C, N)."""
        distances, logits = self.network(pictures)
        near, far = distances[..., :2], distances[..., 2:]
        middle = self.network.middles + (far - near) * 0.5
        out = torch.cat([middle, near + far, logits.sigmoid()], -1)
        return out.transpose(1, 2)


def cells(width: int, height: int) -> tuple[Tensor, Tensor]:
    """Middles (N, 2) and strides (N, 1) of all cells in pixels, finest level first."""
    middles, strides = [], []
    for stride in STRIDES:
        y, x = torch.meshgrid(
            torch.arange(height // stride), torch.arange(width // stride), indexing="ij"
        )
        middle = (torch.stack([x, y], -1).reshape(-1, 2) + 0.5) * stride
        middles.append(middle)
        strides.append(torch.full((len(middle), 1), float(stride)))
    return torch.cat(middles), torch.cat(strides)


def _tower(wide: int) -> nn.Module:
    return nn.Sequential(Separable(wide, wide), Separable(wide, wide))
