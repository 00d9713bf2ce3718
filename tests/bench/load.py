"""Load from several client processes, each with one connection that is kept open."""

import http.client
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CLIENTS = 2


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

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.latencies_ms)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.latencies_ms, n=20)[-1]


def run(base_url: str, headers: dict[str, str], requests: Sequence[Request], expected: int) -> Result:
    """All requests, shared out among the clients. Raises RuntimeError at the first answer with another status."""
    shares = [list(requests[number::CLIENTS]) for number in range(CLIENTS)]
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        pool.map(_warm_up, range(CLIENTS))
        started = time.perf_counter()
        latencies = pool.starmap(_send, [(base_url, headers, share, expected) for share in shares], chunksize=1)
        seconds = time.perf_counter() - started
    return Result(len(requests), seconds, [value for share in latencies for value in share])


def timed(deed: Callable[[], Any]) -> tuple[Any, float]:
    """The deed's result and its seconds."""
    started = time.perf_counter()
    result = deed()
    return result, time.perf_counter() - started


def _warm_up(number: int) -> int:
    """The pool's processes are there before the clock starts."""
    time.sleep(0.2)
    return number


def _send(base_url: str, headers: dict[str, str], requests: list[Request], expected: int) -> list[float]:
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    latencies = []
    for request in requests:
        started = time.perf_counter()
        connection.request(request.method, request.path, request.body or None, headers)
        response = connection.getresponse()
        content = response.read()
        latencies.append((time.perf_counter() - started) * 1000)
        if response.status != expected:
            raise RuntimeError(f"{request.method} {request.path}: HTTP {response.status}: {content[:300]!r}")
    connection.close()
    return latencies
