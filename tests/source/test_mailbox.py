"""The newest picture, and every event in its place."""

import threading
import time

import numpy as np

from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.source.mailbox import Mailbox
from sightline.wire.messages import Event


def frame(number: int) -> Frame:
    return Frame(RgbPicture(np.zeros((2, 2, 3), np.uint8)), number, number)


def taken(mailbox: Mailbox) -> list[object]:
    items: list[object] = []
    while item := mailbox.take(0):
        items.append(item.sequence if isinstance(item, Frame) else item.kind)
    return items


def test_only_the_newest_picture_waits() -> None:
    mailbox = Mailbox()
    assert [mailbox.put_newest(frame(number)) for number in range(3)] == [False, True, True]
    assert taken(mailbox) == [2]


def test_events_keep_their_place_before_the_newest_picture() -> None:
    mailbox = Mailbox()
    mailbox.put_newest(frame(0))
    mailbox.put(Event("lost", 1))
    mailbox.put(Event("connected", 2))
    mailbox.put_newest(frame(1))
    mailbox.put(Event("stalled", 3))
    assert taken(mailbox) == ["lost", "connected", 1, "stalled"]


def test_an_absent_reader_does_not_fill_the_memory() -> None:
    mailbox = Mailbox()
    for number in range(5000):
        mailbox.put(Event(str(number), number))
    items = taken(mailbox)
    assert len(items) == 256
    assert items[-1] == "4999"


def test_a_recording_waits_until_its_picture_is_taken() -> None:
    mailbox = Mailbox()

    def write() -> None:
        for number in range(20):
            mailbox.put_patiently(frame(number))

    writer = threading.Thread(target=write)
    writer.start()
    numbers: list[int] = []
    while len(numbers) < 20:
        item = mailbox.take(2)
        assert isinstance(item, Frame)
        numbers.append(item.sequence)
    writer.join()
    assert numbers == list(range(20))


def test_closing_wakes_everybody_at_once() -> None:
    mailbox = Mailbox()
    mailbox.put_newest(frame(0))
    threading.Timer(0.1, mailbox.close).start()
    begun = time.monotonic()
    mailbox.put_patiently(frame(1))
    taken(mailbox)
    assert mailbox.take(30) is None
    assert not mailbox.wait(30)
    assert time.monotonic() - begun < 5
