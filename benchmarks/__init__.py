"""Ours and a peer's on the same input in the same run: `python -m benchmarks [NAME…]`."""
