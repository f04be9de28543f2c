"""What the benchmarks look at: sample data where it is given, else what the package has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOW = "set SIGHTLINE_DATA or --data to the sample data"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The sample data folder, or None."""

    data: Path | None

    @classmethod
    def found(cls, given: str | None) -> Inputs:
        """`given`, else the environment's, else the folder beside the repository."""
        beside = Path(__file__).parents[2] / "shared" / "data"
        folder = Path(given or os.environ.get("SIGHTLINE_DATA", beside))
        return cls(folder if folder.is_dir() else None)

    @property
    def network(self) -> Path | None:
        """YOLOX-nano at 416 pixels."""
        return self._file("models/yolox_nano_416.onnx")

    @property
    def video(self) -> Path | None:
        """People who walk through the picture one after another, 768x432."""
        return self._file("videos/one-by-one-person-detection.mp4")

    def _file(self, name: str) -> Path | None:
        path = self.data / name if self.data else None
        return path if path and path.is_file() else None
