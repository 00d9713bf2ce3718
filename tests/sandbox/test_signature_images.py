"""Signatures as pictures: recipients', users' and the account's own."""

import io
from typing import Any

import pypdfium2
import pytest
import requests
from PIL import Image

from sandbox.robot import Robot

from .api import Api, signer
from .people import only


def png(colour: str = "red", size: tuple[int, int] = (60, 20)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def put(api: Api, path: str, content: bytes) -> requests.Response:
    return api.call("PUT", path, data=content, headers={"Content-Type": "image/png"})


def picture(response: requests.Response) -> Image.Image:
    assert response.status_code == 200, response.text
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def has_colour(image: Image.Image, colour: tuple[int, int, int]) -> bool:
    return any(pixel == colour for _, pixel in image.getcolors(1_000_000) or [])


@pytest.mark.parametrize("part", ["signature_image", "initials_image"])
def test_what_was_adopted_is_a_picture(api: Api, part: str) -> None:
    envelope_id = api.envelope()
    path = f"/envelopes/{envelope_id}/recipients/1/{part}"
    assert api.call("GET", path).json()["errorCode"] == "INVALID_REQUEST_PARAMETER"
    Robot().sign(api.view_url(envelope_id), signature="Ann Bee")
    plain, framed = api.call("GET", path), api.call("GET", f"{path}?include_chrome=true")
    assert plain.headers["Content-Type"] == "image/gif"
    assert len(picture(plain).getcolors(100_000) or []) > 1
    assert plain.content != framed.content


def test_a_recipient_gets_a_signature_to_sign_with(api: Api) -> None:
    envelope_id = api.envelope()
    path = f"/envelopes/{envelope_id}/recipients/1"
    assert put(api, f"{path}/signature_image", png()).status_code == 200
    assert put(api, f"{path}/initials_image", png("blue")).status_code == 200
    assert has_colour(picture(api.call("GET", f"{path}/signature_image")), (255, 0, 0))
    assert has_colour(picture(api.call("GET", f"{path}/initials_image")), (0, 0, 255))
    assert api.get(envelope_id, "/recipients/1/signature")["signatureName"] == "Signer 1"


def test_it_stands_on_the_documents_unless_another_is_adopted(api: Api) -> None:
    for name, is_kept in (("Signer 1", True), ("Ann Bee", False)):
        envelope_id = api.envelope(recipients={"signers": [signer()]})
        path = f"/envelopes/{envelope_id}/recipients/1/signature_image"
        put(api, path, png())
        Robot().sign(api.view_url(envelope_id), signature=name)
        page = f"/envelopes/{envelope_id}/documents/combined"
        assert has_red(api.call("GET", page).content) == is_kept


def has_red(pdf: bytes) -> bool:
    image: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("RGB")
    return has_colour(image, (255, 0, 0))


def test_who_has_signed_gets_no_other_signature(api: Api) -> None:
    envelope_id = api.envelope()
    Robot().sign(api.view_url(envelope_id))
    refused = put(api, f"/envelopes/{envelope_id}/recipients/1/signature_image", png())
    assert refused.json()["errorCode"] == "ENVELOPE_INVALID_STATUS"


def test_only_pictures_are_taken(api: Api) -> None:
    refused = put(api, f"/envelopes/{api.envelope()}/recipients/1/signature_image", b"not a picture")
    assert refused.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def test_embedded_recipients_signatures_are_forgotten(api: Api) -> None:
    envelope_id = api.envelope()
    put(api, f"/envelopes/{envelope_id}/recipients/1/signature_image", png())
    people = [{"clientUserId": "c1", "email": "s1@example.com", "userName": "Signer 1"}, {"clientUserId": "nobody"}]
    told = api.call("DELETE", "/captive_recipients/signature", {"captiveRecipients": people}).json()
    assert "errorDetails" not in told["captiveRecipients"][0]
    assert told["captiveRecipients"][1]["errorDetails"]["errorCode"] == "UNKNOWN_ENVELOPE_RECIPIENT"
    assert api.call("GET", f"/envelopes/{envelope_id}/recipients/1/signature_image").status_code == 400


def test_only_signatures_are_forgotten(api: Api) -> None:
    refused = api.call("DELETE", "/captive_recipients/name", {"captiveRecipients": []})
    assert refused.json()["errorCode"] == "INVALID_REQUEST_PARAMETER"


def account_signature(api: Api, **changes: Any) -> dict[str, Any]:
    body = {"accountSignatures": [{"signatureName": "Northwind", "signatureInitials": "NW"} | changes]}
    created = api.call("POST", "/signatures", body)
    assert created.status_code == 201, created.text
    signature: dict[str, Any] = only(created.json()["accountSignatures"])
    return signature


def test_an_account_has_signatures_and_stamps(api: Api) -> None:
    user_id = api.sandbox.config["DOCUSIGN_USER_ID"]
    stamp = account_signature(api, stampType="stamp", signatureUsers=[{"userId": user_id, "rights": "all"}])
    account_signature(api, signatureName="Other")
    assert only(api.call("GET", "/signatures?stamp_type=stamp").json()["accountSignatures"]) == stamp
    path = f"/signatures/{stamp['signatureId']}"
    assert api.call("PUT", path, {"signatureName": "Southwind"}).json()["signatureName"] == "Southwind"
    body = {"accountSignatures": [{"signatureId": stamp["signatureId"], "stampSizeMM": "20.0"}, {"signatureName": "N"}]}
    assert len(api.call("PUT", "/signatures", body).json()["accountSignatures"]) == 2
    assert api.call("GET", path).json()["stampSizeMM"] == "20.0"
    assert api.call("DELETE", path).status_code == 200
    assert api.call("GET", path).status_code == 400


def test_an_accounts_signature_has_pictures(api: Api) -> None:
    path = f"/signatures/{account_signature(api)['signatureId']}"
    assert len(picture(api.call("GET", f"{path}/signature_image")).getcolors(100_000) or []) > 1
    assert api.call("GET", f"{path}/stamp_image").status_code == 404
    assert put(api, f"{path}/stamp_image", png()).json()["stampImageUri"].endswith("/stamp_image")
    assert has_colour(picture(api.call("GET", f"{path}/stamp_image")), (255, 0, 0))
    assert "stampImageUri" not in api.call("DELETE", f"{path}/stamp_image").json()


def test_decoding_alone_keeps_nothing(api: Api) -> None:
    body = {"accountSignatures": [{"signatureName": "Northwind"}]}
    assert api.call("POST", "/signatures?decode_only=true", body).status_code == 201
    assert api.call("GET", "/signatures").json()["accountSignatures"] == []


def test_a_users_signature_is_written_until_one_is_uploaded(api: Api) -> None:
    path = f"/users/{api.sandbox.config['DOCUSIGN_USER_ID']}/signatures"
    made = api.call("POST", path, {"userSignatures": [{"signatureName": "Ann Bee", "signatureInitials": "AB"}]}).json()
    image = f"{path}/{only(made['userSignatures'])['signatureId']}/signature_image"
    assert len(picture(api.call("GET", image)).getcolors(100_000) or []) > 1
    put(api, image, png())
    assert has_colour(picture(api.call("GET", image)), (255, 0, 0))
    assert api.call("GET", f"{image}?include_chrome=true").headers["Content-Type"] == "image/gif"
