"""One thread owns the models; a model that hangs costs its own batch and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait

import pytest

from inference.device import Device
from models.errors import ModelFailed, Stopped
from tests.inference.fakes import Recorder


@pytest.fixture
def device() -> Iterator[Device]:
    found = Device(patience=0.1)
    yield found
    found.stop()


def test_all_models_run_on_one_thread_and_never_at_once(device: Device) -> None:
    first, second = Recorder(seconds=0.005), Recorder(seconds=0.005)
    a = device.add("a", lambda: first, limit=2, room=100)
    b = device.add("b", lambda: second, limit=2, room=100)

    futures = [device.put(one, number, chat="", seconds=9) for number in range(10) for one in (a, b)]
    wait(futures, 9)

    assert first.threads == second.threads
    assert len(first.threads) == 1
    assert [future.result() for future in futures[::2]] == list(range(10))


def test_a_model_is_loaded_once_and_only_when_it_is_needed(device: Device) -> None:
    loads: list[str] = []

    def load() -> Recorder:
        loads.append(threading.current_thread().name)
        return Recorder()

    batcher = device.add("a", load, limit=2, room=100)
    assert not loads
    wait([device.put(batcher, number, chat="", seconds=9) for number in range(20)], 9)

    assert loads == ["device-cpu"]


def test_the_model_whose_item_waited_longest_runs_first(device: Device) -> None:
    order: list[str] = []
    gate = threading.Event()
    slow = device.add("gate", lambda: lambda items: [gate.wait(9) for _ in items], limit=1, room=9)
    note = Recorder(order.append)
    a = device.add("a", lambda: note, limit=1, room=9)
    b = device.add("b", lambda: note, limit=1, room=9)

    device.put(slow, 0, chat="", seconds=9)
    last = [device.put(one, name, chat="", seconds=9) for one, name in ((b, "b"), (a, "a"), (b, "b"))]
    gate.set()
    wait(last, 9)

    assert order == ["b", "a", "b"]


def test_a_hung_model_does_not_stop_the_others(device: Device) -> None:
    gate = threading.Event()
    hung = device.add("hung", lambda: lambda items: [gate.wait(9) for _ in items], limit=1, room=9)
    fine = device.add("fine", Recorder, limit=1, room=9)
    stuck = device.put(hung, 0, chat="", seconds=9)
    behind = device.put(fine, "yes", chat="", seconds=9)
    time.sleep(0.15)  # longer than the device's patience

    device.give_up(stuck)

    assert behind.result(5) == "yes"
    with pytest.raises(ModelFailed):
        device.put(hung, 1, chat="", seconds=9)
    gate.set()


def test_a_hung_model_works_again_when_its_call_has_returned(device: Device) -> None:
    gate = threading.Event()
    hung = device.add("hung", lambda: lambda items: [gate.wait(9) for _ in items], limit=1, room=9)
    stuck = device.put(hung, 0, chat="", seconds=9)
    time.sleep(0.15)
    device.give_up(stuck)

    gate.set()
    for _ in range(100):  # until the old thread has come back
        try:
            again = device.put(hung, 1, chat="", seconds=9)
            break
        except ModelFailed:
            time.sleep(0.01)

    assert again.result(5) is True


def test_giving_up_an_item_that_waits_leaves_the_running_batch_alone() -> None:
    device = Device(patience=60)
    gate = threading.Event()
    slow = device.add(
        "slow", lambda: lambda items: [gate.wait(9) and item for item in items], limit=1, room=9
    )
    running = device.put(slow, "running", chat="", seconds=9)
    waiting = device.put(slow, "waiting", chat="", seconds=9)

    device.give_up(waiting)
    gate.set()

    assert running.result(5) == "running"
    assert waiting.cancelled()
    device.stop()


def test_stopping_lets_the_running_batch_finish_and_refuses_the_rest() -> None:
    device = Device()
    slow = Recorder(seconds=0.1)
    batcher = device.add("slow", lambda: slow, limit=1, room=9)
    futures = [device.put(batcher, number, chat="", seconds=9) for number in range(3)]
    while not slow.batches:
        time.sleep(0.001)

    device.stop()

    assert futures[0].result(0) == 0
    assert all(isinstance(future.exception(0), Stopped) for future in futures[1:])
    with pytest.raises(Stopped):
        device.put(batcher, 9, chat="", seconds=9)
