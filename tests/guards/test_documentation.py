"""What can be set, called or plugged in is documented, and what is documented is true."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from sightline.cli import app
from sightline.postprocess.base import TABLE as DECODERS
from sightline.twin.config import CameraConfig, parse_config

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()


def keys() -> list[tuple[str, str]]:
    """Every key of the configuration as (section, key); the section of a top key is empty."""
    schema = CameraConfig.model_json_schema()
    found = []
    for name, entry in schema["properties"].items():
        inner: dict[str, Any] = entry.get("items", entry)
        reference = inner.get("$ref") or (inner.get("allOf") or [{}])[0].get("$ref")
        if reference is None:
            found.append(("", name))
            continue
        part = schema["$defs"][reference.rpartition("/")[2]]
        found += [(name, key) for key in part["properties"]]
    return found


@pytest.mark.parametrize(("section", "key"), keys())
def test_every_key_is_documented_in_its_section(section: str, key: str) -> None:
    start = CONFIGURATION.index(f"## `{section}`") if section else 0
    text = CONFIGURATION[start:].split("\n## ", 2)[1 if section and start == 0 else 0]
    assert re.search(rf"^\| `{key}` \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE), f"{section}.{key}"


def test_the_example_is_a_sound_configuration() -> None:
    import yaml

    [example] = re.findall(r"```yaml\n(.*?)```", CONFIGURATION, re.DOTALL)
    assert parse_config(yaml.safe_load(example), "example").lines[0].name == "door"


def command_names() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_the_readme_names_every_command() -> None:
    assert {name for name in command_names() if f"`sightline {name}" not in README} == set()


def test_the_readme_names_no_command_that_is_not() -> None:
    named = set(re.findall(r"`?sightline ([a-z]+(?:-[a-z]+)*)", README))
    assert named - command_names() - {"import"} == set()


def test_every_decoder_is_documented() -> None:
    text = (ROOT / "docs" / "decoders.md").read_text()
    assert {name for name in DECODERS if f"`{name}`" not in text} == set()


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
