"""`sightline model`: networks from anywhere, packed, signed and looked into."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sightline.cli.model_bench import bench
from sightline.cli.model_check import check
from sightline.cli.model_compile import compile_
from sightline.cli.model_evaluate import evaluate
from sightline.cli.model_learn import learn_normal
from sightline.cli.model_quantize import quantize

app = typer.Typer(help="Import, sign, inspect and fetch networks.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
Trust = Annotated[
    list[Path] | None,
    typer.Option(metavar="KEY.pem", help="Trust this public key too. May be given again."),
]


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="An .onnx, .tflite, .rpk, or a Custom Vision export (.zip).")
    ],
    labels: Annotated[
        str | None, typer.Option(metavar="FILE|SET", help="Class names: a text file, or 'coco'.")
    ] = None,
    decoder: Annotated[
        str | None, typer.Option(metavar="FAMILY", help="How to read what the network puts out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT.slm", help="[NAME.slm]")
    ] = None,
    name: Annotated[str | None, typer.Option(help="[the file's name]")] = None,
    version: Annotated[str, typer.Option(help="Semantic version.")] = "1.0.0",
    licence: Annotated[
        str | None, typer.Option(metavar="SPDX", help="Of the network: Apache-2.0, …")
    ] = None,
    selftest: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Take two pictures of it along, for `verify --run`."),
    ] = None,
) -> None:
    """Pack a network with all that is needed to run it."""
    from rich.console import Console

    from sightline.camera.networks import Networks
    from sightline.cli.model_table import card
    from sightline.model.importing import About, import_network, made_on
    from sightline.model.labels import read_labels

    about = About(
        name=name or "",
        version=version,
        labels=read_labels(labels) if labels else (),
        decoder=decoder,
        licence=licence or "",
        created=made_on(file),
    )
    package = import_network(file, Networks(), about)
    if selftest:
        from sightline.camera.selftest import with_selftest

        package = with_selftest(package, selftest)
    path = out or Path(f"{package.manifest.name}.slm")
    package.write(path)
    Console(stderr=True).print(card(package, str(path)))


@app.command()
def inspect(
    package: Annotated[
        str, typer.Argument(help="An .slm, or the name of a network pulled before.")
    ],
    json: AsJson = False,
) -> None:
    """Show what a package holds and who vouches for it."""
    from rich.console import Console

    from sightline.cli.model_table import as_json, card
    from sightline.model.package import open_package
    from sightline.model.zoo import pulled

    path = pulled(package) or Path(package)
    opened = open_package(path)
    if json:
        typer.echo(as_json(opened))
    else:
        Console().print(card(opened, str(path)))


@app.command()
def sign(
    package: Annotated[Path, typer.Argument(help="An .slm; its signature is replaced.")],
    key: Annotated[
        str | None, typer.Option(metavar="NAME|FILE.pem", help="[the only key there is]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT.slm", help="[in place]")
    ] = None,
) -> None:
    """Vouch for a package with one's own key."""
    from sightline.model.keys import private_key
    from sightline.model.package import open_package

    signed = open_package(package).signed(private_key(key))
    signed.write(out or package)
    assert signed.signature is not None
    typer.echo(f"{out or package}: signed with key {signed.signature.key_id}", err=True)


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(help="An .slm.")],
    trust: Trust = None,
    run: Annotated[
        bool, typer.Option("--run", help="Also run its self-test: same pictures, same objects.")
    ] = False,
) -> None:
    """Check that a package is whole and signed by somebody who is trusted; else fail."""
    from sightline.model.keys import trusted_keys
    from sightline.model.package import open_package
    from sightline.model.trust import require_signer

    opened = open_package(package)
    signer = require_signer(opened, str(package), trusted_keys(*(trust or [])))
    assert opened.signature is not None
    typer.echo(f"{package}: whole, and signed by {signer} (key {opened.signature.key_id})")
    if run:
        from sightline.camera.selftest import run_selftest

        typer.echo(f"{package}: {run_selftest(opened, str(package))} self-tests passed")


@app.command()
def keygen(
    name: Annotated[str, typer.Argument(help="What the key goes by.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="[this user's keys, trusted at once]"),
    ] = None,
) -> None:
    """Make a key to sign packages with."""
    from sightline.model.keys import make_key

    private, public = make_key(name, out)
    typer.echo(f"{private}: keep this file secret; it signs", err=True)
    typer.echo(f"{public}: give this one to those who should trust your packages", err=True)


@app.command()
def pull(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="See `sightline model list`.")
    ],
    mirror: Annotated[
        str | None,
        typer.Option(metavar="URL", envvar="SIGHTLINE_MIRROR", help="Where the files lie instead."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Fetch networks that others publish; then `sightline run --model NAME`."""
    from sightline.camera.networks import Networks
    from sightline.cli.model_progress import progress_bar
    from sightline.model.pulling import pull as fetch

    for name in names:
        with progress_bar(name, quiet=quiet) as progress:
            path = fetch(name, Networks(), progress=progress, mirror=mirror)
        typer.echo(path)


@app.command("list")
def list_(json: AsJson = False) -> None:
    """Show every network that can be run by name."""
    from rich.console import Console

    from sightline.cli.model_table import shelf, shelf_as_json

    if json:
        typer.echo(shelf_as_json())
    else:
        Console().print(shelf())


app.command()(evaluate)
app.command()(quantize)
app.command()(bench)
app.command()(check)
app.command("compile")(compile_)
app.command("learn-normal")(learn_normal)
