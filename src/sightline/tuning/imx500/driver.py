"""Run by the Python of Sony's tools, not by ours: float ONNX to ONNX quantised for the chip.

    python driver.py float.onnx pictures.npy quantised.onnx

pictures.npy  float32 (N, C, H, W), input tensors
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any


def main(source: str, pictures: str, target: str) -> None:
    import edgemdt_tpc
    import model_compression_toolkit as mct
    import numpy as np
    import onnx
    import onnx2torch
    import torch

    _let_numbers_through(np, torch)
    network = onnx2torch.convert(onnx.load(source)).eval()
    _settle_resizes(network, torch)
    tensors = np.load(pictures, mmap_mode="r")

    def representative() -> Iterator[list[Any]]:
        for tensor in tensors:
            yield [torch.from_numpy(np.array(tensor[None]))]

    platform = edgemdt_tpc.get_target_platform_capabilities(tpc_version="1.0", device_type="imx500")
    quantised, _ = mct.ptq.pytorch_post_training_quantization(
        network, representative, target_platform_capabilities=platform
    )
    mct.exporter.pytorch_export_model(quantised, target, repr_dataset=representative)


def _let_numbers_through(np: Any, torch: Any) -> None:
    """onnx2torch hands NumPy's numbers to torch.fx, which takes only Python's own."""
    tracer = torch.fx.proxy.TracerBase
    taken = tracer.create_arg

    def create_arg(self: Any, value: Any) -> Any:
        return taken(self, value.item() if isinstance(value, np.generic) else value)

    tracer.create_arg = create_arg


def _settle_resizes(network: Any, torch: Any) -> None:
    """Make layers of a fixed scale of onnx2torch's layers, which look theirs up at each run.

    That look-up is what the toolkit cannot trace.
    """
    for node in list(network.graph.nodes):
        layer = network.get_submodule(node.target) if node.op == "call_module" else None
        if not type(layer).__name__.startswith("OnnxResize"):
            continue
        layer = getattr(layer, "_resize", layer)
        given = [None if one is None else _constant(network, one) for one in node.args[1:]]
        sizes, scales = (given + [None] * 3)[2], given[1] if len(given) > 1 else given[0]
        rank = len(sizes or scales or ()) - 2
        kinds = {1: "linear", 2: "bilinear", 3: "trilinear"}
        mode = kinds[rank] if layer.onnx_mode == "linear" else layer.onnx_mode
        fixed = torch.nn.Upsample(
            size=tuple(sizes[2:]) if sizes else None,
            scale_factor=None if sizes else tuple(scales[2:]),
            mode=mode,
            align_corners=None if mode == "nearest" else bool(layer.align_corners),
        )
        network.set_submodule(node.target, fixed)
        node.args = node.args[:1]
    network.graph.eliminate_dead_code()
    network.recompile()


def _constant(network: Any, node: Any) -> list[float] | None:
    value = network.get_parameter_or_buffer(node.target).tolist()
    return value or None


if __name__ == "__main__":
    main(*sys.argv[1:4])
