"""Packages: CPU time to open and verify one of 4 MB, beside zipfile and the hashing alone.

    python -m benchmarks.package

The floor is one pass of SHA-256 over the file, which nobody who verifies can do without.
Every figure is the median of several rounds in this one run.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sightline.model.labels import SETS
from sightline.model.manifest import Manifest, Target
from sightline.model.package import make_package, open_package
from sightline.model.recipe import InputRecipe, Recipe

ROUNDS = 30
NETWORK = random.Random(0).randbytes(4 << 20)


def written(folder: Path) -> Path:
    """A signed package of a network of 4 MB."""
    manifest = Manifest(
        name="four-megabytes",
        recipe=Recipe(
            decoder="yolox", input=InputRecipe(width=416, height=416), labels=SETS["coco"]
        ),
        targets={"onnx-float": Target(file="networks/onnx-float.onnx")},
        default="onnx-float",
    )
    path = folder / "network.slm"
    package = make_package(manifest, {"networks/onnx-float.onnx": NETWORK})
    package.signed(Ed25519PrivateKey.generate()).write(path)
    return path


def with_zipfile(path: Path) -> None:
    """Only the reading: every entry through the standard library, nothing verified but CRCs."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            archive.read(name)


def milliseconds(work: Callable[[], object]) -> float:
    """Median CPU time of one call."""
    times = []
    for _ in range(ROUNDS):
        begun = process_time()
        work()
        times.append(process_time() - begun)
    return 1e3 * median(times)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder))
        ours = milliseconds(lambda: open_package(path))
        floor = milliseconds(lambda: hashlib.sha256(path.read_bytes()).digest())
        peer = milliseconds(lambda: with_zipfile(path))
    print("CPU ms, 4 MB package          ratio to ours")
    print(f"open and verify     {ours:6.2f}     1.00")
    print(f"SHA-256 alone       {floor:6.2f}     {floor / ours:.2f}")
    print(f"zipfile, unverified {peer:6.2f}     {peer / ours:.2f}")


if __name__ == "__main__":
    main()
