"""Packages and the zoo as a person reads them, and as programs do."""

from __future__ import annotations

import json
from typing import Any

from rich.markup import escape
from rich.table import Table

from sightline.model.keys import trusted_keys
from sightline.model.load import builtin_names
from sightline.model.manifest import Manifest
from sightline.model.package import Package
from sightline.model.zoo import ZooFile, pulled, zoo


def card(package: Package, path: str) -> Table:
    """One package: the manifest in words, and who signed it."""
    manifest = package.manifest
    recipe, tensor = manifest.recipe, manifest.recipe.input
    table = Table(title=escape(path), title_justify="left", box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = [
        ("name", f"{manifest.name} {manifest.version}"),
        ("task", f"{recipe.task}, read by the decoder {recipe.decoder}"),
        ("labels", _labels(recipe.labels)),
        ("input", f"{tensor.width}x{tensor.height} {tensor.colour}, {tensor.fit}"),
        *_targets(package),
        *((f"{metric.name} {metric.target or ''}".strip(),
           _metric(metric.value, metric.data, metric.source)) for metric in manifest.metrics),
        ("licence", manifest.licence),
        ("source", manifest.provenance.source),
        ("created", str(manifest.created.date()) if manifest.created else "unknown"),
        ("self-test", f"{len(manifest.selftest)} pictures" if manifest.selftest else "none"),
        ("signed", _signer(package)),
    ]  # fmt: skip
    for name, value in rows:
        table.add_row(name, escape(value))
    return table


def as_json(package: Package) -> str:
    """The manifest, with the sizes of the networks and the signer beside it."""
    signature = package.signature
    tree: dict[str, Any] = json.loads(package.manifest.to_json())
    tree["digest"] = package.digest
    tree["bytes"] = {name: len(data) for name, data in package.files.items()}
    tree["signature"] = signature and {
        "key": signature.key_id,
        "trusted_as": trusted_keys().get(signature.key_id),
    }
    return json.dumps(tree, indent=2, ensure_ascii=False)


def shelf() -> Table:
    """Every network that has a name, and whether it is here."""
    table = Table(box=None)
    for column in ("name", "here", "MB", "licence", "published", "what it sees"):
        table.add_column(
            column, justify="right" if column == "MB" else "left", no_wrap=column == "name"
        )
    for item in _shelf():
        published = ", ".join(f"{name} {value:g}" for name, value in item["published"].items())
        row = (
            item["name"],
            "yes" if item["here"] else "pull it",
            f"{item['bytes'] / 1e6:.1f}" if item["bytes"] else "",
            item["licence"],
            published,
            item["summary"],
        )
        table.add_row(*map(escape, row))
    return table


def shelf_as_json() -> str:
    """The same for programs: a list of objects."""
    return json.dumps(_shelf(), indent=2, ensure_ascii=False)


def _shelf() -> list[dict[str, Any]]:
    own: list[dict[str, Any]] = [
        {
            "name": name,
            "here": True,
            "builtin": True,
            "bytes": 0,
            "licence": "Apache-2.0",
            "published": {},
            "summary": "comes with Sightline",
            "url": None,
            "sha256": None,
        }
        for name in builtin_names()
    ]
    return [
        *own,
        *(
            {
                "name": entry.name,
                "here": pulled(entry.name) is not None,
                "builtin": False,
                "bytes": entry.file.bytes
                + (entry.labels.bytes if isinstance(entry.labels, ZooFile) else 0),
                "licence": entry.licence,
                "published": {metric.name: metric.value for metric in entry.published},
                "summary": entry.summary,
                "url": entry.file.url,
                "sha256": entry.file.sha256,
            }
            for entry in zoo().values()
        ),
    ]


def _labels(labels: tuple[str, ...]) -> str:
    few = ", ".join(labels[:6])
    return f"{len(labels)}: {few}{', …' if len(labels) > 6 else ''}" if labels else "none"


def _targets(package: Package) -> list[tuple[str, str]]:
    manifest: Manifest = package.manifest
    return [
        (
            "network",
            f"{name}, {target.quantisation.precision}, {len(package.files[target.file]) / 1e6:.2f}"
            f" MB{' (default)' if name == manifest.default else ''}",
        )
        for name, target in manifest.targets.items()
    ]


def _metric(value: float, data: str, source: str) -> str:
    return f"{value:g}" + (f" on {data}" if data else "") + f" ({source})"


def _signer(package: Package) -> str:
    if package.signature is None:
        return "by nobody"
    key_id = package.signature.key_id
    name = trusted_keys().get(key_id)
    return f"by {name} (key {key_id})" if name else f"with key {key_id}, which is not trusted here"
