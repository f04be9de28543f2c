"""Turns are taken in the order of coming, and never by more than there are places."""

import threading
import time
from collections import Counter

import pytest

from sightline.sensor.engines.gate import FairGate


def test_one_after_another_in_the_order_in_which_they_came() -> None:
    gate = FairGate(1)
    order: list[int] = []

    def come(number: int) -> None:
        with gate:
            order.append(number)

    threads = [threading.Thread(target=come, args=(i,)) for i in range(8)]
    with gate:
        for thread in threads:
            waiting = len(gate._queue)
            thread.start()
            while len(gate._queue) == waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


@pytest.mark.parametrize("places", [1, 2, 3])
def test_no_camera_starves(places: int) -> None:
    gate = FairGate(places)
    turns: Counter[int] = Counter()
    inside, most = 0, 0
    lock = threading.Lock()
    together = threading.Barrier(8)
    over = threading.Event()

    def camera(number: int) -> None:
        nonlocal inside, most
        together.wait()
        while not over.is_set():
            with gate:
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.001)
                with lock:
                    inside -= 1
                turns[number] += 1

    threads = [threading.Thread(target=camera, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.4)
    over.set()
    for thread in threads:
        thread.join()
    assert most == places
    assert min(turns.values()) >= 0.8 * max(turns.values()) - places


def test_a_fault_gives_the_place_back() -> None:
    gate = FairGate(1)
    with pytest.raises(RuntimeError), gate:
        raise RuntimeError
    with gate:
        pass
