"""What the chip can hold and run, as far as that is public."""

from __future__ import annotations

# Network and working set together, as the converter's own report counts it.
MEMORY_BYTES = 8_388_480
SMALLEST_SIDE, LARGEST_SIDE = 64, 640

# The ONNX operators that the front end of imx500-converter 3.19 (PyTorch path) has a reader
# for. Each has further conditions (shapes, attributes) that only the converter knows.
_READ = """
    Abs Add ArgMax ArgMin AveragePool BatchNormalization Cast Clip Concat Constant Conv
    ConvTranspose Cos Div Dropout Equal Exp Expand Flatten Gather GatherElements Gelu Gemm
    GlobalAveragePool GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization
    LayerNormalization LeakyRelu MatMul Max MaxPool Min Mul Neg PRelu Pad Pow ReduceMax
    ReduceMean ReduceSum Relu Reshape Resize Shape Sigmoid Sin Slice Softmax Split Sqrt Squeeze
    Sub Tanh TopK Transpose Unsqueeze
"""
OPERATORS = frozenset(_READ.split())
SOURCE = "the readers of imx500-converter 3.19"
