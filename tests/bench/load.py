"""Load from several client processes, each with one connection that is kept open.

The clients do as little as they can, for they share the machine with what they measure: requests are bytes made before
the clock starts, and of an answer only the status and the length are read.
"""

import multiprocessing
import socket
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CLIENTS = 2
PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Result:
    count: int
    seconds: float
    latencies_ms: list[float]
    client_cpu_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.latencies_ms)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.latencies_ms, n=20)[-1]


def run(base_url: str, headers: Mapping[str, str], requests: Sequence[Request], expected: int) -> Result:
    """All requests, shared out among the clients. Raises RuntimeError at the first answer with another status."""
    address = urlsplit(base_url)
    place = (address.hostname or "", address.port or 80)
    shares = [[_wire(place, headers, request) for request in requests[number::CLIENTS]] for number in range(CLIENTS)]
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(CLIENTS + 1)
    with context.Pool(CLIENTS, _meet_at, (ready,)) as pool:
        sending = pool.starmap_async(_send, [(place, share, expected) for share in shares], chunksize=1)
        ready.wait(60)
        started = time.perf_counter()
        sent = sending.get()
        seconds = time.perf_counter() - started
    latencies = [value for share, _ in sent for value in share]
    return Result(len(requests), seconds, latencies, sum(cpu for _, cpu in sent))


def timed(deed: Callable[[], Any]) -> tuple[Any, float]:
    """The deed's result and its seconds."""
    started = time.perf_counter()
    result = deed()
    return result, time.perf_counter() - started


def _wire(place: tuple[str, int], headers: Mapping[str, str], request: Request) -> bytes:
    lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: {place[0]}:{place[1]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(request.body)}"] if request.body else []
    return "\r\n".join([*lines, "", ""]).encode() + request.body


_ready: Any = None


def _meet_at(barrier: Any) -> None:
    global _ready
    _ready = barrier


def _send(place: tuple[str, int], wires: list[bytes], expected: int) -> tuple[list[float], float]:
    """Latencies in ms, and the CPU seconds it took here. The clock starts when every client is there."""
    with socket.create_connection(place, timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _ready.wait(60)
        cpu, latencies = time.process_time(), []
        for wire in wires:
            started = time.perf_counter()
            connection.sendall(wire)
            status, answer = _receive(connection)
            latencies.append((time.perf_counter() - started) * 1000)
            if status != expected:
                raise RuntimeError(f"{wire[:200]!r}: HTTP {status}: {answer[:600]!r}")
        return latencies, time.process_time() - cpu


def _receive(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the whole answer, whose length it says itself."""
    answer = connection.recv(PIECE)
    while (head := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    _, _, after = answer[:head].lower().partition(b"\r\ncontent-length:")
    missing = head + 4 + int(after.partition(b"\r\n")[0]) - len(answer)
    pieces = [answer]
    while missing > 0:
        pieces.append(_more(connection))
        missing -= len(pieces[-1])
    return int(answer[9:12]), b"".join(pieces)


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(PIECE)
    if not piece:
        raise RuntimeError("the connection was closed before the answer ended")
    return piece
