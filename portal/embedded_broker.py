"""The embedded broker: kombu's file transport, with messages that are there whole or not at all.

As kombu has it, a message's file is visible before it is written, and is moved to a folder of other file systems when
it is read: a reader in between finds an empty file, and its worker dies of it. Here a message appears by one rename and
is taken by another, so one reader gets it; the tables of bindings are read and written one at a time.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps, loads
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem


class Channel(filesystem.Channel):
    def get_table(self, exchange: str) -> Any:
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, *binding: Any) -> None:
        with self._alone():
            super()._queue_bind(*binding)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu overrides itself so
        """Names sort by age, as the reader takes them."""
        folder = Path(self.data_folder_out)
        written = folder / f"{uuid.uuid4()}.part"
        written.write_text(dumps(payload))
        written.rename(folder / f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{uuid.uuid4()}.taken"
            try:
                (folder / name).rename(taken)
            except OSError:
                continue  # another worker was quicker
            payload = taken.read_text()
            taken.unlink()
            return loads(payload)
        raise Empty

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = Path(self.control_folder)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
            yield


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """`filesystem://` means this one from now on."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
