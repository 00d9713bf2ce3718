"""What leaves in a log line names no person and opens nothing."""

import io
import logging
import logging.config
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from portal.access_log import MaskedLogger
from portal.logs import Masked, logging_config, mask

LINK = "Zq3" + "x" * 40


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f'"GET /sign/{LINK}/start/ HTTP/1.1" 404', LINK),
        (f"Not Found: /sign/{LINK}.3/", LINK),
        ("refused: ann.bee+x@example.co.uk", "ann.bee"),
        ("GET /restapi/v2.1/accounts/1/users?email=ann%40example.com", "ann"),
        ("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ"),
        ("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "c2ln"),
        ("connecting to redis://:hunter2@cache:6379/1", "hunter2"),
        ("smtp://mailer:hunter2@mail.example.com", "hunter2"),
        ("GET /docusign/consent/?code=abc123&state=xyz HTTP/1.1", "abc123"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
        ("GET /admin/signing/envelope/?q=Ann+Bee", "Ann"),
    ],
)
def test_secrets_and_addresses_are_cut_out(line: str, secret: str) -> None:
    assert secret in line
    assert secret not in mask(line)


@pytest.mark.parametrize(
    "line", ["envelope 12 refused: 400 · trace token 4f1c", "GET /admin/ HTTP/1.1 200", "12:30 @ x"]
)
def test_all_else_stays_as_it_is(line: str) -> None:
    assert mask(line) == line


def test_a_traceback_is_masked_as_well() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed for %s", ("ann@example.com",), None)
    try:
        raise ValueError("Key (email)=(ann@example.com) already exists")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert "ann@" not in Masked().format(record)


def test_every_handler_of_the_settings_masks() -> None:
    config = logging_config("DEBUG")
    assert {handler["formatter"] for handler in config["handlers"].values()} == {"plain"}
    assert config["formatters"]["plain"]["()"] == "portal.logs.Masked"
    assert config["loggers"]["django"]["handlers"] == []


def test_an_access_log_of_gunicorn_shows_no_link_and_no_readers_address() -> None:
    config = Config()
    config.set("accesslog", "-")
    logger = MaskedLogger(config)
    stream = io.StringIO()
    for handler in logger.access_log.handlers:
        handler.setStream(stream)
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/sign/{LINK}/",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_REFERER": f"https://sign.example.com/sign/{LINK}/",
    }
    response: Any = SimpleNamespace(status="200 OK", sent=12, headers=[])
    logger.access(response, SimpleNamespace(headers=[]), environ, _second())
    line = stream.getvalue()
    assert "GET /sign/…/ HTTP/1.1" in line
    assert LINK not in line
    assert "203.0.113.9" not in line


def _second() -> Any:
    from datetime import timedelta

    return timedelta(seconds=1)
