"""Sessions: who gets in, what is acknowledged when, who is cut."""

import asyncio
from typing import Any

import pytest
from fakewire import Bench, FakeWire, listen, said, settle

from sightline.errors import OutputError
from sightline.hub.gateway.base import Hooks
from sightline.hub.gateway.mqtt.limits import Limits
from sightline.hub.gateway.mqtt.packets import (
    ACCEPTED,
    BAD_CLIENT,
    BAD_CREDENTIALS,
    BAD_PROTOCOL,
    NOT_ALLOWED,
    REFUSED,
    UNAVAILABLE,
    Connack,
    Connect,
    Disconnect,
    Pingreq,
    Pingresp,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
    Will,
    encode,
)  # fmt: skip

DESIRED = "sightline/v1/door/down/desired"
COMMAND = "sightline/v1/door/down/command/c1"


async def test_a_camera_signs_in_and_is_there() -> None:
    bench = Bench()
    wire, connection = await bench.connect()
    assert wire.heard() == [Connack(ACCEPTED)]
    assert bench.endpoint.connected("door")
    assert bench.endpoint.cameras == 1
    connection.received(encode(Pingreq()))
    assert wire.heard() == [Pingresp()]
    connection.received(encode(Disconnect()))
    assert not bench.endpoint.connected("door")
    assert bench.presence == [("door", True), ("door", False)]
    assert wire.closed


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        (Connect("x", True, 0, "door", b"wrong"), NOT_ALLOWED),
        (Connect("x", True, 0, "door", b"boom"), UNAVAILABLE),
        (Connect("x", True, 0, None, None), NOT_ALLOWED),
        (Connect("x", True, 0, "../door", b"secret"), NOT_ALLOWED),
        (Connect("x", True, 0, "door/+", b"secret"), NOT_ALLOWED),
        (Connect("", False, 0, "door", b"secret"), BAD_CLIENT),
        (Connect("x", True, 0, "door", b"secret", level=5), BAD_PROTOCOL),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_who_is_not_let_in_is_told_why(packet: Connect, code: int) -> None:
    bench, wire = Bench(), FakeWire()
    connection = bench.endpoint.accept(wire)
    connection.received(encode(packet))
    await settle()
    assert wire.heard() == [Connack(code)]
    assert wire.closed
    assert bench.endpoint.cameras == 0
    assert code != BAD_CREDENTIALS


async def test_guessing_is_not_looked_at_for_long() -> None:
    bench = Bench()
    for _ in range(8):
        await bench.connect(password="wrong")
    assert len(bench.asked) == 5
    wire, _ = await bench.connect()
    assert wire.heard() == [Connack(NOT_ALLOWED)]
    bench.time += 61
    wire, _ = await bench.connect()
    assert wire.heard() == [Connack(ACCEPTED)]


async def test_nothing_is_heard_before_the_sign_in() -> None:
    bench, wire = Bench(), FakeWire()
    bench.endpoint.accept(wire).received(said())
    assert wire.aborted
    assert bench.arrivals == []


async def test_what_is_said_with_the_sign_in_is_heard_after_it() -> None:
    bench, wire = Bench(), FakeWire()
    connection = bench.endpoint.accept(wire)
    connection.received(encode(Connect("door", user="door", password=b"secret")) + said(id=7))
    assert wire.paused
    assert bench.arrivals == []
    await settle()
    assert wire.heard() == [Connack(ACCEPTED), Puback(7)]
    assert not wire.paused


async def test_acknowledged_is_what_is_stored_in_its_order_at_once() -> None:
    bench = Bench(store_at_once=False)
    wire, connection = await bench.connect()
    wire.heard()
    for id in (5, 6, 7):
        connection.received(said(id=id))
    bench.stored[1].set_result(None)
    await settle()
    assert wire.writes == []
    bench.stored[0].set_result(None)
    await settle()
    assert wire.writes == [encode(Puback(5)) + encode(Puback(6))]
    assert len(bench.arrivals) == 3


async def test_what_was_not_stored_is_not_acknowledged_and_comes_again() -> None:
    bench = Bench(store_at_once=False)
    wire, connection = await bench.connect()
    wire.heard()
    for id in (1, 2, 3):
        connection.received(said(id=id))
    bench.stored[0].set_result(None)
    bench.stored[1].set_exception(OutputError("full"))
    bench.stored[2].set_result(None)
    await settle()
    assert wire.heard() == [Puback(1)]
    assert wire.closed
    assert bench.endpoint.budget.bytes == 0


async def test_a_camera_that_is_ahead_of_the_store_is_not_read_on() -> None:
    bench = Bench(Limits(messages=4), store_at_once=False)
    wire, connection = await bench.connect()
    for id in range(1, 5):
        connection.received(said(id=id))
    assert wire.paused
    for future in bench.stored[:2]:
        future.set_result(None)
    await settle()
    assert not wire.paused


async def test_bytes_count_too() -> None:
    bench = Bench(Limits(bytes=1000), store_at_once=False)
    wire, connection = await bench.connect()
    connection.received(said(b"x" * 1000))
    assert wire.paused
    bench.stored[0].set_result(None)
    await settle()
    assert not wire.paused


async def test_all_together_have_a_limit() -> None:
    bench = Bench(Limits(total_bytes=2000), store_at_once=False)
    cameras = [await bench.connect(name) for name in ("a", "b", "c")]
    for name, (_, connection) in zip("abc", cameras, strict=True):
        connection.received(said(b"x" * 1000, camera=name))
    assert [wire.paused for wire, _ in cameras] == [False, True, True]
    for future in bench.stored:
        future.set_result(None)
    await settle()
    assert not any(wire.paused for wire, _ in cameras)
    assert bench.endpoint.budget.bytes == 0


HOSTILE_TOPICS = (
    "sightline/v1/gate/up/events", "sightline/v1/door/down/desired", "sightline/v1/door/up",
    "sightline/v1/door/../gate/up/events", "$SYS/broker", "/sightline/v1/door/up/events",
    "sightline/v1/door/up/events/x", "sightline/v1/door/up/result/../../x", "up/events",
)  # fmt: skip


@pytest.mark.parametrize("topic", HOSTILE_TOPICS)
@pytest.mark.parametrize("qos", [0, 1])
async def test_a_camera_says_nothing_outside_its_own_topics(topic: str, qos: int) -> None:
    bench = Bench()
    wire, connection = await bench.connect()
    wire.heard()
    connection.received(encode(Publish(topic, b"x", qos, qos)) + said(id=9))
    await settle()
    assert bench.arrivals == []
    assert wire.heard() == []
    assert wire.aborted
    assert bench.endpoint.counts["topic"] == 1


HOSTILE_FILTERS = (
    "#", "+/#", "sightline/#", "sightline/v1/+/down/#", "sightline/v1/gate/down/#",
    "sightline/v1/door/#", "sightline/v1/door/up/#", "sightline/+/door/down/#", "$SYS/#",
    "sightline/v1/door/down", "sightline/v1/door2/down/#",
)  # fmt: skip


@pytest.mark.parametrize("filter", HOSTILE_FILTERS)
async def test_a_camera_hears_nothing_outside_its_own_topics(filter: str) -> None:
    bench = Bench(desired={"door": b"mine", "gate": b"theirs"})
    wire, connection = await bench.connect()
    _, gate = await bench.connect("gate")
    await listen(gate, "gate")
    wire.heard()
    connection.received(encode(Subscribe(3, ((filter, 1),))))
    await bench.endpoint.tell("gate", "sightline/v1/gate/down/desired", b"theirs", True)
    await bench.endpoint.tell("door", DESIRED, b"mine", True)
    await settle()
    assert wire.heard() == [Suback(3, (REFUSED,))]


async def test_the_newest_connection_wins() -> None:
    bench = Bench()
    old, connection = await bench.connect()
    new, _ = await bench.connect()
    assert old.closed
    assert not new.closed
    assert bench.endpoint.connected("door")
    connection.received(said())
    assert bench.arrivals == []
    assert bench.presence == [("door", True), ("door", False), ("door", True)]
    assert bench.endpoint.cameras == 1


async def test_the_desired_state_is_told_to_who_listens() -> None:
    bench = Bench(desired={"door": b"first"})
    wire, connection = await bench.connect()
    wire.heard()
    await listen(connection)
    assert wire.heard() == [Suback(1, (1,)), Publish(DESIRED, b"first", 1, 1, True)]
    connection.received(encode(Puback(1)))
    await bench.endpoint.tell("door", DESIRED, b"second", True)
    assert wire.heard() == [Publish(DESIRED, b"second", 1, 2, True)]
    connection.received(encode(Unsubscribe(4, ("sightline/v1/door/down/#",))))
    await bench.endpoint.tell("door", DESIRED, b"third", True)
    assert wire.heard() == [Unsuback(4)]


async def test_a_kept_session_is_told_again_what_it_did_not_acknowledge() -> None:
    bench = Bench(desired={"door": b"now"})
    wire, connection = await bench.connect(clean=False)
    await listen(connection)
    connection.received(encode(Puback(1)))
    wire.heard()
    await bench.endpoint.tell("door", COMMAND, b"one")
    await bench.endpoint.tell("door", COMMAND, b"two")
    assert [packet.id for packet in wire.heard()] == [2, 3]
    connection.received(encode(Puback(2)))
    connection.end()
    await bench.endpoint.tell("door", COMMAND, b"three")
    await bench.endpoint.tell("door", DESIRED, b"old", True)
    bench.desired["door"] = b"new"
    wire, _ = await bench.connect(clean=False)
    assert wire.heard() == [
        Connack(ACCEPTED, True),
        Publish(COMMAND, b"two", 1, 3, False, True),
        Publish(COMMAND, b"three", 1, 4),
        Publish(DESIRED, b"new", 1, 5, True),
    ]


async def test_a_clean_session_begins_anew() -> None:
    bench = Bench()
    wire, connection = await bench.connect(clean=False)
    await listen(connection)
    await bench.endpoint.tell("door", COMMAND, b"one")
    connection.end()
    wire, connection = await bench.connect(clean=True)
    assert wire.heard() == [Connack(ACCEPTED, False)]
    connection.end()
    wire, _ = await bench.connect(clean=False)
    assert wire.heard() == [Connack(ACCEPTED, False)]


async def test_what_waits_for_a_camera_that_is_away_is_bounded() -> None:
    bench = Bench()
    wire, connection = await bench.connect(clean=False)
    await listen(connection)
    connection.end()
    for i in range(1000):
        await bench.endpoint.tell("door", COMMAND, str(i).encode())
    wire, connection = await bench.connect(clean=False)
    first = [packet for packet in wire.heard() if isinstance(packet, Publish)]
    assert [packet.payload for packet in first] == [str(i).encode() for i in range(872, 888)]
    heard = first
    while heard:
        for packet in heard:
            connection.received(encode(Puback(packet.id)))
        heard = [packet for packet in wire.heard() if isinstance(packet, Publish)]
        first += heard
    assert len(first) == 128
    assert len({packet.payload for packet in first}) == 128


async def test_a_camera_that_was_revoked_is_cut_at_once() -> None:
    bench = Bench()
    wire, connection = await bench.connect(clean=False)
    await bench.endpoint.cut("door")
    assert wire.aborted
    assert not bench.endpoint.connected("door")
    connection.received(said())
    assert bench.arrivals == []
    await bench.endpoint.cut("nobody")


async def test_a_camera_that_is_revoked_while_it_signs_in_does_not_get_in() -> None:
    bench, wire = Bench(), FakeWire()
    connection = bench.endpoint.accept(wire)
    connection.received(encode(Connect("door", user="door", password=b"secret")))
    await bench.endpoint.cut("door")
    await settle()
    assert wire.heard() == [Connack(NOT_ALLOWED)]
    assert not bench.endpoint.connected("door")
    bench.time += 61
    bench.endpoint.sweep()
    wire, _ = await bench.connect()
    assert wire.heard() == [Connack(ACCEPTED)]


async def test_a_will_is_said_for_who_vanishes_and_only_for_him() -> None:
    bench = Bench()
    will = Will("sightline/v1/door/up/health", b"gone")
    _, connection = await bench.connect(will=will)
    connection.received(encode(Disconnect()))
    assert bench.arrivals == []
    _, connection = await bench.connect(will=will)
    connection.end()
    assert [(item.topic, item.payload) for item in bench.arrivals] == [(will.topic, b"gone")]
    foreign = Will("sightline/v1/gate/up/health", b"gone")
    _, connection = await bench.connect(will=foreign)
    connection.end()
    assert len(bench.arrivals) == 1


@pytest.mark.parametrize(
    ("keep_alive", "after", "cut"),
    [(10, 14.0, False), (10, 16.0, True), (0, 1199.0, False), (0, 1201.0, True)],
)
async def test_who_is_silent_is_cut(keep_alive: int, after: float, cut: bool) -> None:
    bench = Bench()
    wire, _ = await bench.connect(keep_alive=keep_alive)
    bench.time += after
    bench.endpoint.sweep()
    assert wire.aborted is cut


async def test_who_never_ends_his_sign_in_is_cut() -> None:
    bench, wire = Bench(), FakeWire()
    connection = bench.endpoint.accept(wire)
    for _ in range(9):
        connection.received(b"")
        bench.time += 1
        bench.endpoint.sweep()
    assert not wire.aborted
    bench.time += 2
    bench.endpoint.sweep()
    assert wire.aborted
    assert bench.endpoint.counts["slow sign-in"] == 1


async def test_who_never_ends_a_packet_is_cut_though_he_goes_on_sending() -> None:
    bench = Bench()
    wire, connection = await bench.connect(keep_alive=600)
    data = said(b"x" * 100)
    for i in range(59):
        connection.received(data[i : i + 1])
        bench.time += 1
        bench.endpoint.sweep()
    assert not wire.aborted
    bench.time += 2
    bench.endpoint.sweep()
    assert wire.aborted
    assert bench.endpoint.counts["slow packet"] == 1


async def test_who_does_not_take_what_he_is_sent_is_cut() -> None:
    bench = Bench()
    wire, connection = await bench.connect()
    wire.stuck = 2 << 20
    connection.received(encode(Pingreq()))
    assert wire.aborted
    assert bench.endpoint.counts["unread"] == 1


async def test_who_is_not_read_is_not_cut_for_his_silence() -> None:
    bench = Bench(Limits(messages=1), store_at_once=False)
    wire, connection = await bench.connect(keep_alive=10)
    connection.received(said())
    assert wire.paused
    bench.time += 100
    bench.endpoint.sweep()
    assert not wire.aborted
    bench.stored[0].set_result(None)
    await settle()
    bench.time += 14
    bench.endpoint.sweep()
    assert not wire.aborted


async def test_strangers_have_a_limit_and_cameras_still_get_in() -> None:
    bench = Bench(Limits(strangers=3))
    crowd = [FakeWire() for _ in range(4)]
    connections = [bench.endpoint.accept(wire) for wire in crowd]
    assert [wire.aborted for wire in crowd] == [False, False, False, True]
    connections[0].end()
    wire, _ = await bench.connect()
    assert wire.heard() == [Connack(ACCEPTED)]


@pytest.mark.parametrize(
    "data", [b"\x00\x00", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\xff" * 100]
)
async def test_noise_is_cut_and_counted(data: bytes) -> None:
    bench, wire = Bench(), FakeWire()
    bench.endpoint.accept(wire).received(data)
    assert wire.aborted
    assert bench.endpoint.counts["malformed"] == 1


async def test_a_stranger_cannot_send_much() -> None:
    bench, wire = Bench(), FakeWire()
    bench.endpoint.accept(wire).received(b"\x10\xff\xff\x03")
    assert wire.aborted


async def test_closing_closes_all() -> None:
    bench = Bench()
    wires = [(await bench.connect(name))[0] for name in ("a", "b")]
    await bench.endpoint.close()
    assert all(wire.closed for wire in wires)
    assert bench.endpoint.cameras == 0


async def test_nothing_secret_is_logged(caplog: Any) -> None:
    bench = Bench()
    await bench.connect(password="hunter2")
    _, connection = await bench.connect()
    connection.received(encode(Publish("elsewhere", b"payload-of-a-camera", 1, 1)))
    assert "elsewhere" in caplog.text
    assert "hunter2" not in caplog.text
    assert "payload-of-a-camera" not in caplog.text


async def test_a_flood_of_small_messages_leaves_nothing_behind() -> None:
    bench = Bench()
    wire, connection = await bench.connect()
    wire.heard()
    for begin in range(0, 5000, 100):
        connection.received(b"".join(said(id=begin + i + 1) for i in range(100)))
        await settle()
    assert len(wire.heard()) == 5000
    assert bench.endpoint.budget.bytes == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_older_desired_state_that_was_being_read_never_comes_after_a_newer() -> None:
    bench = Bench(desired={"door": b"version 1"})
    reading = asyncio.Event()

    async def slowly(camera: str) -> bytes | None:
        found = bench.desired.get(camera)
        await reading.wait()
        return found

    bench.endpoint._hooks = Hooks(bench._admit, slowly, bench._deliver)
    wire, connection = await bench.connect()
    await listen(connection)
    bench.desired["door"] = b"version 2"
    await bench.endpoint.tell("door", DESIRED, b"version 2", retain=True)
    reading.set()
    await settle()
    told = [packet.payload for packet in wire.heard() if isinstance(packet, Publish)]
    assert told == [b"version 2"]
