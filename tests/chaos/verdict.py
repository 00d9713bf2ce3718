"""Both sides compared: every envelope, every recipient, every byte stored, every link mailed, every log."""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import requests

from sandbox.process import SandboxProcess
from signing.models import CompletedDocument, Envelope

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TIMEOUT_SECONDS = 60
LINK = re.compile(r"https?://\S+/sign/[\w-]{43}/")
UNHANDLED = re.compile(r"Traceback \(most recent call last\)|Internal Server Error|raised unexpected|SIGSEGV")


class Docusign:
    """The sandbox read by its own API, without any of the portal's code."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self._sandbox = sandbox
        now = int(time.time())
        claims = {
            "iss": sandbox.config["DOCUSIGN_INTEGRATION_KEY"],
            "sub": sandbox.config["DOCUSIGN_USER_ID"],
            "aud": sandbox.base_url.removeprefix("http://"),
            "iat": now,
            "exp": now + 3600,
            "scope": "signature impersonation",
        }
        form = {"grant_type": GRANT_TYPE, "assertion": jwt.encode(claims, sandbox.private_key, algorithm="RS256")}
        answer = requests.post(f"{sandbox.base_url}/oauth/token", data=form, timeout=TIMEOUT_SECONDS)
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def envelopes(self) -> dict[str, Any]:
        """By id."""
        found: dict[str, Any] = {}
        while True:
            query = f"from_date=2020-01-01&include=recipients&count=500&start_position={len(found)}"
            page = self._get(f"/envelopes?{query}").json()
            found |= {item["envelopeId"]: item for item in page.get("envelopes", [])}
            if len(found) >= int(page["totalSetSize"]):
                return found

    def document(self, envelope_id: str, name: str) -> bytes:
        return self._get(f"/envelopes/{envelope_id}/documents/{name}").content

    def _get(self, path: str) -> requests.Response:
        response = requests.get(self._sandbox.api_url + path, headers=self._headers, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        return response


def disagreements(docusign: Docusign, wanted: int) -> Iterator[str]:
    theirs = docusign.envelopes()
    ours = {row.docusign_id or f"unsent {row.pk}": row for row in Envelope.objects.prefetch_related("recipients")}
    if len(theirs) != wanted:
        yield f"{len(theirs)} envelopes at Docusign instead of {wanted}"
    if len(ours) != wanted:
        yield f"{len(ours)} envelopes in the portal instead of {wanted}"
    for missing in theirs.keys() ^ ours.keys():
        yield f"envelope {missing} is on one side only"
    for docusign_id in theirs.keys() & ours.keys():
        yield from _differences(ours[docusign_id], theirs[docusign_id])


def _differences(envelope: Envelope, told: dict[str, Any]) -> Iterator[str]:
    if envelope.status != told["status"]:
        yield f"envelope {envelope.pk} is {envelope.status} here and {told['status']} there"
    states = {signer["recipientId"]: signer["status"] for signer in told["recipients"]["signers"]}
    for recipient in envelope.recipients.all():
        there = states.get(str(recipient.number))
        if recipient.status != there:
            yield f"recipient {recipient.pk} is {recipient.status} here and {there} there"


def wrong_documents(docusign: Docusign) -> Iterator[str]:
    for stored in CompletedDocument.objects.select_related("envelope"):
        content = docusign.document(stored.envelope.docusign_id or "", stored.kind)
        with stored.file.open("rb") as file:
            kept = file.read()
        if not hashlib.sha256(content).hexdigest() == hashlib.sha256(kept).hexdigest() == stored.sha256:
            yield f"envelope {stored.envelope.pk}: {stored.kind} is not what Docusign has"


def dead_links(mail_folder: Path) -> Iterator[str]:
    """Every link that was mailed still leads to a page."""
    links = {link for path in mail_folder.iterdir() for link in LINK.findall(path.read_text(errors="replace"))}
    if not links:
        yield "no link was mailed at all"
    for link in sorted(links):
        status = requests.get(link, timeout=TIMEOUT_SECONDS).status_code
        if status != 200:
            yield f"a signer's link answers HTTP {status}"


def unhandled(logs: dict[str, str]) -> Iterator[str]:
    for name, text in logs.items():
        for match in UNHANDLED.finditer(text):
            start = text.rfind("\n", 0, max(0, match.start() - 200)) + 1
            yield f"{name}: {text[start : match.start() + 600]}"
