"""A topic says which camera, which way and what; everything else is none of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.wire import topics

names = st.from_regex(topics.CAMERA_NAME, fullmatch=True)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True)


@given(names, st.sampled_from(["frames", "events", "health", "reported"]))
def test_what_a_camera_says_is_taken_apart_again(camera: str, kind: topics.Up) -> None:
    address = topics.parse(topics.up(camera, kind))
    assert address == topics.Address(camera, "up", kind)


@given(names, ids)
def test_commands_and_results_carry_their_id(camera: str, id: str) -> None:
    assert topics.parse(topics.up(camera, "result", id)) == topics.Address(
        camera, "up", "result", id
    )
    assert topics.parse(topics.down(camera, "command", id)) == topics.Address(
        camera, "down", "command", id
    )


@given(names)
def test_what_a_camera_is_told_lies_under_what_it_listens_to(camera: str) -> None:
    prefix = topics.listens(camera).removesuffix("#")
    assert topics.down(camera, "desired").startswith(prefix)
    assert topics.down(camera, "command", "c1").startswith(prefix)
    assert topics.down(camera, "watch").startswith(prefix)
    assert topics.parse(topics.down(camera, "watch")) == topics.Address(camera, "down", "watch")
    assert not topics.up(camera, "events").startswith(prefix)


@given(st.text(max_size=60))
def test_any_text_is_ours_or_none(text: str) -> None:
    address = topics.parse(text)
    assert address is None or text in (
        topics.up(address.camera, address.kind, address.id),  # type: ignore[arg-type]
        topics.down(address.camera, address.kind, address.id),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "sightline/v1",
        "sightline/v1/door",
        "sightline/v1/door/up",
        "sightline/v1//up/events",
        "sightline/v1/door/up/events/",
        "sightline/v1/door/up/events/x",
        "sightline/v2/door/up/events",
        "sightline/v1/door/up/desired",
        "sightline/v1/door/down/events",
        "x/sightline/v1/door/up/events",
        "sightline/v1/door/up/events\n",
        "sightline/v1/.door/up/events",
        "sightline/v1/../up/events",
        "sightline/v1/door/up/result",
        "sightline/v1/door/up/result/",
        "sightline/v1/door/up/result/a/b",
        "sightline/v1/door/up/result/../x",
        "sightline/v1/+/up/events",
        "sightline/v1/door/up/#",
        f"sightline/v1/{'x' * 65}/up/events", f"sightline/v1/door/up/result/{'x' * 65}",
        "sightline/v1/dоor/up/events",
    ],
)  # fmt: skip
def test_what_is_not_ours_means_nothing(topic: str) -> None:
    assert topics.parse(topic) is None
