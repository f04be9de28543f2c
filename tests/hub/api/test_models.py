"""Packages over HTTP: checked before they are taken, handed out to cameras, resumable."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from sightline.hub.api.services import Services
from sightline.model.manifest import Manifest, Target
from sightline.model.package import make_package
from sightline.model.recipe import InputRecipe, Recipe

Make = Callable[..., Awaitable[httpx.AsyncClient]]
URL = "/api/v1/models"


def package(version: str = "1.0.0", network: bytes = b"float" * 50) -> bytes:
    recipe = Recipe(decoder="yolox", input=InputRecipe(width=8, height=4), labels=("person",))
    target = Target(file="networks/onnx-float.onnx")
    manifest = Manifest(
        name="gate", version=version, recipe=recipe, targets={"onnx-float": target},
        default="onnx-float",
    )  # fmt: skip
    return make_package(manifest, {"networks/onnx-float.onnx": network}).to_bytes()


async def test_from_upload_to_a_camera(as_role: Make, enrol: Make, services: Services) -> None:
    operator, camera = await as_role("operator"), await enrol("door")
    data = package()
    answer = await operator.post(URL, content=data)
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert view["sha256"] == hashlib.sha256(data).hexdigest()
    assert view["manifest"]["recipe"]["labels"] == ["person"]
    ref = await services.models.ref("gate", "1.0.0")
    whole = await camera.get(ref.url)
    assert whole.content == data
    rest = await camera.get(ref.url, headers={"Range": "bytes=100-"})
    assert rest.status_code == 206
    assert rest.content == data[100:]
    assert (await (await as_role("viewer")).get(ref.url)).status_code == 403


async def test_the_same_again_is_the_same_and_another_is_refused(as_role: Make) -> None:
    operator = await as_role("operator")
    assert (await operator.post(URL, content=package())).status_code == 201
    assert (await operator.post(URL, content=package())).status_code == 201
    other = await operator.post(URL, content=package(network=b"other"))
    assert other.status_code == 409
    assert (await operator.post(URL, content=package("1.1.0", b"other"))).status_code == 201
    items = (await operator.get(URL)).json()["items"]
    assert [item["version"] for item in items] == ["1.1.0", "1.0.0"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"not a zip", package()[:-40], package()[:200], bytes(5000)],
    ids=["nothing", "head", "text", "cut", "start", "zeros"],
)
async def test_what_is_no_package_leaves_nothing(
    as_role: Make, data: bytes, tmp_path: Path
) -> None:
    operator = await as_role("operator")
    answer = await operator.post(URL, content=data)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert (await operator.get(URL)).json()["items"] == []
    assert list((tmp_path / "models").iterdir()) == []


async def test_a_hub_that_trusts_some_takes_of_nobody_else(
    as_role: Make, services: Services, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    services.models._trusted = trusted
    answer = await (await as_role("operator")).post(URL, content=package())
    assert answer.status_code == 422
    assert "nobody signed" in answer.json()["detail"]


async def test_forgotten(as_role: Make, tmp_path: Path) -> None:
    admin = await as_role("admin")
    await admin.post(URL, content=package())
    assert (await admin.delete(f"{URL}/gate/1.0.0")).status_code == 204
    assert (await admin.get(f"{URL}/gate/1.0.0")).status_code == 404
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("name", ["..%2f..%2fetc", "%2e%2e", "gate%00"])
async def test_no_name_leads_out_of_the_registry(as_role: Make, name: str) -> None:
    answer = await (await as_role("admin")).get(f"{URL}/{name}/1.0.0/package")
    assert answer.status_code in (404, 422)  # a NUL is refused by itself
