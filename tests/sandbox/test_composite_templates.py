"""Envelopes of several templates, of the server and inline (reference 2.8)."""

import json
from typing import Any

import pytest
import requests

from tests.pdf_files import draw_pdf

from .api import TIMEOUT_SECONDS, Api, document
from .people import only
from .template_files import SIGNER, create_template, made, role

OWN_PLACE = {"documentId": "1", "pageNumber": "1", "xPosition": "10", "yPosition": "20"}


def server(template_id: str, sequence: int = 1) -> dict[str, Any]:
    return {"sequence": str(sequence), "templateId": template_id}


def inline(sequence: int = 2, **parts: Any) -> dict[str, Any]:
    return {"sequence": str(sequence)} | parts


def signers(*items: dict[str, Any]) -> dict[str, Any]:
    return {"signers": list(items)}


def buyer(**changes: Any) -> dict[str, Any]:
    return role(recipientId="1") | changes


def composite(*composites: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"status": "sent", "compositeTemplates": list(composites)} | changes


def of(template_id: str, *people: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A server template with an inline one over it."""
    return {
        "serverTemplates": [server(template_id)],
        "inlineTemplates": [inline(recipients=signers(*(people or (buyer(),))), **parts)],
    }


def documents_of(envelope: dict[str, Any]) -> list[tuple[str, str]]:
    documents = envelope["envelopeDocuments"]
    return [(item["documentId"], item["name"]) for item in documents if item["type"] == "content"]


def tabs_of(signer: dict[str, Any], group: str = "signHereTabs") -> list[str]:
    return sorted(tab["documentId"] for tab in signer["tabs"].get(group, []))


def test_the_inline_template_fills_the_servers_role(api: Api) -> None:
    envelope = made(api, composite(of(create_template(api))))
    signer = only(envelope["recipients"]["signers"])
    assert (signer["name"], signer["email"], signer["clientUserId"]) == ("Ann Bee", "ann@example.com", "c1")
    assert only(signer["tabs"]["textTabs"])["value"] == "Rome"
    assert (envelope["status"], envelope["emailSubject"]) == ("sent", "Sale of a house")


def test_a_role_is_also_found_by_its_recipient_id(api: Api) -> None:
    envelope = made(api, composite(of(create_template(api), buyer(roleName=None))))
    assert only(envelope["recipients"]["signers"])["email"] == "ann@example.com"


def test_roles_match_case_and_all(api: Api) -> None:
    envelope = made(api, composite(of(create_template(api), buyer(roleName="buyer"))))
    assert only(envelope["recipients"]["signers"])["tabs"] == {}


def test_the_higher_sequence_wins_whatever_stands_first(api: Api) -> None:
    template_id = create_template(api)
    low = inline(2, recipients=signers(buyer(name="Low")), envelope={"emailSubject": "Low"})
    high = inline(3, recipients=signers(buyer(name="High")), envelope={"emailSubject": "High"})
    part = {"inlineTemplates": [high, low], "serverTemplates": [server(template_id, 1)]}
    envelope = made(api, composite(part))
    assert only(envelope["recipients"]["signers"])["name"] == "High"
    assert envelope["emailSubject"] == "High"


def test_a_server_template_may_lie_above(api: Api) -> None:
    template_id = create_template(api)
    part = {
        "inlineTemplates": [inline(1, recipients=signers(buyer()), envelope={"emailSubject": "Inline"})],
        "serverTemplates": [server(template_id, 2)],
    }
    assert made(api, composite(part))["emailSubject"] == "Sale of a house"


def test_the_subject_of_the_call_itself_wins(api: Api) -> None:
    assert made(api, composite(of(create_template(api)), emailSubject="Mine"))["emailSubject"] == "Mine"


def test_documents_follow_one_another_under_new_ids(api: Api) -> None:
    first = create_template(api, documents=[document(name="First")])
    second = create_template(api, documents=[document(name="Second")])
    envelope = made(api, composite(of(first), of(second)))
    assert documents_of(envelope) == [("1", "First"), ("2", "Second")]


def test_the_same_person_in_two_composites_is_one_recipient_with_the_tabs_of_both(api: Api) -> None:
    template_id = create_template(api)
    envelope = made(api, composite(of(template_id), of(template_id)))
    signer = only(envelope["recipients"]["signers"])
    assert tabs_of(signer) == ["1", "2"]
    assert tabs_of(signer, "textTabs") == ["1", "2"]


def test_different_people_under_one_id_stay_apart(api: Api) -> None:
    template_id = create_template(api)
    other = buyer(name="Bob Cee", email="bob@example.com", clientUserId="c2", routingOrder="2")
    envelope = made(api, composite(of(template_id), of(template_id, other)))
    people = envelope["recipients"]["signers"]
    assert [(one["recipientId"], one["name"]) for one in people] == [("1", "Ann Bee"), ("2", "Bob Cee")]
    assert [tabs_of(one) for one in people] == [["1"], ["2"]]


def test_anchors_are_looked_for_in_their_own_composite_only(api: Api) -> None:
    """Both documents hold /sn1/; the template's tab goes on its own."""
    plain = {"inlineTemplates": [inline(1, recipients=signers(buyer(tabs={})), documents=[document(7)])]}
    envelope = made(api, composite(of(create_template(api)), plain))
    assert tabs_of(only(envelope["recipients"]["signers"])) == ["1"]


def test_the_documents_of_all_layers_are_kept_apart(api: Api) -> None:
    """Server and inline template both call theirs 1; each one's tabs stay on its own document."""
    template_id = create_template(api, documents=[document(name="Server's")])
    own = buyer(tabs={"textTabs": [{"tabLabel": "Street", **OWN_PLACE}]})
    envelope = made(api, composite(of(template_id, own, documents=[document(name="Inline's")])))
    assert documents_of(envelope) == [("1", "Server's"), ("2", "Inline's")]
    texts = only(envelope["recipients"]["signers"])["tabs"]["textTabs"]
    assert {tab["tabLabel"]: tab["documentId"] for tab in texts} == {"City": "1", "Street": "2"}


def test_an_inline_tab_may_name_the_document_of_the_server(api: Api) -> None:
    own = buyer(tabs={"textTabs": [{"tabLabel": "Street", **OWN_PLACE}]})
    envelope = made(api, composite(of(create_template(api), own), of(create_template(api))))
    texts = only(envelope["recipients"]["signers"])["tabs"]["textTabs"]
    assert [tab["documentId"] for tab in texts if tab["tabLabel"] == "Street"] == ["1"]


def test_a_document_of_the_composite_takes_the_place_of_the_templates(api: Api) -> None:
    template_id = create_template(api, documents=[document(3, name="Template's")], recipients=signers(_on_document_3()))
    content = draw_pdf("Quite another text\n\n/sn1/")
    part = of(template_id) | {"document": document(9, content, name="Own")}
    envelope = made(api, composite(part))
    assert documents_of(envelope) == [("1", "Own")]
    signer = only(envelope["recipients"]["signers"])
    assert (tabs_of(signer), tabs_of(signer, "textTabs")) == (["1"], ["1"])


def test_an_inline_template_alone_makes_an_envelope(api: Api) -> None:
    own = buyer(tabs={"signHereTabs": [{"anchorString": "/sn1/"}]})
    part = {"inlineTemplates": [inline(1, recipients=signers(own), documents=[document()])]}
    envelope = made(api, composite(part, emailSubject="Please"))
    assert (documents_of(envelope), tabs_of(only(envelope["recipients"]["signers"]))) == ([("1", "Doc 1")], ["1"])


def test_what_stands_beside_the_composites_is_ignored(api: Api) -> None:
    """Recipients, documents and custom fields of the definition itself."""
    beside = {
        "recipients": signers(buyer(recipientId="5", name="Nobody", email="nobody@example.com")),
        "documents": [document(5, name="Nothing")],
        "customFields": {"textCustomFields": [{"name": "root", "value": "x"}]},
    }
    part = of(create_template(api), customFields={"textCustomFields": [{"name": "inline", "value": "y"}]})
    envelope = made(api, composite(part, **beside))
    assert only(envelope["recipients"]["signers"])["name"] == "Ann Bee"
    assert documents_of(envelope) == [("1", "Doc 1")]
    assert [field["name"] for field in envelope["customFields"]["textCustomFields"]] == ["inline"]


def test_the_templates_notification_comes_along(api: Api) -> None:
    expirations = {"expireEnabled": "true", "expireAfter": "9", "expireWarn": "0"}
    template_id = create_template(api, notification={"expirations": expirations})
    envelope = made(api, composite(of(template_id)))
    assert api.get(envelope["envelopeId"], "/notification")["expirations"] == expirations


def test_roles_that_nobody_takes_fall_away_on_sending(api: Api) -> None:
    assert made(api, composite(of(create_template(api))))["recipients"]["carbonCopies"] == []


def test_excluded_documents_are_renamed_too(api: Api) -> None:
    hidden = buyer(excludedDocuments=["1"], tabs={"textTabs": [{"tabLabel": "Street", **OWN_PLACE}]})
    second = {
        "inlineTemplates": [inline(1, recipients=signers(hidden), documents=[document(1), document(2)])],
    }
    envelope = made(api, composite(of(create_template(api)), second, status="created"))
    assert only(envelope["recipients"]["signers"])["excludedDocuments"] == ["2"]


def test_the_bytes_of_its_documents_may_come_as_parts(api: Api) -> None:
    """Both documents are called 1: the part names the composite too (reference 2.3)."""
    bare = {"documentId": "1", "name": "Own"}
    own = buyer(tabs={"signHereTabs": [{"anchorString": "/only-here/"}]})
    first = of(create_template(api)) | {"compositeTemplateId": "a", "document": bare}
    second = {
        "compositeTemplateId": "b",
        "inlineTemplates": [inline(1, recipients=signers(own), documents=[bare | {"name": "Inline"}])],
    }
    texts = {"a": draw_pdf("First\n\n/sn1/"), "b": draw_pdf("Second\n\n/only-here/")}
    head = b"--cut\r\nContent-Type: application/json\r\nContent-Disposition: form-data\r\n\r\n"
    body = head + json.dumps(composite(first, second)).encode()
    for composite_id, content in texts.items():
        disposition = f'file; filename="a.pdf"; documentid=1; compositeTemplateId="{composite_id}"'
        part = f"\r\n--cut\r\nContent-Type: application/pdf\r\nContent-Disposition: {disposition}\r\n\r\n"
        body += part.encode() + content
    response = requests.post(
        f"{api.sandbox.api_url}/envelopes",
        data=body + b"\r\n--cut--\r\n",
        headers={"Authorization": f"Bearer {api.access_token}", "Content-Type": "multipart/form-data; boundary=cut"},
        timeout=TIMEOUT_SECONDS,
    )
    assert response.status_code == 201, response.text
    envelope = api.get(response.json()["envelopeId"], "?include=recipients,tabs,documents")
    assert documents_of(envelope) == [("1", "Own"), ("2", "Inline")]
    assert tabs_of(only(envelope["recipients"]["signers"])) == ["1", "2"]


@pytest.mark.parametrize(
    ("part", "error_code"),
    [
        ({"serverTemplates": [{"sequence": "1"}]}, "TEMPLATE_ID_INVALID"),
        ({"serverTemplates": [{"sequence": "first", "templateId": "x"}]}, "INVALID_REQUEST_PARAMETER"),
        ({"serverTemplates": ["x"]}, "INVALID_REQUEST_BODY"),
        ({"inlineTemplates": [{"sequence": "1", "recipients": {"signers": "x"}}]}, "INVALID_REQUEST_BODY"),
        ({"inlineTemplates": [{"sequence": "1", "documents": [{"documentId": "1"}]}]}, "UNABLE_TO_LOAD_DOCUMENT"),
        ({}, "ENVELOPE_IS_INCOMPLETE"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, part: dict[str, Any], error_code: str) -> None:
    response = api.call("POST", "/envelopes", composite(part, emailSubject="Please"))
    assert (response.status_code, response.json()["errorCode"]) == (400, error_code)


def _on_document_3() -> dict[str, Any]:
    tabs = SIGNER["tabs"]
    assert isinstance(tabs, dict)
    texts = [tab | {"documentId": "3"} for tab in tabs["textTabs"]]
    return SIGNER | {"tabs": tabs | {"textTabs": texts}}
