"""Messages between processes without a server: each arrives whole, and once."""

import multiprocessing
from collections import Counter
from pathlib import Path

from kombu import Connection
from kombu.simple import SimpleQueue

from portal.embedded_broker import register
from portal.schedule import transport_options

WRITERS, READERS, MESSAGES_EACH = 3, 3, 150
CONTENT = "x" * 20_000
processes = multiprocessing.get_context("spawn")


def queue_in(folder: Path) -> SimpleQueue:
    register()
    options = transport_options("filesystem://", folder) | {"polling_interval": 0}
    return Connection("filesystem://", transport_options=options).SimpleQueue("signing")


def write(folder: Path, writer: int) -> None:
    queue = queue_in(folder)
    for number in range(MESSAGES_EACH):
        queue.put({"number": writer * MESSAGES_EACH + number, "content": CONTENT})


def read(folder: Path, found: "multiprocessing.Queue[int]") -> None:
    queue = queue_in(folder)
    while True:
        try:
            message = queue.get(timeout=5)
        except queue.Empty:
            return
        assert message.payload["content"] == CONTENT
        found.put(message.payload["number"])
        message.ack()


def test_processes_that_write_and_read_at_once_lose_double_and_tear_nothing(tmp_path: Path) -> None:
    found: multiprocessing.Queue[int] = processes.Queue()
    readers = [processes.Process(target=read, args=(tmp_path, found)) for _ in range(READERS)]
    writers = [processes.Process(target=write, args=(tmp_path, number)) for number in range(WRITERS)]
    for process in (*readers, *writers):
        process.start()
    counts = Counter(found.get(timeout=60) for _ in range(WRITERS * MESSAGES_EACH))
    for process in (*readers, *writers):
        process.join()
    assert [process.exitcode for process in (*readers, *writers)] == [0] * (READERS + WRITERS)
    assert set(counts.values()) == {1}
    assert found.empty()
