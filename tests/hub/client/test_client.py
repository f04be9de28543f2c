"""The Python client and the commands over it, against a hub that serves."""

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from hubkit import NOW, SECOND, Speaker
from hubrun import RunningHub, running_hub
from PIL import Image

from sightline.errors import ConfigError
from sightline.hub.client import Client, HubAway, HubRefused
from sightline.wire.messages import Event

HOUR = 3600 * SECOND
FORMULAS = (
    "=cmd|'calc'!A1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff201",
)
RANGE = {"from": str(NOW - SECOND), "to": str(NOW + 3600 * SECOND)}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("site")) as running:
        running.enrol("front", site="oslo")
        running.enrol("back", site="bergen")
        speaker = Speaker("front")
        events = [
            Event("line.crossed", NOW + i * SECOND, "door", "front", i, "person",
                  data={"direction": "in", "note": "=1+2"})
            for i in range(600)
        ]  # fmt: skip
        running.hear(speaker.announce(), speaker.say(*events), speaker.frames([2, 3, 1]))
        before = [
            Event(word, NOW - HOUR + at, word, "back", at, word, data={word: word})
            for at, word in enumerate(FORMULAS)
        ]
        speaker = Speaker("back")
        running.hear(speaker.announce(), speaker.say(*before))
        yield running


@pytest.fixture
def client(hub: RunningHub) -> Iterator[Client]:
    with Client(hub.url, hub.token("operator")) as opened:
        yield opened


def test_lists_turn_their_own_pages(client: Client) -> None:
    events = list(client.events(begin=NOW - SECOND, end=NOW + 3600 * SECOND))
    assert [event.track for event in events] == list(range(600))
    assert len(list(client.events(7, begin=NOW - SECOND, end=NOW + 3600 * SECOND))) == 7
    newest = next(client.events(begin=NOW - SECOND, end=NOW + 3600 * SECOND, newest=True))
    assert newest.track == 599


def test_cameras_and_frames(client: Client) -> None:
    assert [camera["name"] for camera in client.cameras("site=oslo")] == ["front"]
    frames = list(client.frames("front"))
    assert [len(frame.objects) for frame in frames] == [1, 3, 2]


def test_what_the_hub_refuses_is_its_own_sentence(client: Client, hub: RunningHub) -> None:
    with pytest.raises(HubRefused, match="there is no camera 'nowhere'") as caught:
        client.camera("nowhere")
    assert caught.value.status == 404
    with Client(hub.url, "sla_wrong") as stranger, pytest.raises(HubRefused, match="sign in first"):
        list(stranger.cameras())
    with pytest.raises(HubRefused, match="this needs the role admin"):
        client.revoke("front")


def test_nobody_there() -> None:
    with (
        Client("http://127.0.0.1:1", "x") as nobody,
        pytest.raises(HubAway, match="no hub answers"),
    ):
        list(nobody.cameras())
    with pytest.raises(ConfigError, match="is no address"):
        Client("hub.example", "x")


def test_live_metadata_arrives(hub: RunningHub) -> None:
    token = hub.token("viewer")

    async def look() -> list[dict[str, Any]]:
        stream = Client(hub.url, token).live("back", fps=30)
        first = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.3)
        speaker = Speaker("back", boot="live")
        await asyncio.to_thread(hub.hear, speaker.announce(), speaker.frames([3]))
        return [await asyncio.wait_for(first, 10)]

    [frame] = asyncio.run(look())
    assert frame["camera"] == "back"
    assert len(frame["objects"]) == 3


@pytest.mark.parametrize("cameras", ["nowhere", "front,nowhere"])
def test_no_live_view_of_what_is_not_there(hub: RunningHub, cameras: str) -> None:
    async def look() -> None:
        await anext(Client(hub.url, hub.token()).live(*cameras.split(",")))

    with pytest.raises(HubAway):
        asyncio.run(look())


def test_no_live_view_for_strangers_or_of_other_sites(hub: RunningHub) -> None:
    async def look(token: str) -> None:
        await anext(Client(hub.url, token).live("front"))

    for token in ("sla_wrong", hub.token("viewer", scope="site=bergen")):
        with pytest.raises(HubAway):
            asyncio.run(look(token))


def download(hub: RunningHub, name: str, token: str = "", **query: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or hub.token()}"}
    params = {**RANGE, **query}
    return httpx.get(f"{hub.url}/api/v1/exports/{name}", params=params, headers=headers)


def test_events_as_csv_run_in_no_spreadsheet(hub: RunningHub) -> None:
    answer = download(hub, "events.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="sightline-events.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 600
    span = {"from": str(NOW - 2 * HOUR), "to": str(NOW - HOUR // 2)}
    rows = list(csv.DictReader(io.StringIO(download(hub, "events.csv", **span).text, newline="")))
    for row, word in zip(sorted(rows, key=lambda one: one["time_ns"]), FORMULAS, strict=True):
        assert {row["kind"], row["name"], row["label"]} == {f"'{word}"}
        assert row["data"].startswith("{")


def test_the_same_in_every_form(hub: RunningHub) -> None:
    lines = [json.loads(line) for line in download(hub, "events.jsonl").text.splitlines()]
    table = pq.read_table(io.BytesIO(download(hub, "events.parquet").content))
    assert lines == table.to_pylist()
    assert lines[3]["track"] == 3


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({"q": "site=oslo"}, 600),
        ({"q": "site=bergen"}, 0),
        ({"q": "site=oslo", "camera": "back"}, 0),
        ({"kind": "line.crossed"}, 600),
        ({"kind": ["zone.entered", "zone.left"]}, 0),
    ],
    ids=["a site", "another site", "a camera elsewhere", "a kind", "other kinds"],
)
def test_only_what_was_asked_for(hub: RunningHub, query: dict[str, Any], rows: int) -> None:
    assert len(download(hub, "events.jsonl", **query).text.splitlines()) == rows


def test_a_query_that_cannot_be_meant_is_refused(hub: RunningHub) -> None:
    assert download(hub, "events.csv", q="site=(").status_code == 422


def test_objects_of_a_camera(hub: RunningHub) -> None:
    table = pq.read_table(io.BytesIO(download(hub, "frames.parquet", camera="front").content))
    assert table.num_rows == 6
    assert set(table["label"].to_pylist()) <= {"person", "car"}
    assert download(hub, "frames.csv").status_code == 422


def test_no_export_of_other_sites(hub: RunningHub) -> None:
    token = hub.token("viewer", scope="site=bergen")
    assert download(hub, "events.jsonl", token).text == ""
    assert download(hub, "events.jsonl", token, camera="front").text == ""
    assert download(hub, "frames.csv", token, camera="front").status_code == 404


def test_metrics(hub: RunningHub) -> None:
    headers = {"Authorization": f"Bearer {hub.token()}"}
    told = httpx.get(f"{hub.url}/metrics", headers=headers).text
    assert 'sightline_cameras{state="offline"} 2.0' in told
    assert httpx.get(f"{hub.url}/metrics").status_code == 401


def command(hub: RunningHub, *words: str, token: str | None = None) -> Any:
    code = "from sightline.cli import main; main()"
    held = {
        **os.environ, "SIGHTLINE_HUB": hub.url, "COLUMNS": "160",
        "SIGHTLINE_TOKEN": hub.token("admin") if token is None else token,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, env=held,
        timeout=60, check=False,
    )  # fmt: skip


def test_commands_show_tables_to_people_and_lines_to_programs(hub: RunningHub) -> None:
    said = command(hub, "cameras", "list", "site=oslo")
    assert "front" in said.stdout
    assert "back" not in said.stdout
    lines = command(hub, "cameras", "list", "--json").stdout.splitlines()
    assert {json.loads(line)["name"] for line in lines} == {"front", "back"}
    asked = ["--from", str(NOW), "--to", str(NOW + 5 * SECOND)]
    events = command(hub, "events", "--camera", "front", "--json", *asked)
    assert [json.loads(line)["track"] for line in events.stdout.splitlines()] == [4, 3, 2, 1, 0]


def test_a_command_says_what_is_missing(hub: RunningHub) -> None:
    said = command(hub, "cameras", "list", token="")
    assert said.returncode == 2
    assert "SIGHTLINE_TOKEN" in said.stderr
    wrong = command(hub, "cameras", "show", "nowhere")
    assert wrong.returncode == 2
    assert "there is no camera 'nowhere'" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_camera_is_configured_and_revoked(hub: RunningHub, tmp_path: Path) -> None:
    hub.enrol("spare")
    changes = tmp_path / "changes.yaml"
    changes.write_text("lines: [{name: door, points: [[0.5, 0], [0.5, 1]]}]\n")
    said = command(hub, "cameras", "set", "spare", str(changes))
    assert said.returncode == 0, said.stderr
    shown = json.loads(command(hub, "cameras", "show", "spare").stdout)
    assert shown["twin"]["desired"]["lines"][0]["name"] == "door"
    assert command(hub, "cameras", "revoke", "spare", "--yes").returncode == 0
    assert json.loads(command(hub, "cameras", "list", "state=revoked", "--json").stdout)


def test_a_plan_is_put_drawn_and_read(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "shop.png"
    Image.new("L", (40, 30)).save(file)
    camera = {"camera": "front", "x": 1, "y": 2}
    made = client.put_plan("shop floor", {"size": [4, 3], "cameras": [camera]}, drawing=file)
    assert made["drawing"]["width"] == 40
    assert client.plan("shop floor")["version"] == 2
    assert [plan["name"] for plan in client.plans()] == ["shop floor"]
    assert list(client.plans("bergen")) == []
    with pytest.raises(ConfigError, match=r"nothing\.png"):
        client.put_plan("shop floor", {"size": [4, 3]}, drawing=tmp_path / "nothing.png")
    with pytest.raises(HubRefused, match="no plan"):
        client.plan("elsewhere")
