"""What a command about networks is given: a package, or anything that can become one."""

from __future__ import annotations

from pathlib import Path

from sightline.errors import InputError
from sightline.model.package import Package


def package_of(ref: str, decoder: str | None = None, labels: str | None = None) -> Package:
    """The package that `ref` names: an .slm, a pulled or built-in network, or a file to import.

    Raises InputError, ModelError and DecoderError as importing does.
    """
    from sightline.camera.networks import Networks
    from sightline.model.importing import About, import_network, made_on
    from sightline.model.labels import read_labels
    from sightline.model.load import builtin
    from sightline.model.manifest import Manifest, Target
    from sightline.model.package import make_package, open_package
    from sightline.model.zoo import in_zoo, pulled

    path = Path(ref)
    if path.suffix == ".slm":
        return open_package(path)
    if not path.exists():
        if held := pulled(ref):
            return open_package(held)
        if (model := builtin(ref)) and model.recipe:
            target = Target(file="networks/onnx-float.onnx")
            manifest = Manifest(
                name=ref,
                recipe=model.recipe,
                targets={"onnx-float": target},
                default="onnx-float",
                licence="Apache-2.0",
            )
            return make_package(manifest, {target.file: model.data})
        if in_zoo(ref):
            raise InputError(f"{ref}: is not here; fetch it with: sightline model pull {ref}")
    names = read_labels(labels) if labels else ()
    return import_network(
        path, Networks(), About(decoder=decoder, labels=names, created=made_on(path))
    )
