"""The zoo: a table that is sound, and pulls from a mirror, by hand, or not at all."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from sightline.camera.networks import Networks
from sightline.errors import ConfigError, DownloadError, InputError, ModelError
from sightline.model import pulling, zoo
from sightline.model.download import Patience
from sightline.model.load import load_model
from sightline.model.package import open_package
from sightline.model.places import network_folder
from sightline.model.pulling import pull
from sightline.model.zoo import ZooFile, ZooNetwork, in_zoo, pulled
from sightline.postprocess.base import TABLE

MakeOnnx = Callable[..., bytes]
QUICK = Patience(connect=1, silence=1, tries=2, pause=0.01, longest_pause=0.02)
LABELS = b"cat\ndog\n"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SIGHTLINE_MIRROR", raising=False)
    return network_folder()


@pytest.fixture
def network(make_onnx: MakeOnnx, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A zoo of one small network with labels of its own; the bytes of the network."""
    data = make_onnx([1, 3, 32, 32], {"scores": np.array([[0.2, 0.8]], np.float32)})

    def file(name: str, content: bytes) -> ZooFile:
        digest = hashlib.sha256(content).hexdigest()
        return ZooFile(
            name=name, url=f"https://0.0.0.0:1/{name}", sha256=digest, bytes=len(content)
        )

    entry = ZooNetwork(
        name="pet-net",
        summary="cats and dogs",
        file=file("pet_net.onnx", data),
        decoder="classification",
        labels=file("pets.txt", LABELS),
        licence="MIT",
        home="https://example.com",
        version="1.2.3",
        created=None,
        published=(),
    )
    for module in (zoo, pulling):
        monkeypatch.setattr(module, "zoo", lambda: {"pet-net": entry})
    return data


@pytest.fixture
def mirror(tmp_path: Path, network: bytes) -> Iterator[str]:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "pet_net.onnx").write_bytes(network)
    (folder / "pets.txt").write_bytes(LABELS)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_the_table_is_sound() -> None:
    entries = zoo.zoo()
    assert "yolox-nano" in entries
    for name, entry in entries.items():
        assert entry.decoder in TABLE
        assert entry.licence in {"Apache-2.0", "BSD-3-Clause", "MIT"}
        assert entry.file.url.startswith("https://")
        assert all(metric.source == "published" for metric in entry.published)
        assert pulled(name) is None


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("fastestdet", "fastestdet_352.onnx"),
        ("ssd-mobilenet-v1", "detect_ssd_mobilenet_v1_coco_quant.tflite"),
        ("mobilenet-v2", "cls_mobilenet_v2_1.0_224_quant.tflite"),
    ],
)
def test_sizes_and_checksums_are_those_of_the_real_files(data: Path, name: str, file: str) -> None:
    content = (data / "models" / file).read_bytes()
    entry = zoo.zoo()[name].file
    assert (entry.bytes, entry.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_pulled_once_and_found_by_name(
    mirror: str,
    network: bytes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("SIGHTLINE_MIRROR", mirror)
    path = pull("pet_net", Networks(), patience=QUICK)
    manifest = open_package(path).manifest
    assert (manifest.name, manifest.version, manifest.licence) == ("pet-net", "1.2.3", "MIT")
    assert manifest.recipe.labels == ("cat", "dog")
    assert manifest.provenance.source == "https://0.0.0.0:1/pet_net.onnx"
    assert [file.name for file in network_folder().iterdir()] == ["pet-net.slm"]
    assert load_model("Pet_Net").data == network
    assert not caplog.records
    with pytest.raises(ModelError, match="nobody signed"):
        load_model("pet-net", require_signature=True)
    monkeypatch.setenv("SIGHTLINE_MIRROR", "http://127.0.0.1:9/")
    assert pull("pet-net", Networks()) == path


def test_two_pulls_give_the_same_bytes(mirror: str) -> None:
    path = pull("pet-net", Networks(), mirror=mirror, patience=QUICK)
    first = path.read_bytes()
    path.unlink()
    assert pull("pet-net", Networks(), mirror=mirror, patience=QUICK).read_bytes() == first


def test_without_a_network_the_error_says_where_to_put_the_file(
    network: bytes, cache: Path
) -> None:
    dead = "http://127.0.0.1:9"
    with pytest.raises(DownloadError) as caught:
        pull("pet-net", Networks(), mirror=dead, patience=QUICK)
    place = cache / "pet_net.onnx"
    assert f"put it at {place}" in str(caught.value)
    place.write_bytes(network)
    (cache / "pets.txt").write_bytes(LABELS)
    assert pull("pet-net", Networks(), mirror=dead, patience=QUICK).is_file()


def test_a_file_put_there_by_hand_is_checked_and_kept(network: bytes, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "pet_net.onnx").write_bytes(b"other")
    with pytest.raises(DownloadError, match="is not the file known by this name"):
        pull("pet-net", Networks(), mirror="http://127.0.0.1:9", patience=QUICK)
    assert (cache / "pet_net.onnx").read_bytes() == b"other"


def test_a_mirror_with_other_bytes_is_not_believed(mirror: str, tmp_path: Path) -> None:
    content = (tmp_path / "mirror" / "pet_net.onnx").read_bytes()
    (tmp_path / "mirror" / "pet_net.onnx").write_bytes(content[::-1])
    with pytest.raises(DownloadError, match="SHA-256 differs"):
        pull("pet-net", Networks(), mirror=mirror, patience=QUICK)


def test_names_that_are_not_there() -> None:
    with pytest.raises(ConfigError, match="yolox-nano"):
        pull("yolox-huge", Networks())
    with pytest.raises(InputError, match="sightline model pull yolox-nano"):
        load_model("YOLOX_nano")
    with pytest.raises(InputError, match="sightline model list"):
        load_model("nothing")
    assert in_zoo("nothing") is None
    assert pulled("../../etc/passwd") is None
