"""Heavy libraries load when they are used, not before."""

import subprocess
import sys

import pytest

HEAVY = {"cv2", "av", "onnxruntime", "torch", "lap", "ai_edge_litert"}


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_package_itself_loads_nothing() -> None:
    assert not modules_after("import sightline") & (HEAVY | {"numpy", "pydantic", "msgspec"})


def test_the_command_line_loads_no_array_and_no_codec() -> None:
    assert not modules_after("import sightline.cli") & (HEAVY | {"numpy", "pydantic", "msgspec"})


@pytest.mark.parametrize(
    "room", ["wire.schema", "analytics.line", "track.tracker", "twin.questions"]
)
def test_a_hub_can_use_this_without_pictures(room: str) -> None:
    assert not modules_after(f"import sightline.{room}") & {"cv2", "av", "onnxruntime"}
