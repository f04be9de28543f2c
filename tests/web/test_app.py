"""Pages and files as a browser gets them: versioned, packed, and with everything else forbidden."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import sightline
from sightline.web.assets import assets

MODULES = {
    path: asset.content.decode()
    for path, asset in assets().files.items()
    if path.endswith(".js") and not path.startswith("vendor/")
}

MEASURES = {  # numbers over time, which are no events
    "crowd.largest", "hazard.exposure", "line.count", "object.standing", "people.inside",
    "hazard.count", "queue.wait", "queue.waiting", "shelf.count", "shelf.fill", "speed.mps",
    "view.valid", "zone.count", "zone.dwell", "zone.occupancy",
}  # fmt: skip


@pytest.fixture
def client(bare_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bare_server) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/cameras/door/edit", "/events", "/settings/people"])
def test_every_place_is_the_same_shell_with_a_strict_policy(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-cache"


def test_the_shell_holds_nothing_inline_and_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/").text
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|style=", page)
    targets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert targets
    for target in targets:
        assert client.get(target).status_code == 200, target


def test_files_are_kept_for_ever_under_their_version(client: httpx.Client) -> None:
    path = f"/assets/{assets().version}/style.css"
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    plain = client.get(path, headers={"accept-encoding": "identity"})
    assert plain.content == answer.content
    packed = assets().files["style.css"].packed
    assert packed is not None
    assert gzip.decompress(packed) == plain.content


@pytest.mark.parametrize(
    "path",
    ["%2e%2e/app.py", "/etc/passwd", "..%2f..%2fapp.py", "nothing.js"],
)
def test_no_path_leads_out_of_the_files(client: httpx.Client, path: str) -> None:
    assert client.get(f"/assets/{assets().version}/{path}").status_code == 404
    assert client.get(f"/assets/otherversion/{path}").status_code == 404


def test_no_module_writes_markup_from_text() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function"
    )
    assert {path for path, text in MODULES.items() if forbidden.search(text)} == set()


def test_every_import_leads_to_a_file() -> None:
    for path, text in MODULES.items():
        for target in re.findall(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"', text):
            parts = path.split("/")[:-1]
            for step in target.split("/"):
                if step == "..":
                    parts.pop()
                elif step != ".":
                    parts.append(step)
            assert "/".join(parts) in assets().files, f"{path} imports {target}"


def test_every_word_is_in_the_catalogue() -> None:
    words = json.loads(assets().files["strings/en.json"].content)
    used = {
        (path, key)
        for path, text in MODULES.items()
        for key in re.findall(r'\bt\(\s*"([^"]+)"', text)
    }
    assert {(path, key) for path, key in used if key not in words} == set()


def test_every_kind_of_event_has_words() -> None:
    words = json.loads(assets().files["strings/en.json"].content)
    package = Path(sightline.__file__).parent
    rooms = ("analytics", "camera", "hub/ingest")
    code = "".join(p.read_text() for room in rooms for p in (package / room).rglob("*.py"))
    groups = "alert|camera|crowd|distance|dwell|hazard|line|object|people|queue|shelf|source|view"
    named = set(re.findall(rf'"((?:{groups}|speed|zone)\.[a-z_]+)"', code))
    assert len(named) > 40
    assert {kind for kind in named - MEASURES if f"event.{kind}" not in words} == set()
