"""Whatever a test imports is asked for in pyproject.toml, so that a fresh machine has it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

HERE = Path(__file__).parents[2]
# Come with what is declared, and are imported for its sake; `gi` is Debian's own Python's.
CARRIED = {"starlette", "h11", "flatbuffers", "gi"}
ALONE = {"trackeval"}  # the Makefile says why


def imported(*folders: str) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in (HERE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    names = [node.module or ""]
                else:
                    continue
                yield from ((name.split(".")[0], path) for name in names)


def plain(name: str) -> str:
    return re.split(r"[^\w.-]", name, maxsplit=1)[0].lower().replace("_", "-")


def declared() -> set[str]:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())
    installed = ("camera", "hub", "postgres", "litert", "traces")  # as the Makefile does
    extras = project["project"]["optional-dependencies"]
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return {plain(a) for a in asked + [d for e in installed for d in extras[e]]}


def test_what_tests_import_is_declared() -> None:
    ours = {path.stem for path in (HERE / "tests/support").glob("*.py")}
    ours |= {path.stem for path in HERE.glob("tests/*/**/*.py")}
    ours |= {"sightline", "benchmarks", "tests"} | CARRIED | ALONE | set(sys.stdlib_module_names)
    owners, asked = packages_distributions(), declared()
    missing = {
        f"{name} ({path.relative_to(HERE)})"
        for name, path in imported("tests")
        if name not in ours and not {plain(d) for d in owners.get(name, [name])} & asked
    }
    assert not missing
