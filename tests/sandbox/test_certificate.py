"""The certificate of completion tells what really happened."""

from typing import Any

import pytest

from sandbox.robot import Robot
from tests.pdf_files import text_of

from .api import Api, signer


def certificate(api: Api, envelope_id: str) -> str:
    response = api.call("GET", f"/envelopes/{envelope_id}/documents/certificate")
    assert response.status_code == 200, response.text
    return " ".join(text_of(response.content).split())


def one_signer(api: Api, **changes: Any) -> str:
    return api.envelope(recipients={"signers": [signer(1, **changes)]})


def test_it_names_the_envelope_and_everyone_in_it(api: Api) -> None:
    copy = {"recipientId": "9", "routingOrder": "9", "name": "Cee Copy", "email": "cee@example.com"}
    people = {"signers": [signer(1, name="Анна Каренина")], "carbonCopies": [copy]}
    envelope_id = api.envelope(emailSubject="Договор 契約", recipients=people)
    Robot().sign(api.view_url(envelope_id, userName="Анна Каренина"))
    text = certificate(api, envelope_id)
    for part in (
        envelope_id,
        "Договор 契約",
        "Анна Каренина",
        "s1@example.com",
        "Cee Copy",
        "Carbon copy",
        "Doc 1 (1 page)",
    ):
        assert part in text


def test_it_tells_when_and_from_where_someone_signed(api: Api) -> None:
    envelope_id = one_signer(api)
    Robot().sign(api.view_url(envelope_id))
    text = certificate(api, envelope_id)
    signed = api.get(envelope_id)["recipients"]["signers"][0]["signedDateTime"]
    assert f"Signed {signed[:10]} {signed[11:19]} UTC" in text
    assert "127.0.0.1" in text
    for event in ("opened the envelope", "signed the envelope", "Everyone has signed"):
        assert event in text


def test_it_repeats_how_the_application_knew_the_signer(api: Api) -> None:
    envelope_id = one_signer(api)
    evidence: dict[str, Any] = {
        "authenticationMethod": "SingleSignOn_SAML",
        "securityDomain": "portal.example.com",
        "assertionId": "assertion-77",
        "authenticationInstant": "2026-01-02T03:04:05Z",
    }
    Robot().sign(api.view_url(envelope_id, **evidence))
    text = certificate(api, envelope_id)
    assert all(value in text for value in evidence.values())
    assert "Embedded: authenticated by the sending application" in text
    assert "Electronic records and signatures accepted" in text


def test_a_typed_signature_stands_there_with_its_reference(api: Api) -> None:
    envelope_id = one_signer(api)
    Robot().sign(api.view_url(envelope_id), signature="Ann Adopted")
    text = certificate(api, envelope_id)
    guid = api.get(envelope_id)["recipients"]["signers"][0]["recipientIdGuid"]
    assert "Ann Adopted" in text
    assert "Typed, adopted in the style" in text
    assert guid.replace("-", "").upper()[:16] in text


def test_it_gives_the_reason_of_whoever_declined(api: Api) -> None:
    envelope_id = one_signer(api)
    Robot().decline(api.view_url(envelope_id), "Page two is missing.")
    text = certificate(api, envelope_id)
    assert "Status Declined" in text
    assert "Page two is missing." in text


def test_it_gives_the_reason_of_voiding(api: Api) -> None:
    envelope_id = one_signer(api)
    api.call("PUT", f"/envelopes/{envelope_id}", {"status": "voided", "voidedReason": "Wrong price"})
    assert "Reason of voiding Wrong price" in certificate(api, envelope_id)


def test_it_says_that_an_access_code_was_asked_for(api: Api) -> None:
    assert "Access code Asked for, not passed yet" in certificate(api, one_signer(api, accessCode="12345"))


def test_it_grows_over_as_many_pages_as_it_needs(api: Api) -> None:
    people = [signer(number, order=1, tabs={}) for number in range(1, 16)]
    text = certificate(api, api.envelope(recipients={"signers": people}))
    assert "Page 3" in text
    assert all(f"s{number}@example.com" in text for number in range(1, 16))


@pytest.mark.parametrize("subject", ["x" * 100, "契" * 100, "ש" * 100])
def test_long_subjects_stay_on_the_page(api: Api, subject: str) -> None:
    text = certificate(api, api.envelope(emailSubject=subject))
    assert text.replace(" ", "").count(subject[0]) >= 100
