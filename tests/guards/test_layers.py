"""The house stays as it was planned: who imports whom, and nothing from the package root."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "sightline"
MODULES = sorted(PACKAGE.rglob("*.py"))

FLOORS: list[set[str]] = [
    {"errors"},
    {"geometry", "plugins"},
    {"results", "picture"},
    {"wire", "model"},
    {"source", "probe", "sensor", "postprocess", "track", "analytics"},
    {"twin"},
    {"camera", "tuning", "hub"},
    {"web"},
    {"cli"},
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FORBIDDEN_NAMES = {"utils", "util", "core", "common", "helpers", "manager", "misc"}


def imported_rooms(module: Path) -> set[str]:
    """The rooms that a module imports, inside functions too; "" is the package root itself."""
    rooms = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            targets = [node.module or ""]
        elif isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        else:
            continue
        for target in targets:
            first, _, rest = target.partition(".")
            if first == "sightline":
                rooms.add(rest.partition(".")[0])
    return rooms


def room_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(module: Path) -> None:
    here = room_of(module)
    if here == "__init__":
        return
    for room in imported_rooms(module) - {here}:
        assert room, "import from the room where a thing lives, not from the package root"
        assert FLOOR_OF[room] < FLOOR_OF[here], f"{here} must not import {room}"


def test_every_room_has_its_floor() -> None:
    rooms = {room_of(module) for module in MODULES} - {"__init__"}
    assert rooms == set(FLOOR_OF)


def test_nothing_is_called_by_what_it_is_not() -> None:
    assert not {path.stem for path in MODULES} & FORBIDDEN_NAMES


def test_files_hold_one_idea() -> None:
    lengths = sorted(len(path.read_text().splitlines()) for path in MODULES)
    assert lengths[-1] <= 400
    assert lengths[int(0.9 * len(lengths))] <= 250
