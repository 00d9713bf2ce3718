"""How the process serves: connections that are kept open, and the end."""

import http.client
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from tests.sandbox.api import Api
from tests.sandbox_process import SandboxProcess

HEALTH = "/_sandbox/health"


def connect(sandbox: SandboxProcess) -> http.client.HTTPConnection:
    address = urlsplit(sandbox.base_url)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)


def ask(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", HEALTH)
    response = connection.getresponse()
    response.read()
    return response.status


def test_connections_kept_open_by_many_clients_all_stay_of_use(sandbox: SandboxProcess) -> None:
    connections = [connect(sandbox) for _ in range(20)]  # more than it has threads
    sockets = []
    for _ in range(3):
        assert [ask(connection) for connection in connections] == [200] * 20
        sockets.append([connection.sock for connection in connections])
    assert sockets[0] == sockets[1] == sockets[2]
    for connection in connections:
        connection.close()


def test_two_requests_sent_at_once_are_both_answered(sandbox: SandboxProcess) -> None:
    connection = connect(sandbox)
    connection.connect()
    connection.sock.sendall(f"GET {HEALTH} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 2)
    answers = b""
    while answers.count(b'"status"') < 2:
        piece = connection.sock.recv(4096)
        assert piece
        answers += piece
    assert answers.count(b"HTTP/1.1 200") == 2
    connection.close()


def test_calls_of_many_clients_at_once_are_each_written_once(api: Api) -> None:
    with ThreadPoolExecutor(12) as pool:
        responses = list(pool.map(lambda number: api.create(transactionId=f"t{number}"), range(24)))
    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["envelopeId"] for response in responses}) == 24
    assert api.call("GET", "/envelopes?from_date=2020-01-01&count=1").json()["totalSetSize"] == "24"
    assert len(api.sandbox.requests("POST", "/envelopes")) == 24


def test_it_ends_soon_though_a_client_keeps_its_connection_open(tmp_path: Path) -> None:
    sandbox = SandboxProcess(tmp_path)
    connection = connect(sandbox)
    assert ask(connection) == 200
    started = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - started < 10
    connection.close()


def test_a_serving_process_that_dies_is_replaced_and_knows_its_envelopes(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path) as sandbox:
        api = Api(sandbox)
        envelope_id = api.envelope()
        (worker,) = Path(f"/proc/{sandbox.pid}/task/{sandbox.pid}/children").read_text().split()
        os.kill(int(worker), signal.SIGKILL)
        assert api.get(envelope_id)["status"] == "sent"
