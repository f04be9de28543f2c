"""Run by the Python of Sony's tools, not by ours: float ONNX to ONNX quantised for the chip.

    python driver.py float.onnx pictures.npy quantised.onnx

pictures.npy  float32 (N, C, H, W), input tensors
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator
from typing import Any

_DEEPEST = 50_000  # the toolkit copies a network as a chain, a few calls a layer


def main(source: str, pictures: str, target: str) -> None:
    import edgemdt_tpc
    import model_compression_toolkit as mct
    import numpy as np
    import onnx
    import onnx2torch
    import torch

    sys.setrecursionlimit(_DEEPEST)
    _let_numbers_through(np, torch)
    network = onnx2torch.convert(onnx.load(_folded(source))).eval()
    _settle_resizes(network, torch)
    _settle_slices(network)
    tensors = np.load(pictures, mmap_mode="r")

    def representative() -> Iterator[list[Any]]:
        for tensor in tensors:
            yield [torch.from_numpy(np.array(tensor[None]))]

    platform = edgemdt_tpc.get_target_platform_capabilities(tpc_version="1.0", device_type="imx500")
    quantised, _ = mct.ptq.pytorch_post_training_quantization(
        network, representative, target_platform_capabilities=platform
    )
    mct.exporter.pytorch_export_model(quantised, target, repr_dataset=representative)


def _folded(source: str) -> str:
    """The file with all that is constant worked out beforehand, such as the shapes of tensors."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = f"{source}.folded.onnx"
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    return f"{source}.folded.onnx"


def _let_numbers_through(np: Any, torch: Any) -> None:
    """onnx2torch hands NumPy's numbers to torch.fx, which takes only Python's own."""
    tracer = torch.fx.proxy.TracerBase
    taken = tracer.create_arg

    def create_arg(self: Any, value: Any) -> Any:
        return taken(self, value.item() if isinstance(value, np.generic) else value)

    tracer.create_arg = create_arg


def _settle_resizes(network: Any, torch: Any) -> None:
    """Put layers of a fixed scale in place of onnx2torch's, which look theirs up at each run.

    That look-up is what the toolkit cannot trace.
    """
    kinds = {1: "linear", 2: "bilinear", 3: "trilinear"}
    for node in list(network.graph.nodes):
        layer: Any = network.get_submodule(node.target) if node.op == "call_module" else None
        if not type(layer).__name__.startswith("OnnxResize"):
            continue
        # The oldest form of the layer has scales alone; what is left out comes by name.
        names = ("scales",) if hasattr(layer, "_resize") else ("roi", "scales", "sizes")
        given = dict(zip(names, node.args[1:], strict=False)) | node.kwargs
        scales, sizes = (_constant(network, given.get(name)) for name in ("scales", "sizes"))
        layer = getattr(layer, "_resize", layer)
        plain = layer.onnx_mode == "nearest"
        fixed = torch.nn.Upsample(
            size=tuple(sizes[2:]) or None,
            scale_factor=None if sizes else tuple(scales[2:]),
            mode="nearest" if plain else kinds[len(sizes or scales) - 2],
            align_corners=None if plain else bool(layer.align_corners),
        )
        network.set_submodule(node.target, fixed)
        node.args, node.kwargs = node.args[:1], {}
    network.graph.eliminate_dead_code()
    network.recompile()


def _settle_slices(network: Any) -> None:
    """Put plain indexing in place of onnx2torch's slices, which look their bounds up as well."""
    for node in list(network.graph.nodes):
        layer: Any = network.get_submodule(node.target) if node.op == "call_module" else None
        if type(layer).__name__ != "OnnxSlice":
            continue
        names = ("starts", "ends", "axes", "steps")
        given = dict(zip(names, node.args[1:], strict=False)) | node.kwargs
        starts, ends, axes, steps = (_constant(network, given.get(name)) for name in names)
        axes, steps = axes or list(range(len(starts))), steps or [1] * len(starts)
        if min(steps) < 1:
            continue  # backwards: left for the toolkit to refuse
        cuts = {a: slice(*rest) for a, *rest in zip(axes, starts, ends, steps, strict=True)}
        ahead: list[Any] = [cuts.get(a, slice(None)) for a in range(max(axes) + 1)]
        behind: list[Any] = [cuts.get(a, slice(None)) for a in range(min(axes), 0)]
        if ahead and behind:
            continue
        with network.graph.inserting_after(node):
            index = tuple(ahead or [Ellipsis, *behind])
            taken = network.graph.call_function(operator.getitem, (node.args[0], index))
        node.replace_all_uses_with(taken)
        network.graph.erase_node(node)
    network.graph.eliminate_dead_code()
    network.recompile()


def _constant(network: Any, node: Any) -> list[Any]:
    """What a node gives that looks up a tensor of the network; nothing where there is none."""
    if node is None:
        return []
    owner, _, name = node.target.rpartition(".")
    held = getattr(network.get_submodule(owner), name)
    values: list[Any] = getattr(held, "value", held).tolist()  # a layer of its own, or a tensor
    return values


if __name__ == "__main__":
    main(*sys.argv[1:4])
