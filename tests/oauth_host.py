"""An OAuth host that counts, and answers as slowly as wanted: the sandbox's does neither."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCOUNT_ID = "fe0b61a3-3b9b-4afe-b7be-4592af32aa9b"


class OAuthHost:
    """`refusal` is the body of a refused grant; empty = granted. `grants` counts the token requests."""

    def __init__(self, *, delay_seconds: float = 0.0) -> None:
        self.delay_seconds = delay_seconds
        self.refusal: dict[str, str] = {}
        self.html = ""
        self.grants = 0
        self.base_url = ""
        self._lock = threading.Lock()

    def answer(self, path: str) -> tuple[int, str]:
        if self.html:
            return 404, self.html
        if path != "/oauth/token":
            account = {"account_id": ACCOUNT_ID, "base_uri": self.base_url, "is_default": True, "account_name": "A"}
            return 200, json.dumps({"sub": "someone", "accounts": [account]})
        with self._lock:
            self.grants += 1
            number = self.grants
        time.sleep(self.delay_seconds)
        if self.refusal:
            return 400, json.dumps(self.refusal)
        return 200, json.dumps({"access_token": f"token-{number}", "token_type": "Bearer", "expires_in": 3600})


@contextmanager
def serving(host: OAuthHost) -> Iterator[OAuthHost]:
    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, text = host.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if text.startswith("{") else "text/html")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = _reply  # noqa: N815  (http.server's names)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
