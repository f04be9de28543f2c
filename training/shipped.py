"""The weights of a network that was shipped, as a start for another of the same make.

In the shipped file normalisation is folded into the convolutions and weights are 8 bits wide.
They are widened again, and each normalisation gets the statistics that it would have seen, so
that training goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from network import Network


@torch.no_grad()
def begin_from(
    network: Network, path: Path, batches: Iterable[Tensor], classes: dict[int, int]
) -> None:
    """Fill `network` from the ONNX file `path`.

    batches  some pictures (B, 3, H, W), 0..255, for the statistics
    classes  which class of the new network goes on from which of the old
    """
    held = {
        item.name: numpy_helper.to_array(item) for item in onnx.load(str(path)).graph.initializer
    }
    pairs = [m for m in network.modules() if isinstance(m, nn.Sequential) and _folds(m)]
    names = {module: name for name, module in network.named_modules()}
    for pair in pairs:
        convolution, norm = pair[0], pair[1]
        name = f"network.{names[convolution]}"
        convolution.weight.copy_(torch.from_numpy(_wide(held, f"{name}.weight")))
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1)
        norm.bias.copy_(torch.from_numpy(_wide(held, f"{name}.bias")))
    network.stem[0][0].weight.mul_(255)  # the shipped one takes 0..255 as they are
    for box in network.box:
        box.weight.copy_(torch.from_numpy(_wide(held, f"network.{names[box]}.weight")))
        box.bias.copy_(torch.from_numpy(_wide(held, f"network.{names[box]}.bias")))
    for score in network.score:
        for new, old in classes.items():
            score.weight[new] = torch.from_numpy(_wide(held, f"network.{names[score]}.weight"))[old]
            score.bias[new] = float(_wide(held, f"network.{names[score]}.bias")[old])
    _settle(network, pairs, batches)


def _folds(module: nn.Sequential) -> bool:
    return len(module) == 3 and isinstance(module[1], nn.BatchNorm2d)


def _wide(held: dict[str, NDArray[np.generic]], name: str) -> NDArray[np.float32]:
    if name in held:
        return held[name].astype(np.float32)
    whole = held[f"{name}_quantized"].astype(np.float32)
    scale = held.get(f"{name}_scale", held.get(f"{name}_quantized_scale"))
    assert scale is not None
    return whole * scale.astype(np.float32).reshape(-1, *[1] * (whole.ndim - 1))


def _settle(network: Network, pairs: list[nn.Sequential], batches: Iterable[Tensor]) -> None:
    """Give each normalisation the mean and variance of what reaches it, and undo them behind it."""
    sums: dict[nn.Module, list[Tensor]] = {pair[0]: [] for pair in pairs}
    hooks = [
        pair[0].register_forward_hook(
            lambda module, _, out: sums[module].append(
                torch.stack([out.mean((0, 2, 3)), out.pow(2).mean((0, 2, 3))])
            )
        )
        for pair in pairs
    ]
    network.eval()
    for batch in batches:
        network(batch)
    for hook in hooks:
        hook.remove()
    for pair in pairs:
        norm = pair[1]
        mean, square = torch.stack(sums[pair[0]]).mean(0)
        variance = (square - mean**2).clamp(min=1e-6)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.add_(mean)
