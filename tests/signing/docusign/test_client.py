"""The wire: what each answer of Docusign means to the caller. Fakes stand at the HTTP edge only."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses
from requests.exceptions import ConnectionError as RequestsConnectionError
from responses import matchers

from signing.docusign import (
    Account,
    Client,
    CredentialsRefusedError,
    DocusignError,
    RateLimitedError,
    RateLimits,
    RequestRefusedError,
    UnavailableError,
)
from signing.docusign.client import new_session
from signing.docusign.types import parse_time

BASE = "https://demo.docusign.net/restapi/v2.1/accounts/acc"
CREATED = {
    "envelopeId": "e-1",
    "status": "sent",
    "uri": "/envelopes/e-1",
    "statusDateTime": "2026-06-18T10:11:12.1230000Z",
}


class Tokens:
    """Hands out token-1, and token-2 after a refusal."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def current(self) -> str:
        return f"token-{len(self.refused) + 1}"

    def renew(self, refused: str) -> str:
        self.refused.append(refused)
        return self.current()


class Ear:
    """Remembers what the client passed on."""

    def __init__(self) -> None:
        self.limits: list[RateLimits] = []
        self.rates: list[RateLimitedError] = []
        self.refusals: list[CredentialsRefusedError] = []
        self.calls = 0

    def before_call(self) -> None:
        self.calls += 1

    def after_answer(self, limits: RateLimits) -> None:
        self.limits.append(limits)

    def rate_limited(self, error: RateLimitedError) -> None:
        self.rates.append(error)

    def refused(self, error: CredentialsRefusedError) -> None:
        self.refusals.append(error)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def client(ear: Ear) -> Client:
    account = Account(account_id="acc", name="", base_uri="https://demo.docusign.net", is_default=True)
    return Client(account=account, access_tokens=Tokens(), session=new_session(), watcher=ear)


def refuse(error_code: str, status: int = 400, **headers: str) -> None:
    responses.post(
        f"{BASE}/envelopes",
        json={"errorCode": error_code, "message": "Because."},
        status=status,
        headers={"X-DocuSign-TraceToken": "trace-1", **headers},
    )


def error_of(client: Client) -> DocusignError:
    with pytest.raises(DocusignError) as caught:
        client.create_envelope({})
    return caught.value


@responses.activate
def test_a_created_envelope_is_read_into_python_values(client: Client) -> None:
    responses.post(f"{BASE}/envelopes", json=CREATED, status=201)
    created = client.create_envelope({"status": "sent"})
    assert created.docusign_id == "e-1"
    assert created.status_changed_at == datetime(2026, 6, 18, 10, 11, 12, 123000, tzinfo=UTC)


@responses.activate
def test_a_refused_token_is_renewed_once_and_the_call_repeated(client: Client) -> None:
    first = matchers.header_matcher({"Authorization": "Bearer token-1"})
    second = matchers.header_matcher({"Authorization": "Bearer token-2"})
    responses.post(f"{BASE}/envelopes", json={"errorCode": "AUTHORIZATION_INVALID_TOKEN"}, status=401, match=[first])
    responses.post(f"{BASE}/envelopes", json=CREATED, status=201, match=[second])
    assert client.create_envelope({}).docusign_id == "e-1"


@responses.activate
def test_a_token_refused_twice_is_a_credentials_error(client: Client) -> None:
    refuse("AUTHORIZATION_INVALID_TOKEN", 401)
    assert isinstance(error_of(client), CredentialsRefusedError)
    assert len(responses.calls) == 2


@pytest.mark.parametrize(
    ("error_code", "status", "kind", "retryable"),
    [
        ("ENVELOPE_IS_INCOMPLETE", 400, RequestRefusedError, False),
        ("USER_LACKS_MEMBERSHIP", 401, CredentialsRefusedError, False),
        ("USER_LACKS_MEMBERSHIP", 400, CredentialsRefusedError, False),
        ("USER_LACKS_PERMISSIONS", 403, RequestRefusedError, False),
        ("HOURLY_APIINVOCATION_LIMIT_EXCEEDED", 400, RateLimitedError, True),
        ("Hourly_Envelope_Polling_Limit_Exceeded", 429, RateLimitedError, True),
        ("", 429, RateLimitedError, True),
        ("hourly_apiinvocation_envelope_limit_exceeded", 400, RateLimitedError, True),
        ("BURST_SOMETHING_NEW_LIMIT_EXCEEDED", 400, RateLimitedError, True),
        ("API_REQUEST_IS_THROTTLED", 400, RateLimitedError, True),
        ("ENVELOPE_SEND_LIMIT_EXCEEDED", 429, RateLimitedError, True),
        ("ENVELOPE_SEND_LIMIT_EXCEEDED", 400, RequestRefusedError, False),
        ("RECIPIENT_LIMIT_EXCEEDED", 400, RequestRefusedError, False),
        ("RECIPIENT_LIMIT_EXCEEDED", 429, RequestRefusedError, False),
        ("user_lacks_membership", 400, CredentialsRefusedError, False),
        ("UNSPECIFIED_ERROR", 500, UnavailableError, True),
        ("", 503, UnavailableError, True),
        ("", 444, UnavailableError, True),
        ("", 302, UnavailableError, True),
    ],
)
@responses.activate
def test_every_answer_has_one_meaning(
    client: Client, error_code: str, status: int, kind: type[DocusignError], retryable: bool
) -> None:
    refuse(error_code, status)
    error = error_of(client)
    assert type(error) is kind
    assert error.retryable is retryable
    assert error.trace_token == "trace-1"
    assert error.staff_message


@responses.activate
def test_the_limits_of_every_answer_are_passed_on(client: Client, ear: Ear) -> None:
    headers = {
        "X-RateLimit-Limit": "3000",
        "X-RateLimit-Remaining": "2999",
        "X-RateLimit-Reset": "1781780400",
        "X-BurstLimit-Limit": "200",
        "X-BurstLimit-Remaining": "many",
    }
    responses.get(f"{BASE}/envelopes", json={}, headers=headers)
    client.find_by_transaction_id("t")
    reset_at = datetime.fromtimestamp(1781780400, UTC)
    assert ear.limits == [RateLimits(3000, 2999, reset_at, 200, None)]


@responses.activate
def test_being_asked_to_wait_is_passed_on(client: Client, ear: Ear) -> None:
    refuse("BURST_APIINVOCATION_LIMIT_EXCEEDED", 429)
    assert ear.rates == [error_of(client)]


@responses.activate
def test_a_call_that_is_kept_back_is_not_sent(client: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep_back() -> None:
        raise RateLimitedError("spent", retry_at=datetime.now(UTC))

    monkeypatch.setattr(ear, "before_call", keep_back)
    assert isinstance(error_of(client), RateLimitedError)
    assert len(responses.calls) == 0


@responses.activate
def test_credentials_refused_twice_are_passed_on_once(client: Client, ear: Ear) -> None:
    refuse("AUTHORIZATION_INVALID_TOKEN", 401)
    assert ear.refusals == [error_of(client)]
    assert ear.calls == 2


@responses.activate
def test_a_search_by_custom_field_names_field_value_and_date(client: Client) -> None:
    query = {"custom_field": "portal_ref=x-1", "from_date": "2026-06-18T10:00:00Z", "include": "recipients"}
    found = {"envelopes": [{"envelopeId": "e-7", "status": "sent"}]}
    responses.get(f"{BASE}/envelopes", json=found, match=[matchers.query_param_matcher(query)])
    envelope = client.find_by_custom_field("portal_ref", "x-1", from_at=datetime(2026, 6, 18, 10, tzinfo=UTC))
    assert envelope is not None
    assert envelope.docusign_id == "e-7"


@responses.activate
def test_an_html_error_page_does_not_hide_the_error(client: Client) -> None:
    responses.post(f"{BASE}/envelopes", body="<html>Bad gateway</html>", status=502)
    assert isinstance(error_of(client), UnavailableError)


@responses.activate
def test_a_success_that_is_not_json_leaves_the_outcome_unknown(client: Client) -> None:
    responses.post(f"{BASE}/envelopes", body="<html>OK</html>", status=201)
    error = error_of(client)
    assert isinstance(error, UnavailableError)
    assert error.outcome_unknown


@pytest.mark.parametrize("body", [{}, [], "text", {"envelopeId": "e-1"}])
@responses.activate
def test_a_success_without_what_we_need_leaves_the_outcome_unknown(client: Client, body: object) -> None:
    responses.post(f"{BASE}/envelopes", json=body, status=201)
    error = error_of(client)
    assert isinstance(error, UnavailableError)
    assert error.outcome_unknown


@responses.activate
def test_the_hourly_limit_ends_when_the_server_says(client: Client) -> None:
    reset_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=17)
    refuse("HOURLY_APIINVOCATION_LIMIT_EXCEEDED", 429, **{"X-RateLimit-Reset": str(int(reset_at.timestamp()))})
    error = error_of(client)
    assert isinstance(error, RateLimitedError)
    assert error.retry_at == reset_at


@pytest.mark.parametrize("reset", ["", "soon", "99999999999999999999", "0"])
@responses.activate
def test_a_nonsensical_reset_time_means_half_a_minute(client: Client, reset: str) -> None:
    refuse("HOURLY_APIINVOCATION_LIMIT_EXCEEDED", 429, **{"X-RateLimit-Reset": reset})
    error = error_of(client)
    assert isinstance(error, RateLimitedError)
    assert timedelta(seconds=25) < error.retry_at - datetime.now(UTC) < timedelta(seconds=35)


@responses.activate
def test_a_timeout_after_sending_leaves_the_outcome_unknown(client: Client) -> None:
    responses.post(f"{BASE}/envelopes", body=requests.ReadTimeout())
    error = error_of(client)
    assert isinstance(error, UnavailableError)
    assert error.outcome_unknown


@responses.activate
def test_a_broken_connection_leaves_the_outcome_unknown(client: Client) -> None:
    responses.post(f"{BASE}/envelopes", body=RequestsConnectionError("reset by peer"))
    error = error_of(client)
    assert isinstance(error, UnavailableError)
    assert error.outcome_unknown


def test_a_connection_that_was_never_made_did_nothing() -> None:
    account = Account(account_id="acc", name="", base_uri="http://127.0.0.1:9", is_default=True)
    client = Client(account=account, access_tokens=Tokens(), session=new_session(), watcher=Ear())
    error = error_of(client)
    assert isinstance(error, UnavailableError)
    assert not error.outcome_unknown


@responses.activate
def test_a_list_is_read_to_its_last_page(client: Client) -> None:
    for start, next_uri in (("0", "/envelopes?start_position=2"), ("2", "")):
        responses.get(
            f"{BASE}/envelopes",
            json={"envelopes": [{"envelopeId": f"{start}-{n}", "status": "sent"} for n in (1, 2)], "nextUri": next_uri},
            match=[matchers.query_param_matcher({"start_position": start}, strict_match=False)],
        )
    found = client.list_envelopes(envelope_ids=["a", "b"])
    assert [snapshot.docusign_id for snapshot in found] == ["0-1", "0-2", "2-1", "2-2"]


@responses.activate
def test_without_a_next_uri_the_total_says_whether_there_is_more(client: Client) -> None:
    for start in ("0", "1"):
        responses.get(
            f"{BASE}/envelopes",
            json={"envelopes": [{"envelopeId": start, "status": "sent"}], "totalSetSize": "2"},
            match=[matchers.query_param_matcher({"start_position": start}, strict_match=False)],
        )
    assert [snapshot.docusign_id for snapshot in client.list_envelopes(envelope_ids=["a"])] == ["0", "1"]


@responses.activate
def test_an_empty_list_has_no_envelopes_key(client: Client) -> None:
    responses.get(f"{BASE}/envelopes", json={"resultSetSize": "0", "nextUri": ""})
    assert list(client.list_envelopes(envelope_ids=["a"])) == []


@responses.activate
def test_recipients_of_every_kind_are_read(client: Client) -> None:
    envelope = {
        "envelopeId": "e-1",
        "status": "Delivered",
        "recipients": {
            "signers": [{"recipientId": "1", "status": "Completed", "routingOrder": "2"}],
            "carbonCopies": [{"recipientId": 2, "status": "sent"}],
            "recipientCount": "2",
        },
    }
    responses.get(f"{BASE}/envelopes", json={"envelopes": [envelope]})
    (snapshot,) = client.list_envelopes(envelope_ids=["e-1"])
    assert snapshot.status == "delivered"
    assert [(r.recipient_id, r.status, r.routing_order) for r in snapshot.recipients] == [
        ("1", "completed", 2),
        ("2", "sent", 1),
    ]


@responses.activate
def test_a_lost_envelope_is_found_by_its_transaction_id_alone(client: Client) -> None:
    """Docusign may answer with `envelopeTransactionStatuses` instead of `envelopes`."""
    statuses = [{"envelopeId": "e-9", "status": "sent", "transactionId": "t"}]
    responses.get(f"{BASE}/envelopes", json={"envelopeTransactionStatuses": statuses})
    found = client.find_by_transaction_id("t")
    assert found is not None
    assert found.docusign_id == "e-9"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-05-29T17:11:56.1800000Z", datetime(2016, 5, 29, 17, 11, 56, 180000, tzinfo=UTC)),
        ("2016-05-29T17:11:56Z", datetime(2016, 5, 29, 17, 11, 56, tzinfo=UTC)),
        ("2016-05-29T17:11:56", datetime(2016, 5, 29, 17, 11, 56, tzinfo=UTC)),
        ("2016-05-29T10:11:56-07:00", datetime(2016, 5, 29, 17, 11, 56, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_docusigns_times_are_read_as_utc(text: str | None, expected: datetime | None) -> None:
    assert parse_time(text) == expected
