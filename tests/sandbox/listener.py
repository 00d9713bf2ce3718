"""A listener for Connect: a real HTTP server that keeps what it is told and answers as ordered."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Told:
    headers: dict[str, str]  # by their names in lower case
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)
        return data

    @property
    def event(self) -> str:
        return str(self.json["event"])


class Listener:
    """`told`: the messages received, in order. `answers`: statuses of the next answers, then 200; a status of 0 is a
    closed connection without an answer.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.told: list[Told] = []
        self.answers: list[int] = []
        self._something_came = threading.Event()
        self._may_answer = threading.Event()
        self._may_answer.set()

    @property
    def events(self) -> list[str]:
        return [told.event for told in self.told]

    def take(self, told: Told) -> int:
        self.told.append(told)
        self._something_came.set()
        self._may_answer.wait()
        return self.answers.pop(0) if self.answers else 200

    def hold(self) -> None:
        """Answer nobody until `let_go`."""
        self._may_answer.clear()

    def let_go(self) -> None:
        self._may_answer.set()

    def first_within(self, seconds: float) -> Told:
        assert self._something_came.wait(seconds), "nothing was told"
        return self.told[0]


@contextmanager
def listening() -> Iterator[Listener]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    listener = Listener(f"http://127.0.0.1:{server.server_address[1]}/connect")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = listener.take(Told(headers, body))
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Location", listener.url)  # to follow it would be wrong
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.let_go()
        server.shutdown()
        server.server_close()
        thread.join()
