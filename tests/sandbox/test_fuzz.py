"""Whatever is thrown at the API: an answer with a code, never a crash, never half an envelope."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .api import Api, definition, document, signer

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
DEFINITION_KEYS = ["status", "emailSubject", "emailBlurb", "documents", "recipients", "customFields", "transactionId"]
SIGNER_KEYS = ["recipientId", "name", "email", "routingOrder", "clientUserId", "tabs", "note"]
TAB_KEYS = ["documentId", "pageNumber", "xPosition", "yPosition", "anchorString", "anchorUnits", "width", "scaleValue"]
DOCUMENT_KEYS = ["documentId", "name", "fileExtension", "documentBase64", "order"]
VIEW_KEYS = ["returnUrl", "authenticationMethod", "email", "userName", "clientUserId", "frameAncestors", "userId"]


def changed(keys: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), anything, min_size=1, max_size=3)


def check(api: Api, method: str, path: str, body: Any) -> None:
    """NaN and infinities travel as JSON's well-known extensions, as careless clients send them."""
    response = api.call(method, path, body) if _is_json(body) else api.call(method, path, {})
    assert response.status_code < 500, (body, response.text)
    if response.status_code >= 400:
        assert set(response.json()) == {"errorCode", "message"}


def _is_json(value: Any) -> bool:
    """What `requests` agrees to send at all."""
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    if isinstance(value, dict):
        return all(_is_json(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    return True


@SLOW
@given(changes=changed(DEFINITION_KEYS))
def test_any_definition_is_answered(api: Api, changes: dict[str, Any]) -> None:
    check(api, "POST", "/envelopes", definition() | changes)


@SLOW
@given(changes=changed(SIGNER_KEYS))
def test_any_signer_is_answered(api: Api, changes: dict[str, Any]) -> None:
    check(api, "POST", "/envelopes", definition(recipients={"signers": [signer(1) | changes]}))


@SLOW
@given(changes=changed(TAB_KEYS))
def test_any_tab_is_answered(api: Api, changes: dict[str, Any]) -> None:
    tab = {"documentId": "1", "pageNumber": "1", "xPosition": "1", "yPosition": "1"} | changes
    check(api, "POST", "/envelopes", definition(recipients={"signers": [signer(1, tabs={"textTabs": [tab]})]}))


@SLOW
@given(changes=changed(DOCUMENT_KEYS))
def test_any_document_is_answered(api: Api, changes: dict[str, Any]) -> None:
    check(api, "POST", "/envelopes", definition(documents=[document() | changes]))


@SLOW
@given(changes=changed(VIEW_KEYS))
def test_any_view_request_is_answered(api: Api, changes: dict[str, Any]) -> None:
    body = {
        "returnUrl": "http://portal.test/",
        "authenticationMethod": "none",
        "email": "s1@example.com",
        "userName": "Signer 1",
        "clientUserId": "c1",
    }
    check(api, "POST", f"/envelopes/{_some_envelope(api)}/views/recipient", body | changes)


@SLOW
@given(body=anything)
def test_any_update_is_answered(api: Api, body: Any) -> None:
    check(api, "PUT", f"/envelopes/{_some_envelope(api)}", body)


@SLOW
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["from_date", "to_date", "status", "count", "start_position", "envelope_ids", "include", "order"]
        ),
        st.text(max_size=20),
        max_size=4,
    )
)
def test_any_query_is_answered(api: Api, query: dict[str, str]) -> None:
    response = api.call("GET", "/envelopes", params=query)
    assert response.status_code < 500, (query, response.text)


def _some_envelope(api: Api) -> str:
    """One per test is enough; it is made anew when a reset has taken it."""
    known = getattr(api, "known_envelope", "")
    if not known:
        known = api.envelope()
        api.known_envelope = known  # type: ignore[attr-defined]
    return str(known)
