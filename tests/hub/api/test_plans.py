"""Floor plans over HTTP: who may see and change them, and what a camera sees of them."""

import io
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import pytest
from PIL import Image

Make = Callable[..., Awaitable[httpx.AsyncClient]]
PLAN = "/api/v1/plans/shop"
GROUND = {
    "picture": [[0.05, 0.95], [0.95, 0.95], [0.7, 0.35], [0.3, 0.35]],
    "floor": [[4, 6], [6, 6], [6.5, 0], [3.5, 0]],
}
EVIL = '"><img src=x onerror=alert(1)>'


def layout(*cameras: str, **more: Any) -> dict[str, Any]:
    placed = [{"camera": name, "x": 5, "y": 8} for name in cameras]
    return {"site": "oslo", "size": [12, 9], "cameras": placed, **more}


def png(size: tuple[int, int] = (60, 45)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
async def operator(as_role: Make, enrol: Make) -> httpx.AsyncClient:
    await enrol("front", site="oslo")
    await enrol("back", site="bergen")
    client = await as_role("operator")
    twin = await client.patch("/api/v1/cameras/front/twin", json={"ground": GROUND})
    assert twin.status_code == 200, twin.text
    return client


async def test_a_plan_shows_its_cameras_as_they_are(operator: httpx.AsyncClient) -> None:
    put = await operator.put(PLAN, json=layout("front", "back"))
    assert put.status_code == 200, put.text
    [found] = (await operator.get("/api/v1/plans")).json()["items"]
    assert found == put.json()
    assert (found["name"], found["site"], found["size"]) == ("shop", "oslo", [12, 9])
    front, back = found["cameras"]
    assert (front["state"], front["calibrated"], front["trouble"]) == ("offline", True, "")
    xs, ys = zip(*front["sees"], strict=True)
    assert min(xs) >= 0
    assert max(ys) == pytest.approx(6.4, abs=0.3)
    assert (back["calibrated"], back["sees"]) == (False, [])


async def test_its_calibration_is_the_cameras_own(operator: httpx.AsyncClient) -> None:
    await operator.put(PLAN, json=layout("front", upwards=True))
    [front] = (await operator.get(PLAN)).json()["cameras"]
    assert "mirrored" in front["trouble"]
    await operator.patch("/api/v1/cameras/front/twin", json={"ground": None})
    [front] = (await operator.get(PLAN)).json()["cameras"]
    assert (front["calibrated"], front["trouble"]) == (False, "")


async def test_two_people_do_not_overwrite_each_other(operator: httpx.AsyncClient) -> None:
    new = {"If-Match": '"0"'}
    first = await operator.put(PLAN, json=layout(), headers=new)
    assert first.headers["etag"] == '"1"'
    assert (await operator.put(PLAN, json=layout(), headers=new)).status_code == 412
    read = {"If-Match": (await operator.get(PLAN)).headers["etag"]}
    drawn = await operator.put(f"{PLAN}/drawing", content=png(), headers=read)
    assert drawn.headers["etag"] == '"2"'
    for change in (
        operator.put(PLAN, json=layout(), headers=read),
        operator.put(f"{PLAN}/drawing", content=png(), headers=read),
        operator.delete(f"{PLAN}/drawing", headers=read),
        operator.delete(PLAN, headers=read),
    ):
        assert (await change).status_code == 412
    assert (await operator.put(PLAN, json=layout(), headers={"If-Match": "x"})).status_code == 422
    assert (await operator.delete(PLAN, headers={"If-Match": '"2"'})).status_code == 204
    assert (await operator.delete(PLAN)).status_code == 404
    assert (await operator.get(PLAN)).status_code == 404


async def test_a_drawing_is_kept_and_served_as_a_picture_only(
    operator: httpx.AsyncClient, as_role: Make
) -> None:
    path = f"{PLAN}/drawing"
    assert (await operator.put(path, content=png())).status_code == 404
    await operator.put(PLAN, json=layout("front"))
    assert (await operator.get(path)).status_code == 404
    view = (await operator.put(path, content=png())).json()["drawing"]
    assert (view["media_type"], view["width"], view["height"]) == ("image/png", 60, 45)
    await operator.put(PLAN, json=layout("front"))  # keeps the drawing
    viewer = await as_role("viewer", scope="site=oslo")
    served = await viewer.get(path)
    assert Image.open(io.BytesIO(served.content)).size == (60, 45)
    assert served.headers["content-type"] == "image/png"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "no-cache" in served.headers["cache-control"]
    same = await viewer.get(path, headers={"If-None-Match": served.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert (await operator.delete(path)).json()["drawing"] is None
    assert (await viewer.get(path)).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"<svg onload='alert(1)'/>", png()[:-9], bytes(9 << 20)],
    ids=["empty", "svg", "cut", "large"],
)  # fmt: skip
async def test_what_is_no_drawing_changes_nothing(operator: httpx.AsyncClient, body: bytes) -> None:
    await operator.put(PLAN, json=layout())
    answer = await operator.put(f"{PLAN}/drawing", content=body)
    assert answer.status_code == 422
    assert (await operator.get(PLAN)).json()["version"] == 1


async def test_only_a_drawing_may_be_large(operator: httpx.AsyncClient) -> None:
    large = b" " * (2 << 20)
    for path in (PLAN, "/api/v1/plans/drawing", "/api/v1/cameras/drawing"):
        answer = await operator.request("PUT", path, content=large)
        assert answer.status_code == 413, path


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"size": [0, 9]}, "size"),
        ({"size": [12]}, "size"),
        ({"size": [12, "NaN"]}, "size"),
        ({"cameras": [{"camera": "nobody", "x": 0, "y": 0}]}, "nobody"),
        ({"cameras": [{"camera": "front", "x": 0, "y": 0}] * 2}, "twice"),
        ({"cameras": [{"camera": "front", "x": "Infinity", "y": 0}]}, "cameras"),
        ({"walls": [[[0, 0]]]}, "walls"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_is_no_plan_is_refused(
    operator: httpx.AsyncClient, changed: dict[str, Any], word: str
) -> None:
    answer = await operator.put(PLAN, json=layout() | changed)
    assert answer.status_code == 422
    assert word in answer.json()["detail"]
    assert (await operator.get(PLAN)).status_code == 404


@pytest.mark.parametrize("name", [EVIL, "Étage 2 æøå", "...", "a b?c#d", "%2e"])
async def test_a_name_is_any_words(operator: httpx.AsyncClient, name: str) -> None:
    answer = await operator.put(f"/api/v1/plans/{quote(name, safe='')}", json=layout())
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == name
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", ["a\nb", "\u202eb", "x" * 65, "%2e%2e"])
async def test_what_is_no_name(operator: httpx.AsyncClient, name: str) -> None:
    path = f"/api/v1/plans/{quote(name, safe='%')}"
    assert (await operator.put(path, json=layout())).status_code == 422


async def test_who_sees_one_site_finds_nothing_of_another(
    operator: httpx.AsyncClient, as_role: Make
) -> None:
    await operator.put(PLAN, json=layout("front", "back"))
    await operator.put("/api/v1/plans/harbour", json=layout("back"))
    await operator.put("/api/v1/plans/harbour/drawing", content=png())
    viewer = await as_role("viewer", scope="site=oslo")
    answer = await viewer.get("/api/v1/plans")
    assert [plan["name"] for plan in answer.json()["items"]] == ["shop"]
    assert [one["camera"] for one in answer.json()["items"][0]["cameras"]] == ["front"]
    for part in ("", "/drawing", "/heat", "/heat.csv"):
        assert (await viewer.get(f"/api/v1/plans/harbour{part}")).status_code == 404, part
    found = (await viewer.get(f"{PLAN}/heat", params={"camera": "back"})).json()
    assert (found["cameras"], found["without"]) == ([], {})
    some = await as_role("operator", scope="site=oslo")
    for change in (
        some.put(PLAN, json=layout()), some.delete(PLAN), some.delete(f"{PLAN}/drawing"),
        some.put(f"{PLAN}/drawing", content=png()),
    ):  # fmt: skip
        assert (await change).status_code == 403


async def test_heat_as_a_file(operator: httpx.AsyncClient) -> None:
    await operator.put(PLAN, json=layout("front"))
    shown = (await operator.get(f"{PLAN}/heat", params={"cell": 3})).json()
    assert (shown["rows"], shown["columns"], shown["cell_m"]) == (3, 4, 3)
    assert shown["without"] == {"front": "nothing is stored of it in this range"}
    table = await operator.get(f"{PLAN}/heat.csv", params={"cell": 3})
    assert len(table.text.splitlines()) == 13
    assert "attachment" in table.headers["content-disposition"]
    arrays = np.load(
        io.BytesIO((await operator.get(f"{PLAN}/heat.npz", params={"cell": 3})).content)
    )
    assert arrays["flow"].shape == (3, 4, 2)
    assert (await operator.get(f"{PLAN}/heat", params={"cell": 0.05})).status_code == 200
    assert (await operator.get(f"{PLAN}/heat.exe")).status_code == 422


async def test_plans_of_one_site(operator: httpx.AsyncClient) -> None:
    await operator.put(PLAN, json=layout())
    await operator.put("/api/v1/plans/quay", json=layout(site="bergen"))
    found = await operator.get("/api/v1/plans", params={"site": "bergen"})
    assert [plan["name"] for plan in found.json()["items"]] == ["quay"]


async def test_changes_are_written_down(operator: httpx.AsyncClient, as_role: Make) -> None:
    await operator.put(PLAN, json=layout())
    await operator.put(f"{PLAN}/drawing", content=png())
    await operator.delete(PLAN)
    lines = (await (await as_role("admin")).get("/api/v1/audit")).json()["items"]
    told = [(line["action"], line["subject"]) for line in lines]
    for action in ("plan.changed", "plan.drawn", "plan.removed"):
        assert (action, "plan shop") in told
