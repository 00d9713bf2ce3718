"""EnvelopeViews: addresses that lead into the ceremony or into Docusign's own pages (reference 3.1, 3.3)."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from sandbox import clock, rules
from sandbox.addresses import base_url, may_frame, runs_script
from sandbox.definition.reading import text_of
from sandbox.errors import ApiError
from sandbox.lifecycle import parties_of
from sandbox.models import Envelope, Recipient, RecipientView

from .door import Call, Json, answer
from .registry import on_envelope, operation

MAX_RETURN_URL = 500
MAX_FRAME_ANCESTORS = 500  # characters in all
PING_SECONDS = (60, 1200)
AUTHENTICATION_METHODS = frozenset(
    "biometric email httpbasicauth kerberos knowledgebasedauth none paperdocuments password rsasecureid "
    "singlesignon_casiteminder singlesignon_infocard singlesignon_microsoftactivedirectory singlesignon_other "
    "singlesignon_passport singlesignon_saml smartcard sslmutualauth x509certificate".split()
)
EVIDENCE = ("authenticationMethod", "authenticationInstant", "assertionId", "securityDomain")


@on_envelope("POST", "views/recipient", templates=False)
def create_recipient_view(call: Call, envelope: Envelope) -> HttpResponse:
    body = call.json
    _require(body, "returnUrl", "authenticationMethod")
    _require_return_url(body)
    if text_of(body, "authenticationMethod").lower() not in AUTHENTICATION_METHODS:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for authenticationMethod.")
    if envelope.status in _closed_states():
        raise ApiError("ENVELOPE_INVALID_STATUS")
    _require_ids(body)
    recipient = _matching(call, envelope, body)
    _refuse_out_of_sequence(envelope, recipient)
    recipient.authentication = _evidence(body)
    recipient.save(update_fields=["authentication"])
    view = RecipientView.objects.create(
        recipient=recipient,
        return_url=text_of(body, "returnUrl")[:MAX_RETURN_URL],
        frame_ancestors=_origins(body, "frameAncestors"),
        options=_options(body),
        created_at=clock.now(),
    )
    return answer({"url": _redeem_url(call, view)}, status=201)


@on_envelope("POST", "views/recipient_preview", partial="shows the first signer's pages, read only")
def create_preview(call: Call, envelope: Envelope) -> HttpResponse:
    return _read_only_view(call, envelope)


@on_envelope(
    "POST", "views/shared", templates=False, partial="shows the pages as the named recipient sees them, read only"
)
def create_shared_view(call: Call, envelope: Envelope) -> HttpResponse:
    """For someone with whom the envelope is shared: to be read, not signed."""
    if envelope.status == "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    return _read_only_view(call, envelope)


@on_envelope("POST", "views/sender", templates=False, partial="a plain page to review and send, no field editor")
def create_sender_view(call: Call, envelope: Envelope) -> HttpResponse:
    if envelope.status != "created":
        raise ApiError("ENVELOPE_INVALID_STATUS")
    return _staff_view(call, envelope, "prepare")


@on_envelope("POST", "views/edit", partial="a plain page to review and send, no field editor")
def create_edit_view(call: Call, envelope: Envelope) -> HttpResponse:
    return _staff_view(call, envelope, "prepare")


@on_envelope("POST", "views/correct", templates=False, partial="a plain page, no field editor")
def create_correct_view(call: Call, envelope: Envelope) -> HttpResponse:
    if envelope.status not in rules.OPEN_ENVELOPE:
        raise ApiError("ENVELOPE_INVALID_STATUS")
    return _staff_view(call, envelope, "correct")


@on_envelope("DELETE", "views/correct", templates=False)
def delete_correct_view(call: Call, envelope: Envelope) -> HttpResponse:
    return HttpResponse(b"", content_type="application/json; charset=utf-8")


@operation("POST", "views/console", partial="leads to the sandbox's console")
def create_console_view(call: Call) -> HttpResponse:
    guid = text_of(call.json, "envelopeId")
    path = f"/console/envelopes/{guid}" if re.fullmatch(r"[0-9a-fA-F-]{36}", guid) else "/console/"
    return answer({"url": f"{base_url(call.request)}{path}"}, status=201)


def _read_only_view(call: Call, envelope: Envelope) -> HttpResponse:
    recipients = list(envelope.recipients.all())
    wanted = text_of(call.json, "recipientId")
    recipient = next((r for r in recipients if r.recipient_id == wanted), None) if wanted else None
    recipient = recipient or (recipients[0] if recipients and not wanted else None)
    if recipient is None:
        raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
    _require_return_url(call.json)
    view = RecipientView.objects.create(
        recipient=recipient,
        return_url=text_of(call.json, "returnUrl")[:MAX_RETURN_URL],
        is_preview=True,
        created_at=clock.now(),
    )
    return answer({"url": _redeem_url(call, view)}, status=201)


def _staff_view(call: Call, envelope: Envelope, purpose: str) -> HttpResponse:
    _require_return_url(call.json)
    path = reverse("staff-view", kwargs={"guid": envelope.guid, "purpose": purpose})
    query = call.request.GET.copy()
    query["returnUrl"] = text_of(call.json, "returnUrl")[:MAX_RETURN_URL]
    return answer({"url": f"{base_url(call.request)}{path}?{query.urlencode()}"}, status=201)


def _redeem_url(call: Call, view: RecipientView) -> str:
    path = reverse("ceremony-redeem", kwargs={"guid": view.guid})
    return f"{base_url(call.request)}{path}?slt={view.guid}"


def _closed_states() -> tuple[str, ...]:
    """Whether a voided or declined envelope opens for reading is not documented (reference 3.3): a switch."""
    return ("created",) if settings.ENDED_ENVELOPES_CAN_BE_VIEWED else ("created", "voided", "declined")


def _require(body: Json, *names: str) -> None:
    for name in names:
        if not body.get(name):
            raise ApiError("INVALID_REQUEST_PARAMETER", f"'{name}' must be specified.")


def _require_ids(body: Json) -> None:
    """Who is it for: userId, or email and userName (reference 3.1, 3.3)."""
    if not body.get("userId"):
        _require(body, "email", "userName")


def _require_return_url(body: Json) -> None:
    if runs_script(text_of(body, "returnUrl").strip()):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for returnUrl.")


def _evidence(body: Json) -> dict[str, str]:
    """What the app says of how it knows the signer: printed on the certificate of completion."""
    instant = text_of(body, "authenticationInstant")
    if instant:
        try:
            datetime.fromisoformat(instant)
        except ValueError:
            detail = "Invalid value specified for authenticationInstant."
            raise ApiError("INVALID_REQUEST_PARAMETER", detail) from None
    return {name: text_of(body, name) for name in EVIDENCE if body.get(name)}


def _options(body: Json) -> dict[str, Any]:
    messages = _origins(body, "messageOrigins")
    if len(messages) > 1:
        raise ApiError("INVALID_REQUEST_PARAMETER", "Only one of messageOrigins can be given.")
    options: dict[str, Any] = {"messageOrigins": messages}
    if body.get("pingUrl"):
        seconds = text_of(body, "pingFrequency") or "300"
        if not seconds.isdecimal() or not PING_SECONDS[0] <= int(seconds[:6]) <= PING_SECONDS[1]:
            raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for pingFrequency.")
        options |= {"pingUrl": text_of(body, "pingUrl"), "pingFrequency": int(seconds)}
    client_urls = body.get("clientURLs")
    if isinstance(client_urls, dict):
        for name in client_urls:
            _require_return_url({"returnUrl": client_urls[name]})
        options["clientURLs"] = {name: str(url) for name, url in client_urls.items() if url}
    frame_options = text_of(body, "xFrameOptions").lower()
    if frame_options not in ("", "deny", "same_origin", "allow_from"):
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for xFrameOptions.")
    if frame_options:
        options |= {name: text_of(body, name) for name in ("xFrameOptions", "xFrameOptionsAllowFromUrl")}
    return options


def _origins(body: Json, name: str) -> list[str]:
    origins = body.get(name) or []
    if not isinstance(origins, list) or not all(isinstance(o, str) and may_frame(o) for o in origins):
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    if sum(map(len, origins)) > MAX_FRAME_ANCESTORS:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"{name} must not exceed {MAX_FRAME_ANCESTORS} characters.")
    return origins


def _matching(call: Call, envelope: Envelope, body: Json) -> Recipient:
    """clientUserId, userName and email must be the recipient's own, as strings (userId may replace the latter two).

    Without a clientUserId it is a remote recipient's, and only the account's user who is that recipient may ask.
    """
    client_user_id = text_of(body, "clientUserId") or None
    for recipient in envelope.recipients.all():
        if recipient.client_user_id != client_user_id:
            continue
        if body.get("recipientId") and text_of(body, "recipientId") != recipient.recipient_id:
            continue
        if _is_named(recipient, body):
            if client_user_id is None and _asker_of(recipient)[1].casefold() != call.user.email.casefold():
                raise ApiError("ACCOUNT_NOT_AUTHORIZED_FOR_ENVELOPE")
            return recipient
    raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT")


def _is_named(recipient: Recipient, body: Json) -> bool:
    if body.get("userId") and text_of(body, "userId").lower() == recipient.user_guid:
        return True
    name, email = _asker_of(recipient)
    return text_of(body, "userName") == name and text_of(body, "email").casefold() == email.casefold()


def _asker_of(recipient: Recipient) -> tuple[str, str]:
    """Name and email; in-person signers are opened by their host (reference 3.1)."""
    if recipient.kind != "inPersonSigners":
        return recipient.name, recipient.email
    return str(recipient.data.get("hostName") or ""), str(recipient.data.get("hostEmail") or "")


def _refuse_out_of_sequence(envelope: Envelope, recipient: Recipient) -> None:
    parties = parties_of(list(envelope.recipients.all()))
    (party,) = (party for party in parties if party.key == recipient.pk)
    is_held = recipient.status == "created"  # by a pause of the workflow
    if is_held or not rules.is_in_sequence(party, parties):
        raise ApiError("RECIPIENT_NOT_IN_SEQUENCE")
