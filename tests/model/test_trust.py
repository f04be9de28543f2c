"""Anybody's packages run at one's own desk; cameras take only those of known signers."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sightline.camera.networks import Networks
from sightline.errors import ModelError
from sightline.model.importing import import_network
from sightline.model.keys import make_key, private_key
from sightline.model.load import load_model
from sightline.model.package import Package, open_package

MakeOnnx = Callable[..., bytes]


@pytest.fixture
def path(make_onnx: MakeOnnx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bare = tmp_path / "net.onnx"
    bare.write_bytes(make_onnx([1, 3, 32, 32], {"scores": np.ones((1, 2), np.float32)}))
    package = tmp_path / "net.slm"
    import_network(bare, Networks()).write(package)
    return package


def sign(path: Path, key: str) -> Package:
    signed = open_package(path).signed(private_key(key))
    signed.write(path)
    return signed


def test_an_unsigned_package_runs_with_a_notice(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_model(str(path)).name == "net"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "nobody signed this package" in caplog.text


def test_a_trusted_signature_needs_no_notice(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_key("me")
    sign(path, "me")
    assert load_model(str(path), require_signature=True).name == "net"
    assert not caplog.records


def test_a_camera_takes_no_unknown_signer(path: Path, tmp_path: Path) -> None:
    private, public = make_key("stranger", tmp_path / "elsewhere")
    signed = sign(path, str(private))
    assert signed.signature is not None
    with pytest.raises(ModelError, match=f"key {signed.signature.key_id}, which is not trusted"):
        load_model(str(path), require_signature=True)
    trusted = tmp_path / "config" / "sightline" / "trusted"
    trusted.mkdir(parents=True)
    (trusted / "stranger.pem").write_bytes(public.read_bytes())
    assert load_model(str(path), require_signature=True).name == "net"


def test_a_camera_takes_no_unsigned_package_and_no_bare_network(path: Path) -> None:
    with pytest.raises(ModelError, match="nobody signed"):
        load_model(str(path), require_signature=True)
    with pytest.raises(ModelError, match="only signed packages"):
        load_model(str(path.with_suffix(".onnx")), require_signature=True)


def test_a_broken_signature_is_never_let_pass(path: Path) -> None:
    make_key("me")
    sign(path, "me")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    with pytest.raises(ModelError, match=str(path)):
        load_model(str(path))
