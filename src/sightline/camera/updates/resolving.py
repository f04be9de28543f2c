"""What a camera runs: what its hub wants, within what the camera keeps for itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sightline.errors import ConfigError
from sightline.source import redact
from sightline.twin.config import CameraConfig, parse_config
from sightline.wire.control import Desired

_OWN = ("name", "output", "link", "max_frames")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_REMOTE = re.compile(r"(rtsps?|https?)://|(usb|scene|imx500):")


def resolved(
    base: Mapping[str, Any],
    desired: Desired | None,
    models: Path,
    check_source: Callable[[str], str],
) -> CameraConfig:
    """The whole configuration. `base` is what the camera was started with.

    From the base come, whatever the hub says: the name, outputs, link, the address of metrics,
    and that only signed networks run; the source where the hub names none.
    Raises ConfigError.
    """
    if desired is None:
        return parse_config(dict(base), "camera")
    tree = {key: value for key, value in desired.config.items() if key not in _OWN}
    tree |= {key: base[key] for key in _OWN if key in base}
    tree["source"] = _source(base, desired.config.get("source"), check_source)
    tree["model"] = _model(base, desired, models)
    agent = {**(tree.get("agent") or {})}
    agent.pop("metrics", None)
    if metrics := (base.get("agent") or {}).get("metrics"):
        agent["metrics"] = metrics
    tree["agent"] = agent
    return parse_config(tree, "desired")


def shown(config: CameraConfig, desired: Desired | None) -> dict[str, Any]:
    """A configuration as the hub is told of it, fit to come back changed as a desired one.

    Without credentials, without defaults, and without the camera's own files: a network that is
    a file here is called by its name alone, and a source that is one is left out.
    """
    tree: dict[str, Any] = config.model_dump(mode="json", exclude_defaults=True)
    for key in ("output", "link"):
        tree.pop(key, None)
    if "model" in tree:
        named = desired.model.name if desired is not None and desired.model is not None else ""
        tree["model"]["name"] = named or _called(config.model.name)
        if isinstance(config.model.labels, str) and not _NAME.fullmatch(config.model.labels):
            tree["model"].pop("labels", None)
    if not _REMOTE.match(config.source.uri):
        tree.pop("source", None)
    hidden: dict[str, Any] = _hidden(tree)
    return hidden


def package_path(models: Path, sha256: str) -> Path:
    """Where a package from the hub lies. Raises ConfigError for what is no hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ConfigError("model: its hash is none")
    return models / f"{sha256}.slm"


def _source(base: Mapping[str, Any], wanted: Any, check: Callable[[str], str]) -> Any:
    own = base.get("source")
    own_tree = own if isinstance(own, dict) else {"uri": own}
    if wanted is None:
        return own
    tree = dict(wanted) if isinstance(wanted, dict) else {"uri": wanted}
    uri = tree.setdefault("uri", own_tree.get("uri"))
    if not isinstance(uri, str):
        raise ConfigError("source: uri: is missing")
    if uri in (own_tree.get("uri"), redact(str(own_tree.get("uri")))):
        tree["uri"] = own_tree["uri"]
    else:
        tree["uri"] = check(uri)
        tree["redirects"] = False  # they were followed, and each step checked
    return tree


def _model(base: Mapping[str, Any], desired: Desired, models: Path) -> dict[str, Any]:
    own = base.get("model") or "scene"
    own_tree = dict(own) if isinstance(own, dict) else {"name": own}
    given = desired.config.get("model")
    tree = dict(given) if isinstance(given, dict) else ({"name": given} if given else own_tree)
    if tree.get("name") == _called(str(own_tree.get("name", "scene"))):
        tree = own_tree | {key: value for key, value in tree.items() if key != "name"}
    if own_tree.get("require_signature"):
        tree["require_signature"] = True
    if desired.model is not None:
        # The package says itself how it is read.
        kept = {"require_signature": tree.get("require_signature", False)}
        return {"name": str(package_path(models, desired.model.sha256)), **kept}
    for key in ("name", "labels"):
        value = tree.get(key)
        if isinstance(value, str) and value != own_tree.get(key) and not _NAME.fullmatch(value):
            raise ConfigError(f"model: {key}: from the hub it is a name, not a file")
    return tree


def _called(name: str) -> str:
    """What a network that only this camera has is called outside of it."""
    stem = Path(name.partition("?")[0]).name.lower().removesuffix(".onnx").removesuffix(".tflite")
    return re.sub(r"[^a-z0-9._-]+", "-", stem.removesuffix(".slm")).strip("-._")[:64] or "own"


def _hidden(tree: Any) -> Any:
    match tree:
        case str():
            return redact(tree)
        case dict():
            return {key: _hidden(value) for key, value in tree.items()}
        case list():
            return [_hidden(value) for value in tree]
    return tree
