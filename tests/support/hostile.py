"""A hub in which every text that anybody may store is an attack on whoever looks at it.

What people write goes in by the interface; what cameras say, as it comes from a gateway.
"""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec
from hubkit import SECOND, Speaker
from hubrun import KEYBOARD, RunningHub
from sqlalchemy import insert

from sightline.hub.alerts.records import raised
from sightline.hub.gateway.base import Arrival
from sightline.hub.registry.cameras import CameraChange
from sightline.hub.store.tables.alerts import deliveries
from sightline.model.manifest import Manifest, Metric, Provenance, Target
from sightline.model.package import make_package
from sightline.model.recipe import InputRecipe, Recipe
from sightline.results import Detections
from sightline.wire import topics
from sightline.wire.control import Health, Reported, Result, encode_control
from sightline.wire.egress import Entry, Sent, seal
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Header, Measure
from sightline.wire.parcel import digest

MARK = "x-evil"  # an element that is nowhere in the pages; each text brings one along
SHORT = f"<{MARK}><img src=x onerror=stolen=1>"  # fits a name of 64 letters, without a slash
TEXTS = (
    f"<script>stolen=1</script><{MARK}>",
    f'"><img src=x onerror="stolen=1"><{MARK}>',
    f"</script></title></textarea><script>stolen=1</script><{MARK}>",
    f"javascript:stolen=1//<{MARK}>",
    f"<svg onload=stolen=1><iframe srcdoc='<script>parent.stolen=1</script>'><{MARK}>",
    f"{{{{constructor.constructor('stolen=1')()}}}} ${{stolen=1}} {{name}} {{a|b}} %s<{MARK}>",
    f"' autofocus onfocus=stolen=1 x='<{MARK}>",
    f"\\u003c{MARK}\\u003e &lt;{MARK}&gt; <{MARK}>",
    f"abc \u05d0\u05d1\u05d2 \u200b\ufeff\u0301\u0301\u0301 <{MARK}>",
    f"=cmd|'calc'!A1 <{MARK}>",
    "W" * 110 + f"<{MARK}>",
)
TURNED = f"\u202e\u2066<{MARK}>"  # text that runs backwards, where it is taken
ALL = " ".join(TEXTS)
CAMERAS = ("front", "odd", "liar")


def fill(hub: RunningHub) -> None:
    """Put it everywhere."""
    for name in CAMERAS:
        hub.enrol(
            name, site=SHORT, **{f"t{n}": text.replace('"', "'") for n, text in enumerate(TEXTS)}
        )
    with httpx.Client(
        base_url=f"{hub.url}/api/v1", headers={"Authorization": f"Bearer {hub.token('admin')}"}
    ) as client:
        _people_write(client)
    for text in TEXTS:
        hub.do(hub.services.registry.change("front", CameraChange(note=f"{TURNED} {ALL}")))
        hub.do(hub.services.people.give_out(KEYBOARD, text[:64], role="viewer", name=text[:64]))
    _cameras_say(hub)
    _alerts(hub)
    assert not hub.services.ingest.counts["refused"]


def _people_write(client: httpx.Client) -> None:
    def ask(method: str, path: str, body: Any = None, **more: Any) -> None:
        answer = client.request(method, path, json=body, **more)
        assert answer.is_success, (path, answer.text)

    ask("PATCH", "/cameras/front/twin", desired())
    scope = f'site="{SHORT}"'
    ask("POST", "/users", {"name": "o.o", "password": "a sentence is easy", "scope": scope})
    hook = {"url": f"https://u:p@h/{quote(SHORT)}", "secret": ALL[:100]}
    for name, settings in ((SHORT, hook), (TEXTS[1][:64], {"url": "https://<img>/", **hook})):
        ask("PUT", f"/channels/{quote(name, safe='')}", {"kind": "webhook", "settings": settings})
    ask("PUT", "/channels/mail", {"kind": "email", "settings": {"to": [f"<{MARK}>@<img/src=x>.x"]}})
    for number, text in enumerate(TEXTS):
        name = quote(f"{number}{text}".replace("/", "")[:64], safe="")  # what has one is no address
        said = text.replace('"', "'").replace("\\", "/")
        rule = {
            "condition": f'event("zone.entered", zone="{said}")', "message": text,
            "target": scope, "channels": [SHORT],
        }  # fmt: skip
        if number < 3:  # a rule's name is printable
            ask("PUT", f"/rules/{name}", rule)
        ask(
            "POST", "/enrollment-tokens", {"tags": {"site": text.replace('"', "'")}, "source": text}
        )
        ask("POST", "/cameras/front/pictures", {"reason": text})
        ask("POST", "/tokens", {"name": text[:64], "scope": scope})
    for name, site in ((SHORT, SHORT), (TEXTS[6][:64].replace("/", ""), ALL[:250])):
        places = [{"camera": camera, "x": at, "y": 5} for at, camera in enumerate(CAMERAS, 3)]
        ask(
            "PUT",
            f"/plans/{quote(name, safe='')}",
            {"size": [12, 9], "site": site, "cameras": places},
        )
    answer = client.post("/models", content=package())
    assert answer.is_success, answer.text
    patch = {"zones": [{"name": SHORT, "polygon": [[0, 0], [1, 0], [1, 1]]}]}
    ask("POST", "/deployments", {"to": scope, "patch": patch, "note": ALL[:500]})
    client.post("/session", json={"name": TEXTS[0], "password": "x"})  # stands in the audit log


def desired() -> dict[str, Any]:
    """Places whose names are attacks; what a person may give a camera."""
    corners = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]]
    return {
        "lines": [
            {"name": text[:64], "points": [[0.2, 0.1 + n / 20], [0.8, 0.1 + n / 20]]}
            for n, text in enumerate(TEXTS)
        ],
        "zones": [{"name": SHORT, "polygon": corners}],
        "queues": [{"name": TEXTS[1], "polygon": corners, "path": [[0.2, 0.2], [0.3, 0.3]]}],
        "shelves": [{"name": TEXTS[4][:64], "polygon": corners, "rows": 2, "columns": 2}],
        "privacy": {"policy": "redacted"},
    }  # fmt: skip


MALFORMED: tuple[Any, ...] = (
    {"lines": SHORT, "zones": 7, "queues": {"name": SHORT}, "privacy": SHORT},
    {"lines": [None, SHORT, 3, {}, {"name": SHORT, "points": [[0, 0]]}, {"points": "ab"},
               {"name": SHORT, "points": [[0.1, 0.2], [0.9, 0.2]]}],
     "zones": [{"name": None, "polygon": []}, {"polygon": [[0, "x"], None]}], "ground": SHORT,
     "shelves": [{"polygon": [[0, 0]], "rows": 1e9, "columns": -1}], "detect": {"classes": SHORT}},
)  # fmt: skip


def package() -> bytes:
    """A network whose card and classes are attacks."""
    recipe = Recipe(decoder="yolox", input=InputRecipe(width=8, height=4), labels=TEXTS)
    manifest = Manifest(
        name="gate", version="1.0.0", recipe=recipe, default="onnx-float", licence=SHORT,
        targets={"onnx-float": Target(file="networks/onnx-float.onnx")},
        metrics=(Metric(name=SHORT[:40], value=1.0, data=ALL[:2000]),),
        provenance=Provenance(source=ALL[:2000], steps=TEXTS),
    )  # fmt: skip
    return make_package(manifest, {"networks/onnx-float.onnx": b"float" * 50}).to_bytes()


def _cameras_say(hub: RunningHub) -> None:
    now = time.time_ns()
    for name in CAMERAS:
        speaker = Speaker(name, boot=f"{name} {SHORT}", now_ns=now - 60 * SECOND)
        speaker.header = Header(
            name, ALL, 1920, 1080, TEXTS, model=ALL, boot=speaker.boot, clock="utc", version=ALL
        )
        hub.hear(speaker.announce(), speaker.say(*_told(name, now)), _seen(speaker, now))
    for name, config in zip(("odd", "liar"), MALFORMED, strict=True):
        said = Reported(
            0, "rejected", config, {"name": ALL, "version": SHORT}, error=ALL, trial={SHORT: 1.0},
            deployment=SHORT,
        )  # fmt: skip
        hub.arrive(Arrival(name, topics.up(name, "reported"), encode_control(said), now))
    for name in CAMERAS:
        counts = {"lines": {text: {"in": SHORT, "out": SHORT} for text in TEXTS}, "zones": SHORT}
        health = Health(
            name, "boot", now, SHORT, latency_ms={SHORT: 1.0}, outbox={SHORT: 1.0}, counts=counts,
            model=ALL, version=SHORT, errors=tuple((now, text) for text in TEXTS),
        )  # fmt: skip
        hub.arrive(Arrival(name, topics.up(name, "health"), encode_control(health), now))
    entry = Entry("front", 0, 0, now, TEXTS, {SHORT: Sent(1, 1)})
    line = seal(entry, ec.generate_private_key(ec.SECP256R1())).line
    speaker = Speaker("front", boot="ledger", now_ns=now)
    hub.hear(speaker.announce(), speaker.parcel("ledger", line))


def _seen(speaker: Speaker, now: int) -> Any:
    """Frames with an object of each class."""
    count = len(TEXTS)
    low = np.stack([np.linspace(0, 0.7, count), np.linspace(0, 0.7, count)], axis=1)
    boxes = np.concatenate([low, low + 0.3], axis=1).astype(np.float32)
    scores, labels = np.full(count, 0.9, np.float32), np.arange(count, dtype=np.int32)
    seen = Detections(boxes, scores, labels, np.arange(1, count + 1))
    frames = [PackedFrame(now - (60 - n) * SECOND, n, seen) for n in range(50)]
    return speaker.parcel("frames", pack_frames(frames), digest(pack(speaker.header)))


def _told(camera: str, now: int) -> Iterator[Event | Measure]:
    kinds = ("line.crossed", "zone.left", "queue.left", "hazard.running", "shelf.out_of_stock")
    for number, text in enumerate(TEXTS):
        at = now - (number + 20) * SECOND
        for kind in (*kinds, text[:100]):
            data = {
                "direction": text,
                "cell": [0, number % 2],
                "dwell_s": 3.0,
                text: text,
                "more": {text: [text]},
            }
            yield Event(kind, at, text, camera, number, text, (0.5, 0.5), data)
        measured = ["zone.dwell", "line.count", "hazard.exposure", "shelf.fill", text[:100]]
        if number < 5:  # so few that each stands in a chart by its name
            measured += ["zone.occupancy", "queue.wait", "queue.waiting"]
        for kind in measured:
            parts = {"in": 3, "out": 4, text: 5, "cells": [0.5, 0.5], "columns": 2}
            yield Measure(kind, text, at, at + SECOND, 2.0, camera, data=parts)
    if camera == "liar":  # what no camera of ours says
        for odd in ({}, {"cell": None}, {"cell": SHORT}, {"cell": [1e300, -1]}, {"dwell_s": SHORT}):
            yield Event("shelf.restocked", now - 90 * SECOND, SHORT, camera, data=odd)
            yield Event("zone.left", now - 90 * SECOND, SHORT, camera, data=odd)
            yield Measure(
                "shelf.fill",
                SHORT,
                now - 90 * SECOND,
                now,
                1.0,
                camera,
                data={"cells": SHORT, **odd},
            )


def _alerts(hub: RunningHub) -> None:
    def work(connection: Any) -> None:
        for number, text in enumerate(TEXTS):
            alert = raised(connection, text, "front", "warning", text, time.time_ns())
            row = {
                "alert": alert, "channel": text, "what": "raised", "state": "delivered", "tries": 1,
                "due_ns": 0, "last": text, "done_ns": time.time_ns(),
            }  # fmt: skip
            if number < 5:
                connection.execute(insert(deliveries).values(row))

    hub.do(hub.services.database.write(work))


def answer_log(hub: RunningHub, camera: str, id: str) -> None:
    """The lines of a camera's log."""
    result = Result(id, True, list(TEXTS))
    topic = topics.up(camera, "result", id)
    hub.arrive(Arrival(camera, topic, encode_control(result), time.time_ns()))
