"""EnvelopeDocumentTabs: by document, whoever fills them in."""

from typing import Any

from sandbox.robot import Robot

from .api import Api, document
from .people import only

PLACE = {"documentId": "1", "pageNumber": "1", "xPosition": "100", "yPosition": "100"}


def prefilled(api: Api) -> tuple[str, dict[str, Any]]:
    """The address of a draft's tabs, and the one that the sender filled in."""
    path = f"/envelopes/{api.envelope(status='created')}/documents/1/tabs"
    added = api.call("POST", path, {"prefillTabs": {"textTabs": [{"tabLabel": "Price", "value": "7", **PLACE}]}})
    assert added.status_code == 201, added.text
    return path, only(added.json()["prefillTabs"]["textTabs"])


def test_the_senders_own_tab_gets_another_value(api: Api) -> None:
    path, tab = prefilled(api)
    changed = api.call("PUT", path, {"prefillTabs": {"textTabs": [{"tabId": tab["tabId"], "value": "8"}]}})
    assert only(changed.json()["prefillTabs"]["textTabs"])["value"] == "8"
    assert only(api.call("GET", path).json()["prefillTabs"]["textTabs"])["value"] == "8"


def test_one_without_an_id_is_added(api: Api) -> None:
    path, _ = prefilled(api)
    api.call("PUT", path, {"prefillTabs": {"textTabs": [{"tabLabel": "Tax", "value": "1", **PLACE}]}})
    labels = {tab["tabLabel"] for tab in api.call("GET", path).json()["prefillTabs"]["textTabs"]}
    assert labels == {"Price", "Tax"}


def test_the_senders_own_tab_is_deleted(api: Api) -> None:
    path, tab = prefilled(api)
    gone = api.call("DELETE", path, {"prefillTabs": {"textTabs": [{"tabId": tab["tabId"]}]}}).json()
    assert only(gone["prefillTabs"]["textTabs"])["tabId"] == tab["tabId"]
    assert "prefillTabs" not in api.call("GET", path).json()


def test_a_recipients_tab_moves(api: Api) -> None:
    path, _ = prefilled(api)
    tab = api.call("GET", path).json()["signHereTabs"][0]
    moved = api.call("PUT", path, {"signHereTabs": [{"tabId": tab["tabId"], "anchorString": "", **PLACE}]}).json()
    assert (only(moved["signHereTabs"])["xPosition"], only(moved["signHereTabs"])["yPosition"]) == ("100", "100")


def test_tabs_of_others_documents_are_not_found(api: Api) -> None:
    envelope_id = api.envelope(status="created", documents=[document(1), document(2)])
    path = f"/envelopes/{envelope_id}/documents"
    added = api.call("POST", f"{path}/1/tabs", {"prefillTabs": {"textTabs": [{"value": "7", **PLACE}]}}).json()
    tab_id = only(added["prefillTabs"]["textTabs"])["tabId"]
    refused = api.call("DELETE", f"{path}/2/tabs", {"prefillTabs": {"textTabs": [{"tabId": tab_id}]}})
    assert refused.json()["errorCode"] == "INVALID_TAB_OPERATION"


def test_what_has_been_signed_stays(api: Api) -> None:
    envelope_id = api.envelope()
    path = f"/envelopes/{envelope_id}/documents/1/tabs"
    tab = api.call("GET", path).json()["signHereTabs"][0]
    Robot().sign(api.view_url(envelope_id))
    assert api.call("DELETE", path, {"signHereTabs": [{"tabId": tab["tabId"]}]}).status_code == 400


def test_the_pages_asked_for_are_told(api: Api) -> None:
    path, _ = prefilled(api)
    assert api.call("GET", f"{path}?page_numbers=1").json()["prefillTabs"]
    assert api.call("GET", f"{path}?page_numbers=2").json()["errorCode"] == "TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT"


def test_a_templates_tabs_likewise(api: Api) -> None:
    made = api.call("POST", "/templates", {"name": "T", "documents": [document()], "emailSubject": "x"}).json()
    path = f"/templates/{made['templateId']}/documents/1/tabs"
    added = api.call("POST", path, {"prefillTabs": {"textTabs": [{"value": "7", **PLACE}]}}).json()
    tab_id = only(added["prefillTabs"]["textTabs"])["tabId"]
    api.call("PUT", path, {"prefillTabs": {"textTabs": [{"tabId": tab_id, "value": "9"}]}})
    gone = api.call("DELETE", path, {"prefillTabs": {"textTabs": [{"tabId": tab_id}]}}).json()
    assert only(gone["prefillTabs"]["textTabs"])["value"] == "9"
