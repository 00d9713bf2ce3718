"""The door for Connect messages: who is let in, what is kept, what Docusign hears."""

import base64
import threading

import pytest
from django.db import connection
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import status
from signing.models import ConnectMessage, Envelope
from tests.connect import ADDRESS, KEY, message, post, signature, summary
from tests.factories import make_sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT_KEYS = [KEY]


def news(envelope: Envelope) -> bytes:
    return message(envelope, "envelope-delivered", summary(envelope, "delivered", "delivered", "created"))


def test_a_signed_message_is_acknowledged_stored_and_applied() -> None:
    envelope = make_sent()
    assert post(news(envelope)).status_code == 200
    envelope.refresh_from_db()
    assert envelope.status == "delivered"
    row = ConnectMessage.objects.get()
    assert (row.event, row.docusign_id, row.outcome) == ("envelope-delivered", envelope.docusign_id, "applied")
    assert row.body.encode() == news(envelope)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("", id="no header"),
        pytest.param("bm90IGEgc2lnbmF0dXJl", id="wrong signature"),
        pytest.param("hex", id="hexadecimal instead of base64"),
    ],
)
def test_without_a_right_signature_nothing_is_stored(given: str) -> None:
    envelope = make_sent()
    body = news(envelope)
    if given == "hex":
        given = base64.b64decode(signature(body)).hex()
    assert post(body, given).status_code == 401
    assert not ConnectMessage.objects.exists()
    envelope.refresh_from_db()
    assert envelope.status == "sent"


def test_the_signature_is_over_the_raw_bytes() -> None:
    body = news(make_sent())
    assert post(body + b"\n", signature(body)).status_code == 401


def test_any_of_several_keys_will_do_while_a_key_is_changed(settings: Settings) -> None:
    settings.DOCUSIGN_CONNECT_KEYS = ["the-old-one", "the-new-one"]
    body = news(make_sent())
    assert post(body, signature(body, "a-third-one"), signature(body, "the-new-one")).status_code == 200


def test_without_a_key_everything_is_refused_and_the_log_says_why(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DOCUSIGN_CONNECT_KEYS = []
    body = news(make_sent())
    assert post(body, signature(body, "")).status_code == 503
    assert not ConnectMessage.objects.exists()
    assert "DOCUSIGN_CONNECT_KEYS is empty" in caplog.text


def test_a_message_that_is_too_large_is_refused(settings: Settings) -> None:
    body = news(make_sent())
    settings.CONNECT_MAX_BYTES = len(body) - 1
    assert post(body).status_code == 413
    settings.CONNECT_MAX_BYTES = len(body)
    assert post(body).status_code == 200


def test_a_message_may_be_larger_than_djangos_limit_for_forms(settings: Settings) -> None:
    envelope = make_sent()
    large = summary(
        envelope, "delivered", "delivered", "created", emailBlurb="x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
    assert post(message(envelope, "envelope-delivered", large)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"event": "envelope-sent", "data": "?"}'])
def test_signed_rubbish_is_a_bad_request(body: bytes) -> None:
    assert post(body).status_code == 400
    assert not ConnectMessage.objects.exists()


def test_another_content_type_is_a_bad_request() -> None:
    assert post(news(make_sent()), content_type="text/xml").status_code == 400


def test_only_post_is_answered() -> None:
    assert Browser().get(ADDRESS).status_code == 405


def test_an_envelope_of_somebody_else_is_acknowledged_and_kept_as_not_ours() -> None:
    envelope = make_sent()
    told = summary(envelope, "completed", "completed", "completed", customFields={})
    assert post(message(None, "envelope-completed", told, docusign_id="not-ours")).status_code == 200
    assert ConnectMessage.objects.get().outcome == "not_ours"
    envelope.refresh_from_db()
    assert envelope.status == "sent"


def test_an_error_while_applying_is_ours_to_repeat_not_docusigns(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(snapshot: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(status, "apply_snapshot", fails)
    assert post(news(make_sent())).status_code == 200
    row = ConnectMessage.objects.get()
    assert (row.outcome, row.attempts, row.error) == ("failed", 1, "RuntimeError: boom")


def test_neither_log_nor_answer_holds_what_the_message_tells(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        response = post(news(make_sent()))
    assert response.content == b""
    assert "ann@example.com" not in caplog.text
    assert "Ann Bee" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_same_message_many_times_at_once_is_stored_once() -> None:
    body = news(make_sent())
    codes: list[int] = []

    def deliver() -> None:
        try:
            codes.append(post(body).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 8
    assert ConnectMessage.objects.count() == 1
