"""Who has an answer already is told so."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

Make = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.mark.parametrize("path", ["cameras", "models", "deployments", "cameras/door"])
async def test_a_list_that_is_known_is_not_sent_again(
    as_role: Make, enrol: Make, path: str
) -> None:
    await enrol("door")
    viewer = await as_role("viewer")
    first = await viewer.get(f"/api/v1/{path}")
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await viewer.get(f"/api/v1/{path}", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    other = await viewer.get(f"/api/v1/{path}", headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.json()) == (200, first.json())


async def test_a_list_that_changed_is_sent(as_role: Make, enrol: Make) -> None:
    viewer = await as_role("viewer")
    await enrol("door")
    etag = (await viewer.get("/api/v1/cameras")).headers["etag"]
    await enrol("gate")
    again = await viewer.get("/api/v1/cameras", headers={"If-None-Match": etag})
    assert (again.status_code, len(again.json()["items"])) == (200, 2)


async def test_a_problem_is_never_unchanged(as_role: Make, anybody: httpx.AsyncClient) -> None:
    known = {"If-None-Match": "*"}
    assert (await anybody.get("/api/v1/cameras", headers=known)).status_code == 401
    missing = await (await as_role("viewer")).get("/api/v1/cameras/nobody", headers=known)
    assert missing.status_code == 404
