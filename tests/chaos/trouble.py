"""What goes wrong: faults ordered at the sandbox, workers killed, servers restarted."""

import random
import threading
import time

from .stack import WORKERS, Stack

MANY = 10**9
KILL_EVERY_SECONDS = (4.0, 9.0)

FAULTS = (
    # One call in five fails before the work is done, one in ten after it: the answer is lost, the deed is not.
    {"errorCode": "UNSPECIFIED_ERROR", "status": 500, "probability": 0.10},
    {"drop": True, "probability": 0.10},
    {"drop": True, "when": "after", "probability": 0.05},
    {"errorCode": "UNSPECIFIED_ERROR", "status": 503, "when": "after", "probability": 0.05},
    {"latency_seconds": 0.5, "probability": 0.10},
    {"errorCode": "AUTHORIZATION_INVALID_TOKEN", "status": 401, "probability": 0.01},
    {"target": "connect", "connect": "lose", "probability": 0.10},
    {"target": "connect", "connect": "duplicate", "probability": 0.10},
    {"target": "connect", "connect": "reorder", "probability": 0.10},
)
BURST = {"errorCode": "BURST_APIINVOCATION_LIMIT_EXCEEDED", "status": 429, "count": 15}


class Trouble(threading.Thread):
    """Until `end()`. `randomness`: a seed, so that a run can be repeated as far as processes let it."""

    def __init__(self, stack: Stack, *, randomness: int) -> None:
        super().__init__(daemon=True)
        self._stack = stack
        self._random = random.Random(randomness)
        self._over = threading.Event()
        self.restarts = 0

    def order(self) -> None:
        for fault in FAULTS:
            self._stack.sandbox.fail_next(**({"count": MANY} | fault))

    def run(self) -> None:
        started = time.monotonic()
        restarts = [(20.0, self._stack.redis.restart), (40.0, self._stack.postgresql.restart)]
        restarts += [(60.0, self._stack.redis.restart)]
        while not self._over.wait(self._random.uniform(*KILL_EVERY_SECONDS)):
            self._stack.kill(self._random.choice(WORKERS))
            if self._random.random() < 0.3:
                self._stack.sandbox.fail_next(**BURST)
            while restarts and time.monotonic() - started > restarts[0][0]:
                restarts.pop(0)[1]()
                self.restarts += 1

    def end(self) -> None:
        self._over.set()
        self.join(timeout=60)
        self._stack.sandbox.control("DELETE", "faults")
