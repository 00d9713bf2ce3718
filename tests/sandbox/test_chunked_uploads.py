"""Files uploaded in parts and named by a document's remoteUrl (reference 2.3)."""

import base64
import hashlib
from typing import Any

import pytest
import requests

from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess

from .api import Api, document
from .people import elsewhere

PDF = draw_pdf("In parts\n\n/sn1/\n\n/sn2/")
HALF = len(PDF) // 2
MINUTE_SECONDS = 60


def data(content: bytes) -> dict[str, str]:
    return {"data": base64.b64encode(content).decode()}


def start(api: Api, content: bytes = PDF[:HALF]) -> dict[str, Any]:
    response = api.call("POST", "/chunked_uploads", data(content))
    assert response.status_code == 201, response.text
    upload: dict[str, Any] = response.json()
    return upload


def path_of(upload: dict[str, Any]) -> str:
    return f"/chunked_uploads/{upload['chunkedUploadId']}"


def committed(api: Api) -> dict[str, Any]:
    upload = start(api)
    assert api.call("PUT", f"{path_of(upload)}/1", data(PDF[HALF:])).status_code == 200
    response = api.call("PUT", f"{path_of(upload)}?action=commit")
    assert response.status_code == 200, response.text
    done: dict[str, Any] = response.json()
    return done


def use(api: Api, upload: dict[str, Any]) -> requests.Response:
    remote = {"documentId": "1", "name": "Parts", "remoteUrl": upload["chunkedUploadUri"]}
    return api.create(documents=[remote])


def refusal(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errorCode"]


def test_an_upload_tells_what_it_holds(api: Api) -> None:
    upload = start(api)
    assert upload["chunkedUploadParts"] == [{"sequence": "0", "size": str(HALF)}]
    assert (upload["committed"], upload["totalSize"]) == ("false", str(HALF))
    assert (upload["maxChunkedUploadParts"], upload["maxTotalSize"]) == ("128", "52428800")
    assert upload["chunkedUploadUri"].endswith(path_of(upload))


def test_the_parts_make_a_document(api: Api) -> None:
    upload = committed(api)
    assert (upload["committed"], upload["totalSize"]) == ("true", str(len(PDF)))
    response = use(api, upload)
    assert response.status_code == 201, response.text
    got = api.call("GET", f"/envelopes/{response.json()['envelopeId']}/documents/1")
    assert b"In parts" in got.content or got.content.startswith(b"%PDF")


def test_the_checksum_is_that_of_the_whole(api: Api) -> None:
    upload = committed(api)
    assert "checksum" not in api.call("GET", path_of(upload)).json()
    told = api.call("GET", f"{path_of(upload)}?include=checksum").json()
    assert told["checksum"] == hashlib.sha256(PDF).hexdigest()


def test_parts_may_come_in_any_order(api: Api) -> None:
    third = len(PDF) // 3
    upload = start(api, PDF[:third])
    api.call("PUT", f"{path_of(upload)}/2", data(PDF[2 * third :]))
    early = api.call("PUT", f"{path_of(upload)}?action=commit")
    assert refusal(early) == (400, "INVALID_REQUEST_PARAMETER")
    api.call("PUT", f"{path_of(upload)}/1", data(PDF[third : 2 * third]))
    assert api.call("PUT", f"{path_of(upload)}?action=commit").status_code == 200
    told = api.call("GET", f"{path_of(upload)}?include=checksum").json()
    assert told["checksum"] == hashlib.sha256(PDF).hexdigest()


def test_being_used_is_its_end(api: Api) -> None:
    upload = committed(api)
    assert use(api, upload).status_code == 201
    assert refusal(api.call("GET", path_of(upload))) == (400, "INVALID_REQUEST_PARAMETER")
    assert refusal(use(api, upload)) == (400, "UNABLE_TO_LOAD_DOCUMENT")


def test_another_account_cannot_use_it(api: Api, sandbox: SandboxProcess) -> None:
    upload = committed(api)
    assert refusal(use(elsewhere(sandbox), upload)) == (400, "UNABLE_TO_LOAD_DOCUMENT")
    assert use(api, upload).status_code == 201


def test_what_is_converted_beforehand_is_not_used_up_by_a_refusal(api: Api) -> None:
    upload = start(api, b"Plain text")
    api.call("PUT", f"{path_of(upload)}?action=commit")
    item = {"documentId": "1", "name": "Text", "fileExtension": "txt", "remoteUrl": upload["chunkedUploadUri"]}
    assert api.create(documents=[item], emailSubject="x" * 101).status_code == 400
    plain = {"signers": [{"recipientId": "1", "name": "Ann Bee", "email": "ann@example.com"}]}
    assert api.create(documents=[item], recipients=plain).status_code == 201


def test_a_refused_envelope_does_not_use_it_up(api: Api) -> None:
    upload = committed(api)
    remote = {"documentId": "1", "name": "Parts", "remoteUrl": upload["chunkedUploadUri"]}
    assert api.create(documents=[remote], emailSubject="x" * 101).status_code == 400
    assert use(api, upload).status_code == 201


def test_it_expires_after_twenty_minutes(api: Api, sandbox: SandboxProcess) -> None:
    upload = committed(api)
    sandbox.advance(19 * MINUTE_SECONDS)
    assert api.call("GET", path_of(upload)).status_code == 200
    sandbox.advance(2 * MINUTE_SECONDS)
    assert refusal(api.call("GET", path_of(upload))) == (400, "INVALID_REQUEST_PARAMETER")
    assert refusal(use(api, upload)) == (400, "UNABLE_TO_LOAD_DOCUMENT")


def test_a_deleted_upload_is_gone(api: Api) -> None:
    upload = committed(api)
    assert api.call("DELETE", path_of(upload)).json()["chunkedUploadId"] == upload["chunkedUploadId"]
    assert refusal(api.call("GET", path_of(upload))) == (400, "INVALID_REQUEST_PARAMETER")


def test_only_committed_uploads_make_documents(api: Api) -> None:
    assert refusal(use(api, start(api))) == (400, "UNABLE_TO_LOAD_DOCUMENT")


@pytest.mark.parametrize("remote_url", ["https://example.com/a.pdf", "file:///etc/passwd", "x"])
def test_no_other_address_is_fetched(api: Api, remote_url: str) -> None:
    response = api.create(documents=[document(documentBase64=None, remoteUrl=remote_url)])
    assert refusal(response) == (400, "UNABLE_TO_LOAD_DOCUMENT")


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("PUT", "/0", data(b"again")),
        ("PUT", "/128", data(b"too many")),
        ("PUT", "/-1", data(b"x")),
        ("PUT", "/one", data(b"x")),
        ("PUT", "/1", {"data": "???"}),
        ("PUT", "/1", {}),
        ("PUT", "", None),
        ("PUT", "?action=forget", None),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, method: str, tail: str, body: Any) -> None:
    upload = start(api)
    assert refusal(api.call(method, f"{path_of(upload)}{tail}", body)) == (400, "INVALID_REQUEST_PARAMETER")


def test_a_committed_upload_takes_no_more_parts(api: Api) -> None:
    upload = committed(api)
    assert refusal(api.call("PUT", f"{path_of(upload)}/2", data(b"x"))) == (400, "INVALID_REQUEST_PARAMETER")


def test_an_empty_upload_is_refused(api: Api) -> None:
    assert refusal(api.call("POST", "/chunked_uploads", {})) == (400, "INVALID_REQUEST_PARAMETER")
