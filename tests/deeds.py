"""What tests do again and again: send, open, sign, decline. Through the same doors as in life."""

import re
from typing import Any

from django.test import Client as Browser

from sandbox.robot import Robot
from signing import sending, tasks
from signing.links import link_url
from signing.models import Envelope, Recipient

from .factories import make_draft, recipient_of


def send(envelope: Envelope | None = None, **draft: Any) -> Envelope:
    """Claim a draft and let the worker's task send it."""
    envelope = envelope or make_draft(**draft)
    assert sending.claim_for_sending(envelope)
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    return envelope


def path_of(recipient: Recipient) -> str:
    return re.sub(r"^https?://[^/]+", "", link_url(recipient))


def open_ceremony(recipient: Recipient) -> str:
    """Press "Review and sign"; the recipient view's URL."""
    response = Browser().post(f"{path_of(recipient)}start/")
    assert response.status_code == 303, response.content.decode()
    return str(response["Location"])


def confirm_host(recipient: Recipient, path: str = "") -> None:
    """The host of the device ticks the box: who they are, and that the signer is with them."""
    response = Browser().post(f"{path or path_of(recipient)}host/", {"host_confirms": "1"})
    assert response.status_code == 302, response.content.decode()


def sign(envelope: Envelope, number: int, **how: Any) -> None:
    """The signer signs and comes back; the worker then asks Docusign for news."""
    recipient = recipient_of(envelope, number)
    Robot().sign(open_ceremony(recipient), **({"signature": recipient.name} | how))
    tasks.refresh_envelope(envelope.pk)
    envelope.refresh_from_db()


def decline(envelope: Envelope, number: int, reason: str) -> None:
    Robot().decline(open_ceremony(recipient_of(envelope, number)), reason)
    tasks.refresh_envelope(envelope.pk)
    envelope.refresh_from_db()
