"""Kinds of recipients beside signers: who they are, what they wait for (reference 2.4)."""

from typing import Any

import pytest

from sandbox.robot import Robot

from .api import Api, signer

HOST = {"hostName": "Signing Service", "hostEmail": "signing-service@sandbox.example"}


def person(number: int, order: int, **changes: Any) -> dict[str, Any]:
    base = {
        "recipientId": str(number),
        "routingOrder": str(order),
        "name": f"P {number}",
        "email": f"p{number}@x.example",
    }
    return base | changes


@pytest.mark.parametrize(
    ("group", "item", "recipient_type"),
    [
        ("signers", person(5, 1, tabs={}), "signer"),
        ("agents", person(5, 1), "agent"),
        ("editors", person(5, 1), "editor"),
        ("intermediaries", person(5, 1), "intermediary"),
        ("carbonCopies", person(5, 1), "carboncopy"),
        ("certifiedDeliveries", person(5, 1), "certifieddelivery"),
        ("inPersonSigners", {"recipientId": "5", "signerName": "Guest", **HOST}, "inpersonsigner"),
        ("seals", {"recipientId": "5", "recipientSignatureProviders": []}, "seal"),
        ("witnesses", person(5, 1, witnessFor="1"), "witness"),
        ("notaries", person(5, 1), "notary"),
    ],
)
def test_every_kind_is_taken_and_given_back(api: Api, group: str, item: dict[str, Any], recipient_type: str) -> None:
    envelope_id = api.envelope(status="created", recipients={"signers": [signer(1)], **merged(group, item)})
    (found,) = [r for r in api.get(envelope_id)["recipients"][group] if r["recipientId"] == "5"]
    assert (found["recipientType"], found["status"]) == (recipient_type, "created")


def merged(group: str, item: dict[str, Any]) -> dict[str, Any]:
    return {"signers": [signer(1), item]} if group == "signers" else {group: [item]}


def test_a_copy_is_done_when_its_turn_comes_and_not_before(api: Api) -> None:
    recipients = {"signers": [signer(1)], "carbonCopies": [person(2, 2)]}
    envelope_id = api.envelope(recipients=recipients)
    assert api.get(envelope_id)["recipients"]["carbonCopies"][0]["status"] == "created"
    Robot().sign(api.view_url(envelope_id))
    data = api.get(envelope_id)
    assert (data["status"], data["recipients"]["carbonCopies"][0]["status"]) == ("completed", "completed")


def test_the_current_routing_order_follows_the_signing(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1, order=1), signer(2, order=4)]})
    assert api.get(envelope_id, "/recipients")["currentRoutingOrder"] == "1"
    Robot().sign(api.view_url(envelope_id, 1))
    assert api.get(envelope_id, "/recipients")["currentRoutingOrder"] == "4"


def test_an_in_person_signer_is_asked_for_by_the_host(api: Api) -> None:
    item = {"recipientId": "1", "signerName": "Guest", "clientUserId": "c1", "tabs": {}, **HOST}
    envelope_id = api.envelope(recipients={"inPersonSigners": [item]})
    by_guest = api.view(envelope_id, email=HOST["hostEmail"], userName="Guest")
    by_host = api.view(envelope_id, email=HOST["hostEmail"], userName=HOST["hostName"])
    assert (by_guest.json()["errorCode"], by_host.status_code) == ("UNKNOWN_ENVELOPE_RECIPIENT", 201)


def test_a_remote_recipient_gets_no_view_from_the_sender(api: Api) -> None:
    envelope_id = api.envelope(recipients={"signers": [signer(1, clientUserId=None)]})
    response = api.view(envelope_id, clientUserId=None)
    assert response.json()["errorCode"] == "ACCOUNT_NOT_AUTHORIZED_FOR_ENVELOPE"


def test_the_guid_of_a_recipient_names_it_too(api: Api) -> None:
    envelope_id = api.envelope()
    guid = api.get(envelope_id)["recipients"]["signers"][0]["recipientIdGuid"]
    assert api.call("GET", f"/envelopes/{envelope_id}/recipients/{guid}/tabs").status_code == 200
