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
# For some seconds the account may make hardly any calls: real 429s, with the headers that go with them.
BURST_LIMITS, ORDINARY_LIMITS = {"hourly": MANY, "burst": 3}, {"hourly": MANY, "burst": MANY}
ENVELOPE_LIMITS = {"envelope_hourly": MANY, "envelope_burst": MANY}
BURST_SHARE = 0.3


class Trouble(threading.Thread):
    """For so many seconds, or until `end()`.

    `randomness`: a seed, so that a run can be repeated as far as processes let it.
    """

    def __init__(self, stack: Stack, *, seconds: float, randomness: int) -> None:
        super().__init__(daemon=True)
        self._seconds = seconds
        self._stack = stack
        self._random = random.Random(randomness)
        self._over = threading.Event()
        self.restarts = self.bursts = 0

    def order(self) -> None:
        for fault in FAULTS:
            self._stack.sandbox.fail_next(**({"count": MANY} | fault))

    def run(self) -> None:
        started = time.monotonic()
        restarts = [(15.0, self._stack.redis.restart), (30.0, self._stack.postgresql.restart)]
        restarts += [(60.0, self._stack.redis.restart)]
        while not self._over.wait(self._random.uniform(*KILL_EVERY_SECONDS)):
            if time.monotonic() - started > self._seconds:
                break
            self._stack.kill(self._random.choice(WORKERS))
            is_busy = self._random.random() < BURST_SHARE
            self._stack.sandbox.set_limits(**(BURST_LIMITS if is_busy else ORDINARY_LIMITS), **ENVELOPE_LIMITS)
            self.bursts += is_busy
            while restarts and time.monotonic() - started > restarts[0][0]:
                restarts.pop(0)[1]()
                self.restarts += 1
        self._stack.sandbox.control("DELETE", "faults")
        self._stack.sandbox.set_limits(**ORDINARY_LIMITS, **ENVELOPE_LIMITS)

    def end(self) -> None:
        self._over.set()
        self.join(timeout=60)
