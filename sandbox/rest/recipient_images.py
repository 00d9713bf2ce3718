"""Pictures of what a recipient adopted; and what embedded recipients adopted, forgotten."""

from typing import Any

from django.http import HttpResponse

from sandbox import fonts, lifecycle
from sandbox.ceremony.signatures import initials_of
from sandbox.correction import FINISHED
from sandbox.definition.reading import list_of, text_of
from sandbox.drawing import signature_of
from sandbox.errors import ApiError
from sandbox.ink.pictures import picture
from sandbox.models import Envelope, Recipient
from sandbox.rules import OPEN_ENVELOPE, SIGNING_KINDS

from . import locks
from .answers import content, nothing
from .door import Call, answer
from .recipients import find_recipient
from .registry import on_envelope, operation
from .uploads import uploaded_image

RECIPIENT = "recipients/{recipientId}"


@on_envelope("GET", f"{RECIPIENT}/signature_image", templates=False)
def get_signature_image(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    return _picture(call, find_recipient(envelope, recipient_id), is_initials=False)


@on_envelope("GET", f"{RECIPIENT}/initials_image", templates=False)
def get_initials_image(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    return _picture(call, find_recipient(envelope, recipient_id), is_initials=True)


@on_envelope("PUT", f"{RECIPIENT}/signature_image", templates=False)
def put_signature_image(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    """The recipient signs with it, unless they adopt another in the ceremony."""
    return _adopt(call, envelope, recipient_id, "image")


@on_envelope("PUT", f"{RECIPIENT}/initials_image", templates=False)
def put_initials_image(call: Call, envelope: Envelope, recipient_id: str) -> HttpResponse:
    return _adopt(call, envelope, recipient_id, "initials_image")


@operation("DELETE", "captive_recipients/{recipientPart}")
def delete_captive_signatures(call: Call, recipient_part: str) -> HttpResponse:
    """`signature`: what these embedded recipients have adopted in envelopes that are still open."""
    if recipient_part.lower() != "signature":
        raise ApiError("INVALID_REQUEST_PARAMETER", "Invalid value specified for recipientPart.")
    results: list[dict[str, Any]] = []
    for item in list_of(call.json, "captiveRecipients"):
        named = {name: text_of(item, name, 100) for name in ("clientUserId", "email", "userName") if item.get(name)}
        if _forget(call, named):
            results.append(named)
        else:
            error = ApiError("UNKNOWN_ENVELOPE_RECIPIENT")
            results.append(named | {"errorDetails": {"errorCode": error.error_code, "message": error.message}})
    return answer({"captiveRecipients": results})


def _picture(call: Call, recipient: Recipient, *, is_initials: bool) -> HttpResponse:
    if not recipient.signature:
        raise ApiError("INVALID_REQUEST_PARAMETER", "The recipient has not adopted a signature.")
    drawn = picture(signature_of(recipient), is_initials=is_initials, has_chrome=call.flag("include_chrome"))
    return content(drawn, "image/gif")


def _adopt(call: Call, envelope: Envelope, recipient_id: str, part: str) -> HttpResponse:
    locks.require_free(call, envelope)
    recipient = find_recipient(envelope, recipient_id)
    if recipient.kind not in SIGNING_KINDS:
        raise ApiError("INVALID_RECIPIENT_TYPE")
    if envelope.status not in ("created", *OPEN_ENVELOPE) or recipient.status in FINISHED:
        raise ApiError("ENVELOPE_INVALID_STATUS")
    uploaded = uploaded_image(call)
    style = next(iter(fonts.HANDWRITING))
    own = {"name": recipient.name, "initials": initials_of(recipient.name), "style": style, "strokes": []}
    recipient.signature = own | recipient.signature | {part: uploaded["path"]}
    recipient.save(update_fields=["signature"])
    lifecycle.touch(envelope)
    return nothing()


def _forget(call: Call, named: dict[str, Any]) -> int:
    if not named.get("clientUserId"):
        return 0
    lookups = {"clientUserId": "client_user_id", "email": "email__iexact", "userName": "name"}
    return (
        Recipient.objects.filter(envelope__account=call.account, envelope__status__in=("created", *OPEN_ENVELOPE))
        .exclude(status__in=FINISHED)
        .filter(**{lookups[name]: value for name, value in named.items()})
        .update(signature={})
    )
