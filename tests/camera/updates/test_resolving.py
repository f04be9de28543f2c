"""What a camera runs: the hub's wish within what is its own, there and back."""

from pathlib import Path
from typing import Any

import pytest

from sightline.camera.updates.resolving import resolved, shown
from sightline.errors import ConfigError
from sightline.wire.control import Desired, ModelRef

MODELS = Path("/state/models")
BASE: dict[str, Any] = {
    "name": "door",
    "source": {"uri": "rtsp://me:secret@cam.lan/s", "fps": 5},
    "model": {"name": "/opt/My Net.onnx", "labels": "/opt/names.txt", "require_signature": True},
    "link": {"kind": "hub"},
    "agent": {"metrics": "127.0.0.1:9464"},
}
REF = ModelRef("people", "2.0.0", "ab" * 32, 10, "/p")


def unchecked(uri: str) -> str:
    return f"{uri}#checked"


def resolve(config: dict[str, Any], model: ModelRef | None = None) -> Any:
    return resolved(BASE, Desired(1, config, model), MODELS, unchecked)


def test_what_is_told_comes_back_as_what_runs() -> None:
    own = resolved(BASE, None, MODELS, unchecked)
    told = shown(own, None)
    assert told["model"]["name"] == "my-net"
    assert "secret" not in str(told)
    assert "/opt" not in str(told)
    again = resolve(told)
    assert again == own


def test_a_file_is_no_address_that_is_told() -> None:
    base = {"name": "door", "source": "/home/me/shop.mp4"}
    told = shown(resolved(base, None, MODELS, unchecked), None)
    assert "source" not in told
    assert resolved(base, Desired(1, told), MODELS, unchecked).source.uri == "/home/me/shop.mp4"


def test_what_is_the_cameras_own_stays() -> None:
    found = resolve(
        {
            "name": "other", "output": {"metadata": "/etc/x"}, "link": {"kind": "stdout"},
            "max_frames": 3, "agent": {"metrics": "0.0.0.0:1", "flush_s": 2},
            "model": {"name": "scene", "require_signature": False},
        }
    )  # fmt: skip
    assert (found.name, found.output.metadata, found.link.kind) == ("door", None, "hub")
    assert (found.max_frames, found.agent.metrics, found.agent.flush_s) == (
        None, "127.0.0.1:9464", 2,
    )  # fmt: skip
    assert found.model.require_signature


def test_a_package_of_the_hub_is_a_file_of_ours() -> None:
    found = resolve({"model": {"name": "scene", "decoder": "yolox"}}, REF)
    assert found.model.name == f"/state/models/{'ab' * 32}.slm"
    assert found.model.decoder is None
    told = shown(found, Desired(1, {}, REF))
    assert told["model"]["name"] == "people"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"model": "/etc/passwd"}, "not a file"),
        ({"model": {"name": "../x"}}, "not a file"),
        ({"model": {"name": "scene", "labels": "/etc/passwd"}}, "not a file"),
        ({"source": {"uri": 7}}, "source"),
        ({"sauce": 1}, "sauce"),
    ],
)
def test_what_a_hub_may_not_say(config: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        resolve(config)


def test_a_hash_is_no_path() -> None:
    with pytest.raises(ConfigError, match="hash"):
        resolve({}, ModelRef("people", "2.0.0", "../../etc/passwd", 10, "/p"))


def test_a_new_source_is_checked_and_the_old_one_is_not() -> None:
    assert resolve({"source": "rtsp://cam.lan/s"}).source.uri == BASE["source"]["uri"]
    assert resolve({"source": {"fps": 9}}).source.uri == BASE["source"]["uri"]
    other = resolve({"source": "http://other/"}).source
    assert (other.uri, other.redirects) == ("http://other/#checked", False)
