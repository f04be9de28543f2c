"""A simulated fleet says what real cameras say, and all of it arrives."""

import asyncio
from functools import partial
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric import ec
from hubkit import Store
from mqttpeers import tcp_gateway
from sqlalchemy import func, select

from sightline.hub.simulation.identity import Identity
from sightline.hub.simulation.people import People
from sightline.hub.simulation.simulation import Simulation
from sightline.hub.store.tables.delivery import boots, gaps
from sightline.hub.store.tables.events import events
from sightline.hub.store.tables.frames import tail
from sightline.wire.control import Command, Desired, Reported, Watch, decode_control, encode_control
from sightline.wire.topics import down


def fleet(port: int, count: int) -> list[Identity]:
    key = ec.generate_private_key(ec.SECP256R1())
    return [Identity(f"sim-{i}", key, f"mqtt://127.0.0.1:{port}", "") for i in range(count)]


def total(column: Any, connection: Any) -> int:
    return int(connection.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())


async def test_all_that_a_fleet_says_is_stored_once(small_store: Store) -> None:
    async with tcp_gateway(small_store) as (endpoint, registry, port):
        registry.admits_all = True
        registry.wanted = encode_control(Desired(1, {}))
        simulation = Simulation(fleet(port, 20), fps=5, people=3)
        async with simulation:
            while simulation.told.frames < 20 * 5 * 3:
                await asyncio.sleep(0.05)
            for name in ("sim-0", "sim-3"):  # a pulled cable
                endpoint._sessions[name].connection.wire.abort()
            while simulation.told.frames < 20 * 5 * 5 or simulation.waiting:
                await asyncio.sleep(0.01)
            told = (simulation.told.frames, simulation.told.detections, simulation.told.events)
            read = small_store.database.read
            assert await read(partial(total, tail.c.frames)) == told[0]
            assert await read(partial(total, tail.c.objects)) == told[1]
            assert (
                await read(lambda c: c.execute(select(func.count(events.c.id))).scalar()) == told[2]
            )
        assert await read(lambda c: c.execute(select(func.count()).select_from(gaps)).scalar()) == 0
        assert (
            await read(lambda c: c.execute(select(func.count()).select_from(boots)).scalar()) == 20
        )


async def test_a_simulated_camera_that_is_watched_tells_each_picture(small_store: Store) -> None:
    async with tcp_gateway(small_store) as (endpoint, registry, port):
        registry.admits_all = True
        registry.wanted = encode_control(Desired(1, {}))
        simulation = Simulation(fleet(port, 3), fps=5, people=2)
        async with simulation:
            while simulation.connected < 3:
                await asyncio.sleep(0.01)
            watch = encode_control(Watch(0.1, 30.0))
            await endpoint.tell("sim-1", down("sim-1", "watch"), watch)
            while simulation.told.frames < 3 * 5 * 4:
                await asyncio.sleep(0.05)
            await simulation.quiet()
            pictures = {camera.name: camera.picture for camera in simulation.cameras}

            def parcels(connection: Any) -> dict[str, tuple[int, int]]:
                query = select(tail.c.camera, func.count(), func.sum(tail.c.frames))
                rows = connection.execute(query.group_by(tail.c.camera)).all()
                return {name: (count, frames) for name, count, frames in rows}

            stored = await small_store.database.read(parcels)
    assert {name: frames for name, (_, frames) in stored.items()} == pictures
    assert stored["sim-1"][0] > 2 * stored["sim-0"][0]
    # Both began within a second of each other, and one was heard up to a second ago.
    assert abs(pictures["sim-1"] - pictures["sim-0"]) <= 2 * 5


async def test_a_simulated_camera_answers(small_store: Store) -> None:
    heard: list[tuple[str, bytes]] = []
    async with tcp_gateway(small_store) as (endpoint, registry, port):
        registry.admits_all = True
        registry.wanted = encode_control(Desired(7, {"fps": 5}))
        endpoint.deliver = _listening(endpoint.deliver, heard)
        async with Simulation(fleet(port, 1)):
            while not any(topic.endswith("/reported") for topic, _ in heard):
                await asyncio.sleep(0.01)
            await endpoint.tell(
                "sim-0", down("sim-0", "command", "c1"), encode_control(Command("c1", "snapshot"))
            )
            while not any(topic.endswith("/result/c1") for topic, _ in heard):
                await asyncio.sleep(0.01)
    [reported] = [payload for topic, payload in heard if topic.endswith("/reported")]
    assert decode_control(Reported, reported, "it").version == 7


def _listening(deliver: Any, heard: list[tuple[str, bytes]]) -> Any:
    def both(arrival: Any) -> Any:
        heard.append((arrival.topic, arrival.payload))
        return deliver(arrival)

    return both


def test_people_walk_leave_and_come_back_as_others() -> None:
    people = People(50, 3, seed=1)
    which, tracks, crossings = np.arange(50), set(), 0
    for step in range(1200):
        crossings += int(np.abs(people.step(which, 0.1)).sum())
        tracks |= set(people.track[people.here].tolist())
        boxes = people.boxes(which, step / 10)[people.here]
        assert (boxes[:, 2:] > boxes[:, :2]).all()
        assert boxes[:, [0, 2]].min() > -0.3
        assert boxes[:, [0, 2]].max() < 1.3
    assert 0.3 < people.here.mean() < 0.95
    assert len(tracks) > 500
    assert crossings > 400


def test_what_a_while_brings_is_said_at_once_for_who_asks() -> None:
    simulation = Simulation(fleet(1, 2), fps=4, people=2)
    simulation.ahead(5)
    for camera in simulation.cameras:
        frames = [topic for topic, _, _ in camera.session.unsent if topic.endswith("/frames")]
        assert len(frames) == 5
    assert simulation.told.frames == 2 * 5 * 4
