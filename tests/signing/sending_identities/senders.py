"""Envelopes sent in the name of somebody, and how their consent is lost."""

from dataclasses import replace
from typing import Any

import requests
from django.urls import reverse

from signing import connection
from signing.models import (
    Delivery,
    Envelope,
    SendingIdentity,
)
from tests.factories import ANN, make_draft
from tests.identities import (
    as_service,
    withdraw_consent,
)
from tests.sandbox_process import SandboxProcess

REMOTE = replace(ANN, delivery=Delivery.DOCUSIGN)
MINE = "admin:signing_sendingidentity_mine"


def draft_as(identity: SendingIdentity | None, **draft: Any) -> Envelope:
    envelope = make_draft(signers=[REMOTE], **draft)
    Envelope.objects.filter(pk=envelope.pk).update(sent_as=identity)
    envelope.refresh_from_db()
    return envelope


def sender_at_docusign(sandbox: SandboxProcess, envelope: Envelope) -> str:
    url = f"{sandbox.api_url}/envelopes/{envelope.docusign_id}"
    sender: dict[str, str] = requests.get(url, headers=as_service(sandbox), timeout=10).json()["sender"]
    return sender["email"]


def kinds(envelope: Envelope) -> list[str]:
    return list(envelope.events.order_by("id").values_list("kind", flat=True))


def demote_service_user(sandbox: SandboxProcess) -> None:
    membership = {"accountId": sandbox.account_id, "isDefault": True, "isAdmin": False}
    user_id = sandbox.config["DOCUSIGN_USER_ID"]
    sandbox.seed(users=[{"userId": user_id, "memberships": [membership]}])


def lose_consent(docusign: SandboxProcess, identity: SendingIdentity) -> None:
    """Withdrawn at Docusign, and the token that outlives it has run out."""
    withdraw_consent(docusign, identity.docusign_user_id)
    connection.forget(identity)


def close(docusign: SandboxProcess, identity: SendingIdentity) -> None:
    docusign.seed(
        users=[
            {
                "userId": identity.docusign_user_id,
                "memberships": [{"accountId": docusign.account_id, "status": "Closed"}],
            }
        ]
    )


def review_url(envelope: Envelope) -> str:
    return reverse("admin:signing_envelope_review", args=[envelope.pk])
