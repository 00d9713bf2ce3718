"""Serving: gunicorn with one worker of many threads. Django is loaded in the worker alone, so it is in memory once."""

import os
import select
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

THREADS = 8
LINGER_MS = 10
Pair = tuple[Path, Path]


class LingeringWorker(ThreadWorker):
    """A thread that has answered stays with its connection for a moment: a busy client's next call is soon there, and
    to hand the connection to the main thread and back costs as much as many a call.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counting = threading.Lock()
        self._waiting = 0  # connections that no thread has taken up yet

    def enqueue_req(self, conn: TConn) -> None:
        with self._counting:
            self._waiting += 1
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        with self._counting:
            self._waiting -= 1
        stays = super().handle(conn)
        while stays is True and self._has_next(conn):
            stays = super().handle(conn)
        return stays

    def _has_next(self, conn: TConn) -> bool:
        if self._waiting or not self.alive or conn.parser.unreader.buf.getvalue():
            return False
        if isinstance(conn.sock, ssl.SSLSocket) and conn.sock.pending():
            return True
        next_call = select.poll()
        next_call.register(conn.sock, select.POLLIN)
        return bool(next_call.poll(LINGER_MS))


class Server(BaseApplication):
    def __init__(self, listener: socket.socket, prepare: Callable[[], Pair | None]) -> None:
        self._listener = listener
        self._prepare = prepare
        super().__init__()

    def load_config(self) -> None:
        # The worker inherits the bound socket by its number.
        os.set_inheritable(self._listener.fileno(), True)
        options: dict[str, Any] = {
            "bind": f"fd://{self._listener.fileno()}",
            "worker_class": LingeringWorker,
            "threads": THREADS,
            "workers": 1,
            "loglevel": "warning",
            "timeout": 120,
            "graceful_timeout": 3,
            "control_socket_disable": True,
        }
        self._set(options)

    def load(self) -> Any:
        """In the worker's own process."""
        if pair := self._prepare():
            self._set({"certfile": str(pair[0]), "keyfile": str(pair[1])})
        from django.core.wsgi import get_wsgi_application

        from . import faults, housekeeping

        application = get_wsgi_application()
        housekeeping.start()
        return faults.closing_dropped_connections(application)

    def _set(self, options: dict[str, Any]) -> None:
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)


def serve(listener: socket.socket, prepare: Callable[[], Pair | None]) -> None:
    """Until SIGTERM or Ctrl-C. `prepare` is called in the worker before it serves: the paths of certificate and key, or
    None for plain http.
    """
    Server(listener, prepare).run()
