"""A floor plan of the busy place, and what its cameras said of queues, shelves and dangers."""

import io
import math
import random
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from hubkit import SECOND, Speaker
from hubrun import KEYBOARD, RunningHub
from PIL import Image, ImageDraw

from sightline.analytics.floor import GroundConfig
from sightline.hub.plans.layout import Layout
from sightline.hub.registry.cameras import CameraChange
from sightline.hub.twin.twins import Author
from sightline.results import Detections
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Measure
from sightline.wire.parcel import digest

PLAN = "Ground floor"
_PICTURE = [[0.05, 0.95], [0.95, 0.95], [0.75, 0.3], [0.25, 0.3]]
_FLOORS = {  # metres of the plan, 20 × 12: where two cameras look at it
    "entrance": [[1, 11], [9, 11], [9, 2], [1, 2]],
    "checkout": [[19, 10.5], [19, 3.5], [8, 3.5], [8, 10.5]],
}
_WALKS = [  # ways that people take: from the door past the shelves to the checkout, and back
    [(2, 11.5), (3, 8), (6, 5), (10, 4.5), (14, 6.5), (17, 7)],
    [(2, 11.5), (4, 9.5), (9, 8.5), (13, 8), (16.5, 7.2), (17, 9.5)],
    [(17, 7), (12, 9.5), (7, 10), (2.5, 11.5)],
    [(3, 11), (4, 5), (3, 3), (6, 3), (5, 8), (2, 11.5)],
]
_MINUTE = 60 * SECOND


def furnish(hub: RunningHub, hours: int = 3, days: int = 2) -> None:
    """Add it all to a hub with the cameras of `place`."""
    for camera in ("square", "car-park"):
        hub.do(hub.services.registry.change(camera, CameraChange(tags={"site": "bergen"})))
    for camera, floor in _FLOORS.items():
        patch = {"ground": {"picture": _PICTURE, "floor": floor}}
        hub.do(hub.services.twins.patch(camera, patch, Author("ada", time.time_ns())))
    layout: dict[str, Any] = {
        "site": "oslo", "size": [20, 12],
        "cameras": [
            {"camera": "entrance", "x": 5, "y": 11.7}, {"camera": "checkout", "x": 19.6, "y": 7},
            {"camera": "square", "x": 10.5, "y": 0.6, "turn": 180},
        ],
    }  # fmt: skip
    plans = hub.services.plans
    hub.do(plans.put(PLAN, Layout.model_validate(layout), KEYBOARD, ""))
    hub.do(plans.draw(PLAN, drawn(), KEYBOARD, ""))
    for camera in _FLOORS:
        _walk(hub, camera, hours)
    _say(hub, days)


def drawn() -> bytes:
    """A plan of a shop as a PNG."""
    picture = Image.new("RGB", (1000, 600), "#fbfbf8")
    pen = ImageDraw.Draw(picture)
    for wall in ([(4, 4), (996, 4), (996, 596), (4, 596), (4, 4)], [(520, 4), (520, 110)]):
        pen.line(wall, "#39434d", 8)
    pen.rectangle((60, 580, 160, 600), "#fbfbf8")  # the door
    for x in (230, 320, 410):
        pen.rectangle((x, 190, x + 26, 360), "#dfe3e6", "#8d979f", 2)
    for y in (250, 340, 430):
        pen.rectangle((800, y, 890, y + 26), "#e6ddcf", "#998b74", 2)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _walk(hub: RunningHub, camera: str, hours: int) -> None:
    """Frames of the last hours, two a second, of people on their ways."""
    ground = GroundConfig.model_validate({"picture": _PICTURE, "floor": _FLOORS[camera]}).ground()
    speaker = Speaker(camera, boot="walks", now_ns=time.time_ns() - SECOND)
    header = digest(pack(speaker.header))
    frames = list(_frames(ground, time.time_ns() - hours * 60 * _MINUTE, hours * 7200))
    parts = [pack_frames(frames[at : at + 400]) for at in range(0, len(frames), 400)]
    hub.hear(speaker.announce(), *(speaker.parcel("frames", part, header) for part in parts))


def _frames(ground: Any, start: int, count: int) -> Iterator[PackedFrame]:
    chance = random.Random(5)
    people: list[tuple[int, float, Any, tuple[float, float]]] = []
    for number in range(count):
        if chance.random() < 0.035:
            off = (chance.gauss(0, 0.35), chance.gauss(0, 0.3))
            people.append((number + 1, 0.0, np.array(chance.choice(_WALKS), float), off))
        boxes, tracks, still = [], [], []
        for track, gone, way, off in people:
            place = _along(way, gone) + off
            still.append((track, gone + 0.012, way, off))
            ((x, y),) = ground.to_picture(place[None])
            if 0 < x < 1 and 0 < y < 1:
                boxes.append([x - 0.03, y - 0.25, x + 0.03, y])
                tracks.append(track)
        people = [one for one in still if one[1] <= 1]
        seen = Detections(
            np.array(boxes, np.float32).reshape(-1, 4), np.full(len(boxes), 0.9, np.float32),
            np.zeros(len(boxes), np.int32), np.array(tracks, np.int64),
        )  # fmt: skip
        yield PackedFrame(start + number * SECOND // 2, number, seen)


def _along(way: Any, share: float) -> Any:
    """The place at a share of a way, slower at its corners."""
    at = share * (len(way) - 1)
    first = min(int(at), len(way) - 2)
    eased = (1 - math.cos((at - first) * math.pi)) / 2
    return way[first] + eased * (way[first + 1] - way[first])


def _say(hub: RunningHub, days: int) -> None:
    """Measures and events of two days: stays, a queue, a shelf and what is dangerous."""
    chance = random.Random(11)
    now = time.time_ns()
    speaker = Speaker("checkout", boot="said", now_ns=now - SECOND)
    hub.hear(speaker.announce())
    out: dict[int, int] = {}
    for step in range(days * 96, 0, -1):
        at = now - step * 15 * _MINUTE
        busy = max(0.0, math.sin((time.localtime(at / 1e9).tm_hour - 7) / 14 * math.pi))
        told: list[Event | Measure] = [*_stays(at, busy, chance), *_queue(at, busy, chance)]
        told += _shelf(at, busy, chance, out)
        told += _dangers(at, busy, chance)
        hub.hear(speaker.say(*told))


def _stays(at: int, busy: float, chance: random.Random) -> Iterator[Event | Measure]:
    stays = [chance.lognormvariate(3.6, 0.8) for _ in range(round(5 * busy))]
    for number, stay in enumerate(stays):
        data = {"dwell_s": round(stay, 1), "crossed": True}
        yield Event(
            "zone.left",
            at + number * _MINUTE,
            "counter",
            "checkout",
            number,
            "person",
            (0.7, 0.6),
            data,
        )
    if stays:
        yield Measure(
            "zone.dwell", "counter", at, at + 15 * _MINUTE, sum(stays) / len(stays), "checkout"
        )
    mean = 2.6 * busy * (0.8 + 0.4 * chance.random())
    yield Measure("zone.occupancy", "counter", at, at + 15 * _MINUTE, mean, "checkout")


def _queue(at: int, busy: float, chance: random.Random) -> Iterator[Event | Measure]:
    for till in ("till 1", "till 2"):
        length = round(4 * busy * chance.random())
        yield Measure("queue.waiting", till, at, at + 15 * _MINUTE, length, "checkout")
        yield Measure(
            "queue.wait",
            till,
            at,
            at + 15 * _MINUTE,
            35 * length + 10 * chance.random(),
            "checkout",
        )
        for number in range(length):
            data = {
                "wait_s": 30.0 + 20 * number,
                "served": chance.random() < 0.9,
                "waiting": length - 1,
            }
            yield Event(
                "queue.left",
                at + number * _MINUTE,
                till,
                "checkout",
                number,
                "person",
                (0.6, 0.6),
                data,
            )
        if length >= 4:
            yield Event("queue.open_counter", at, till, "checkout", data={"waiting": length})


def _shelf(
    at: int, busy: float, chance: random.Random, out: dict[int, int]
) -> Iterator[Event | Measure]:
    for cell in range(12):
        where = [cell // 4, cell % 4]
        if cell in out:
            if chance.random() < 0.25:
                data = {"cell": where, "out_s": (at - out.pop(cell)) / SECOND}
                yield Event(
                    "shelf.restocked", at, "drinks", "checkout", place=(0.4, 0.4), data=data
                )
        elif chance.random() < 0.03 * busy:
            out[cell] = at
            yield Event(
                "shelf.out_of_stock",
                at,
                "drinks",
                "checkout",
                place=(0.4, 0.4),
                data={"cell": where},
            )
    cells = [
        0.04 if cell in out else round(1 - 0.6 * chance.random() * busy, 3) for cell in range(12)
    ]
    yield Measure(
        "shelf.fill",
        "drinks",
        at,
        at + 15 * _MINUTE,
        sum(cells) / 12,
        "checkout",
        data={"cells": cells, "columns": 4, "empty": len(out)},
    )


def _dangers(at: int, busy: float, chance: random.Random) -> Iterator[Event | Measure]:
    for kind, share in (
        ("person_in_zone", 0.12),
        ("running", 0.06),
        ("person_down", 0.01),
        ("wrong_way", 0.04),
    ):
        if chance.random() < share * busy:
            yield Event(f"hazard.{kind}", at, "loading bay", "checkout", 1, "person", (0.3, 0.7))
            yield Event(
                "hazard.cleared",
                at + 8 * SECOND,
                "loading bay",
                "checkout",
                1,
                "person",
                (0.3, 0.7),
                {"what": kind, "for_s": 8.0},
            )
    yield Measure(
        "hazard.exposure",
        "loading bay",
        at,
        at + 15 * _MINUTE,
        6 * busy * chance.random(),
        "checkout",
    )
