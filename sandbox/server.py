"""Serving: gunicorn in this process, one worker with threads."""

import os
import socket
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from . import faults, housekeeping

THREADS = 8


class Server(BaseApplication):
    def __init__(self, listener: socket.socket, tls: tuple[Path, Path] | None) -> None:
        self._listener = listener
        self._tls = tls
        super().__init__()

    def load_config(self) -> None:
        # The worker inherits the bound socket by its number.
        os.set_inheritable(self._listener.fileno(), True)
        options: dict[str, Any] = {
            "bind": f"fd://{self._listener.fileno()}",
            "worker_class": "gthread",
            "threads": THREADS,
            "workers": 1,
            "loglevel": "warning",
            "timeout": 120,
            "graceful_timeout": 3,
            "control_socket_disable": True,
        }
        if self._tls:
            options |= {"certfile": str(self._tls[0]), "keyfile": str(self._tls[1])}
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """In the worker's own process."""
        application = get_wsgi_application()
        housekeeping.start()
        return faults.closing_dropped_connections(application)


def serve(listener: socket.socket, tls: tuple[Path, Path] | None) -> None:
    """Until SIGTERM or Ctrl-C. `tls`: paths of certificate and key, or None for plain http."""
    Server(listener, tls).run()
