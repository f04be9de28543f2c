"""`sightline model`: import, inspect, sign, verify, keygen, list as a person uses them."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from sightline.cli.model import app
from sightline.errors import ConfigError, InputError, ModelError
from sightline.model.package import open_package

MakeOnnx = Callable[..., bytes]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def network(make_onnx: MakeOnnx, home: Path) -> Path:
    path = home / "Pets.onnx"
    path.write_bytes(make_onnx([1, 3, 32, 32], {"scores": np.ones((1, 2), np.float32)}))
    return path


def said(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_from_a_network_to_a_signed_package(network: Path, home: Path) -> None:
    (home / "names.txt").write_text("cat\ndog\n")
    said("import", network, "--labels", "names.txt", "--licence", "MIT", "--version", "0.2.0")
    package = open_package(home / "pets.slm")
    assert package.manifest.recipe.labels == ("cat", "dog")
    assert (package.manifest.licence, package.manifest.version) == ("MIT", "0.2.0")
    with pytest.raises(ModelError, match="nobody signed"):
        said("verify", "pets.slm")
    said("keygen", "me")
    said("sign", "pets.slm")
    assert "signed by me" in said("verify", "pets.slm").stdout
    assert open_package(home / "pets.slm").digest == package.digest


def test_a_key_can_be_trusted_for_once(network: Path, home: Path) -> None:
    said("import", network, "-o", "a.slm")
    said("keygen", "ci", "-o", "keys")
    said("sign", "a.slm", "--key", "keys/ci.pem", "-o", "b.slm")
    with pytest.raises(ModelError, match="not trusted here"):
        said("verify", "b.slm")
    assert "signed by ci.pub" in said("verify", "b.slm", "--trust", "keys/ci.pub.pem").stdout
    assert open_package(home / "a.slm").signature is None


def test_a_package_for_people_and_for_programs(network: Path) -> None:
    said("import", network, "-o", "a.slm", "--name", "pets")
    shown = said("inspect", "a.slm").stdout
    for word in ("pets 1.0.0", "classification", "32x32", "onnx-float", "by nobody"):
        assert word in shown
    tree = json.loads(said("inspect", "a.slm", "--json").stdout)
    assert tree["name"] == "pets"
    assert tree["signature"] is None
    assert set(tree["bytes"]) == {"networks/onnx-float.onnx"}


def test_importing_twice_gives_the_same_file(network: Path, home: Path) -> None:
    said("import", network, "-o", "a.slm")
    said("import", network, "-o", "b.slm")
    assert (home / "a.slm").read_bytes() == (home / "b.slm").read_bytes()


def test_an_import_that_fails_leaves_nothing(network: Path, home: Path) -> None:
    with pytest.raises(ConfigError, match="labels"):
        said("import", network, "--labels", "coco", "-o", "a.slm")
    with pytest.raises(InputError):
        said("import", "none.onnx", "-o", "a.slm")
    assert [path.name for path in home.iterdir()] == ["Pets.onnx"]


def test_the_shelf() -> None:
    shelf = json.loads(said("list", "--json").stdout)
    nano = next(item for item in shelf if item["name"] == "yolox-nano")
    assert (nano["here"], nano["licence"], nano["bytes"]) == (False, "Apache-2.0", 3659407)
    assert "yolox-nano" in said("list").stdout


def test_a_name_that_is_not_in_the_zoo() -> None:
    with pytest.raises(ConfigError, match="yolox-nano"):
        said("pull", "nothing")
