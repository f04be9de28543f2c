"""Flags and camera.yaml brought together into one configuration a camera."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from sightline.cli.durations import parse_duration
from sightline.cli.parse import parse_line, parse_roi, parse_zone
from sightline.errors import ConfigError
from sightline.source import redact
from sightline.twin.config import CameraConfig, parse_config, read_tree
from sightline.twin.plan import Plan
from sightline.twin.spatial_analysis import is_spatial_analysis, translated


def camera_configs(
    sources: list[str], path: Path | None, flags: dict[str, Any], plan: Path | None = None
) -> list[CameraConfig]:
    """One configuration a source; a flag that was given goes before the file's key.

    flags  by dotted key of CameraConfig, as the command line has them; None was not given
    plan   the floor that the cameras share, which says more of each
    Raises ConfigError, InputError.
    """
    tree = _read(path) if path else {}
    for key, value in flags.items():
        if value is not None:
            _set(tree, key, _meant(key, value), origin=str(path))
    # Whoever asks for pictures at the keyboard has them; a file must say so itself.
    if (flags["output.video"] or flags["output.preview"]) and "privacy" not in tree:
        tree["privacy"] = {"policy": "full"}
    sources = sources or _configured_source(tree)
    origin = str(path) if path else "command line"
    named = list(zip(sources, _names(sources, tree), strict=True))
    trees = [_for_camera(tree, source, name, alone=len(sources) == 1) for source, name in named]
    if plan is not None:
        shared = Plan(plan)
        trees = [shared.added_to(mine, mine["name"]) for mine in trees]
    return [parse_config(mine, origin) for mine in trees]


def _read(path: Path) -> dict[str, Any]:
    tree = read_tree(path)
    if not is_spatial_analysis(tree):
        return tree
    tree, left_out = translated(tree, str(path))
    for sentence in left_out:
        print(f"note: {sentence}", file=sys.stderr)
    return tree


def _meant(key: str, value: Any) -> Any:
    if key == "lines":
        return [parse_line(text) for text in value]
    if key == "zones":
        return [parse_zone(text) for text in value]
    if key == "sensor.roi":
        return parse_roi(value)
    if key == "track.delay_s":
        return parse_duration(value)
    return value


def _set(tree: dict[str, Any], key: str, value: Any, origin: str) -> None:
    *branches, leaf = key.split(".")
    for branch in branches:
        held = tree.setdefault(branch, {})
        if isinstance(held, str):  # the short forms `source: a.mp4` and `model: yolox.onnx`
            held = tree[branch] = {"uri" if branch == "source" else "name": held}
        if not isinstance(held, dict):
            raise ConfigError(f"{origin}: {branch}: must hold keys, such as {leaf!r}")
        tree = held
    if isinstance(value, list) and leaf in ("lines", "zones"):
        value = [*(tree.get(leaf) or []), *value]
    tree[leaf] = value


def _configured_source(tree: dict[str, Any]) -> list[str]:
    source = tree.get("source")
    uri = source.get("uri") if isinstance(source, dict) else source
    if not isinstance(uri, str):
        raise ConfigError(
            "there is nothing to look at: name a source, such as a video file, rtsp://…, "
            "usb:0 or scene:"
        )
    return [uri]


def _names(sources: list[str], tree: dict[str, Any]) -> list[str]:
    """A name a camera: that of the file, or what the source is called, made unique."""
    if len(sources) == 1 and "name" in tree:
        return [tree["name"]]
    names: list[str] = []
    for source in sources:
        stem = Path(redact(source).split("?")[0].rstrip("/")).stem
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")[:48] or "camera"
        same = sum(taken == name or taken.startswith(f"{name}-") for taken in names)
        names.append(f"{name}-{same + 1}" if same else name)
    return names


def _for_camera(tree: dict[str, Any], source: str, name: str, *, alone: bool) -> dict[str, Any]:
    mine = {**tree, "name": name}
    held = tree.get("source")
    mine["source"] = {**held, "uri": source} if isinstance(held, dict) else {"uri": source}
    output = tree.get("output")
    if not alone and isinstance(output, dict):
        mine["output"] = {
            key: _own_path(value, name) if key in _PATHS else value for key, value in output.items()
        }
    return mine


_PATHS = ("metadata", "video", "preview", "summary", "state")


def _own_path(path: Any, name: str) -> Any:
    """Each camera its own file; standard output they share."""
    if not isinstance(path, str) or path == "-":
        return path
    if "{camera}" in path:
        return path.replace("{camera}", name)
    whole = Path(path)
    return str(whole.with_name(f"{whole.stem}-{name}{whole.suffix}"))
