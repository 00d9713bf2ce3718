"""Serving: gunicorn in this process, one worker with threads."""

import os
import socket
from typing import Any

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

THREADS = 8


class Server(BaseApplication):
    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
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
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()


def serve(listener: socket.socket) -> None:
    """Until SIGTERM or Ctrl-C."""
    Server(listener).run()
