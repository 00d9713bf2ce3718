"""The healthy portal."""

import socketserver
import threading
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.sandbox_process import SandboxProcess

from .portals import KEY, OTHER_KEY, show_life


class _Greeter(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to come in and leave."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.test ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 mail.test\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def mail_port() -> Iterator[int]:
    """A mail server on this machine that lets everyone in."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Greeter) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def portal(
    transactional_db: None, docusign: SandboxProcess, live_server: LiveServer, settings: Settings, mail_port: int
) -> SandboxProcess:
    """The sandbox behind a portal that really answers, with nothing wrong."""
    settings.PORTAL_BASE_URL = live_server.url
    settings.DOCUSIGN_CONNECT = "envelope"
    settings.DOCUSIGN_CONNECT_KEYS = [KEY, OTHER_KEY]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_port
    settings.TIME_ZONE = "Europe/Berlin"
    show_life()
    return docusign
