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


if __name__ == "__main__":
    main(*sys.argv[1:4])
