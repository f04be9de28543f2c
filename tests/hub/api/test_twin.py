"""Twins over HTTP: nobody overwrites what he has not seen, and no viewer sees a password."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

Make = Callable[..., Awaitable[httpx.AsyncClient]]
TWIN = "/api/v1/cameras/door/twin"
LINE = {"name": "a", "points": [[0, 0.5], [1, 0.5]]}


@pytest.fixture
async def operator(as_role: Make, enrol: Make) -> httpx.AsyncClient:
    await enrol("door")
    return await as_role("operator")


async def test_two_people_do_not_overwrite_each_other(operator: httpx.AsyncClient) -> None:
    read = await operator.get(TWIN)
    etag = {"If-Match": read.headers["etag"]}
    first = await operator.patch(TWIN, json={"lines": [LINE]}, headers=etag)
    assert first.status_code == 200
    second = await operator.patch(TWIN, json={"lines": []}, headers=etag)
    assert second.status_code == 412
    again = await operator.get(TWIN)
    assert again.json()["desired"]["lines"] == [LINE]
    late = await operator.patch(
        TWIN, json={"lines": []}, headers={"If-Match": again.headers["etag"]}
    )
    assert late.status_code == 200


async def test_what_is_wrong_is_named_and_nothing_changes(operator: httpx.AsyncClient) -> None:
    answer = await operator.patch(TWIN, json={"lines": [{"name": "x", "points": [[0, 0]]}]})
    assert answer.status_code == 422
    assert "lines.0.points" in answer.json()["detail"]
    assert (await operator.get(TWIN)).json()["version"] == 0


async def test_history_and_back(operator: httpx.AsyncClient) -> None:
    await operator.patch(TWIN, json={"lines": [LINE]})
    await operator.patch(TWIN, json={"lines": []})
    back = await operator.post(f"{TWIN}/revert", params={"version": 1})
    assert back.json()["desired"]["lines"] == [LINE]
    versions = [item["version"] for item in (await operator.get(f"{TWIN}/history")).json()["items"]]
    assert versions == [3, 2, 1]
    assert (await operator.post(f"{TWIN}/revert", params={"version": 99})).status_code == 404


@pytest.mark.parametrize("etag", ["x", '"1.5"', "W/", "²", '"99999999999999999999"'])
async def test_what_is_no_etag(operator: httpx.AsyncClient, etag: str) -> None:
    headers = [(b"if-match", etag.encode())]
    answer = await operator.patch(TWIN, json={}, headers=headers)
    assert answer.status_code == 422


async def test_a_viewer_may_look_only(as_role: Make, operator: httpx.AsyncClient) -> None:
    viewer = await as_role("viewer")
    assert (await viewer.get(TWIN)).status_code == 200
    assert (await viewer.put(TWIN, json={})).status_code == 403
