"""EnvelopeViews: createRecipient (reference 3.1)."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sandbox import clock, rules
from sandbox.errors import ApiError
from sandbox.lifecycle import parties_of
from sandbox.models import Envelope, Recipient, RecipientView, User

from .door import answer, find_envelope, json_body, operation

MAX_RETURN_URL = 500
SCRIPT_SCHEMES = frozenset({"javascript", "data", "vbscript"})
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?")
AUTHENTICATION_METHODS = frozenset(
    {
        "biometric",
        "email",
        "httpbasicauth",
        "kerberos",
        "knowledgebasedauth",
        "none",
        "paperdocuments",
        "password",
        "rsasecureid",
        "singlesignon_casiteminder",
        "singlesignon_infocard",
        "singlesignon_microsoftactivedirectory",
        "singlesignon_other",
        "singlesignon_passport",
        "singlesignon_saml",
        "smartcard",
        "sslmutualauth",
        "x509certificate",
    }
)
EVIDENCE = ("authenticationMethod", "authenticationInstant", "assertionId", "securityDomain")


def create_recipient_view(request: HttpRequest, user: User, envelope_id: str) -> HttpResponse:
    envelope = find_envelope(user, envelope_id)
    body = json_body(request)
    for name in ("returnUrl", "authenticationMethod"):
        if not body.get(name):
            raise ApiError("INVALID_REQUEST_PARAMETER", f"'{name}' must be specified.")
    if str(body["authenticationMethod"]).lower() not in AUTHENTICATION_METHODS:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for authenticationMethod.")
    if str(body["returnUrl"]).partition(":")[0].strip().lower() in SCRIPT_SCHEMES:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for returnUrl.")
    if envelope.status in ("created", "voided"):
        raise ApiError("ENVELOPE_INVALID_STATUS")
    recipient = _matching(envelope, body)
    _refuse_out_of_sequence(envelope, recipient)
    recipient.authentication = {name: str(body[name]) for name in EVIDENCE if body.get(name)}
    recipient.save(update_fields=["authentication"])
    view = RecipientView.objects.create(
        recipient=recipient,
        return_url=str(body["returnUrl"])[:MAX_RETURN_URL],
        frame_ancestors=_origins(body.get("frameAncestors")),
        created_at=clock.now(),
    )
    path = reverse("ceremony-redeem", kwargs={"guid": view.guid})
    return answer({"url": f"{request.scheme}://{request.get_host()}{path}?slt={view.guid}"}, status=201)


def _origins(value: Any) -> list[str]:
    """Scheme and host only: they end up in a header."""
    origins = value or []
    if not isinstance(origins, list) or not all(isinstance(o, str) and ORIGIN.fullmatch(o) for o in origins):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for frameAncestors.")
    return origins


def _matching(envelope: Envelope, body: dict[str, Any]) -> Recipient:
    """clientUserId, userName and email must be the recipient's own, as strings (userId may replace the latter two)."""
    client_user_id = body.get("clientUserId")
    for recipient in envelope.recipients.all():
        if client_user_id in (None, "") or recipient.client_user_id != str(client_user_id):
            continue
        if body.get("recipientId") and str(body["recipientId"]) != recipient.recipient_id:
            continue
        by_user = body.get("userId") and str(body["userId"]) == recipient.user_guid
        by_name = body.get("userName") == recipient.name and _same(body.get("email"), recipient.email)
        if by_user or by_name:
            return recipient
    raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")


def _same(given: Any, email: str) -> bool:
    return str(given or "").casefold() == email.casefold()


def _refuse_out_of_sequence(envelope: Envelope, recipient: Recipient) -> None:
    parties = parties_of(list(envelope.recipients.all()))
    (party,) = (party for party in parties if party.key == recipient.pk)
    if not rules.is_in_sequence(party, parties):
        raise ApiError("RECIPIENT_NOT_IN_SEQUENCE")


recipient: Any = operation(POST=create_recipient_view)
