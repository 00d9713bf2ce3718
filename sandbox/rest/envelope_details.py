"""What hangs on an envelope or a template: custom fields, notification, email settings, form data, audit events."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from sandbox import lifecycle, tabkinds
from sandbox.clock import docusign_time
from sandbox.definition.envelopes import (
    CUSTOM_FIELD_GROUPS,
    MAX_CUSTOM_FIELD,
    check_notification,
    notification_of,
    set_deadlines,
    write_custom_fields,
)
from sandbox.definition.reading import list_of, spelled, text_of
from sandbox.errors import ApiError
from sandbox.models import CustomField, Envelope, Tab

from . import locks
from .door import Call, Json, answer
from .registry import on_envelope
from .shapes import custom_fields_shape

EDITABLE = ("created", "sent", "delivered")
EMAIL_SETTINGS = ("replyEmailAddressOverride", "replyEmailNameOverride", "bccEmailAddresses")


@on_envelope("GET", "custom_fields")
def get_custom_fields(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(custom_fields_shape(envelope))


@on_envelope("POST", "custom_fields")
def create_custom_fields(call: Call, envelope: Envelope) -> HttpResponse:
    _require_editable(call, envelope)
    rows = write_custom_fields(envelope, call.json)
    lifecycle.touch(envelope)
    return answer(_only(envelope, {row.field_id for row in rows}), status=201)


@on_envelope("PUT", "custom_fields")
def update_custom_fields(call: Call, envelope: Envelope) -> HttpResponse:
    """Each by its fieldId; one that is not known is answered with errorDetails."""
    _require_editable(call, envelope)
    known = {field.field_id: field for field in envelope.custom_fields.all()}
    shape: Json = {kind: [] for kind in CUSTOM_FIELD_GROUPS}
    for kind in CUSTOM_FIELD_GROUPS:
        for item in list_of(call.json, kind):
            field = known.get(text_of(item, "fieldId"))
            shape[kind].append(_updated(field, item) if field else spelled(item) | {"errorDetails": _unknown_field()})
    lifecycle.touch(envelope)
    return answer(shape)


@on_envelope("DELETE", "custom_fields")
def delete_custom_fields(call: Call, envelope: Envelope) -> HttpResponse:
    _require_editable(call, envelope)
    ids = {text_of(item, "fieldId") for kind in CUSTOM_FIELD_GROUPS for item in list_of(call.json, kind)}
    gone = _only(envelope, ids)
    envelope.custom_fields.filter(field_id__in=ids).delete()
    lifecycle.touch(envelope)
    return answer(gone)


@on_envelope("GET", "notification")
def get_notification(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(notification_of(envelope))


@on_envelope("PUT", "notification")
def update_notification(call: Call, envelope: Envelope) -> HttpResponse:
    """Deadlines of a sent envelope are counted from its sending (reference 2.6)."""
    _require_editable(call, envelope)
    check_notification(call.json)
    envelope.options["notification"] = {**(envelope.options.get("notification") or {}), **call.json}
    if envelope.status != "created":
        set_deadlines(envelope)
    envelope.save(update_fields=["options", "expire_at", "warn_at", "remind_at"])
    lifecycle.touch(envelope)
    return answer(notification_of(envelope))


@on_envelope("GET", "email_settings", templates=False)
def get_email_settings(call: Call, envelope: Envelope) -> HttpResponse:
    return answer(_email_settings(envelope))


@on_envelope("POST", "email_settings", templates=False)
def create_email_settings(call: Call, envelope: Envelope) -> HttpResponse:
    return _set_email_settings(call, envelope, call.json, status=201)


@on_envelope("PUT", "email_settings", templates=False)
def update_email_settings(call: Call, envelope: Envelope) -> HttpResponse:
    return _set_email_settings(call, envelope, _email_settings(envelope) | call.json)


@on_envelope("DELETE", "email_settings", templates=False)
def delete_email_settings(call: Call, envelope: Envelope) -> HttpResponse:
    return _set_email_settings(call, envelope, {})


@on_envelope("GET", "audit_events", templates=False)
def list_audit_events(call: Call, envelope: Envelope) -> HttpResponse:
    """Names and values as commonly captured (reference 4.5)."""
    events = []
    for event in envelope.audit_events.all():
        fields = {
            "logTime": docusign_time(event.at),
            "Source": "api" if event.action in ("Registered", "Sent Invitations", "Voided") else "web",
            "UserName": event.user_name,
            "UserId": envelope.sender.guid if event.user_name == envelope.sender.name else "",
            "Action": event.action,
            "Message": event.message,
            "EnvelopeStatus": envelope.status,
            "ClientIPAddress": event.ip_address,
            "Information": event.message,
            "InformationLocalized": event.message,
            "GeoLocation": "",
            "Language": "en",
        }
        events.append({"eventFields": [{"name": name, "value": value} for name, value in fields.items()]})
    return answer({"auditEvents": events})


@on_envelope("GET", "form_data", templates=False)
def get_form_data(call: Call, envelope: Envelope) -> HttpResponse:
    """Values by tab label; those of the sender stand apart (reference 2.5)."""
    tabs = list(Tab.objects.filter(document__envelope=envelope).select_related("recipient"))
    by_recipient: dict[int | None, list[Json]] = defaultdict(list)
    for tab in tabs:
        if tab.group not in tabkinds.SIGNATURES and tab.group != tabkinds.ATTACHMENT:
            by_recipient[tab.recipient_id].append(_form_item(tab))
    sender = {"senderName": envelope.sender.name, "senderEmail": envelope.sender.email}
    prefill = {"formData": by_recipient[None] or [_empty_prefill()], "senderUserId": envelope.sender.guid} | sender
    recipients = [
        {
            "recipientId": recipient.recipient_id,
            "name": recipient.name,
            "email": recipient.email,
            "formData": by_recipient[recipient.pk],
            **_form_times(recipient),
        }
        for recipient in envelope.recipients.all()
    ]
    data = {
        "envelopeId": envelope.guid,
        "status": envelope.status,
        "emailSubject": envelope.subject,
        "sentDateTime": docusign_time(envelope.sent_at) or "",
        "formData": [item for recipient in recipients for item in recipient["formData"]],
        "prefillFormData": prefill,
        "recipientFormData": recipients,
    }
    return answer(data)


def _form_times(recipient: Any) -> Json:
    times = {"SentTime": recipient.sent_at, "DeliveredTime": recipient.delivered_at, "SignedTime": recipient.signed_at}
    return {name: docusign_time(at) for name, at in times.items() if at}


def _form_item(tab: Tab) -> Json:
    name = str(tab.data.get("tabLabel") or tab.data.get("groupName") or tab.data.get("name") or "")
    item = {"name": name, "value": tab.value, "originalValue": str(tab.data.get("value") or "")}
    return item | ({"listSelectedValue": tab.value} if tab.group == tabkinds.LIST else {})


def _empty_prefill() -> Json:
    """Docusign's own SDK tests read the first prefilled item of any envelope (reference 9.1)."""
    return {"name": "", "value": ""}


def _updated(field: CustomField, item: Mapping[str, Any]) -> Json:
    if "name" in item:
        field.name = text_of(item, "name", MAX_CUSTOM_FIELD)
    if "value" in item:
        field.value = text_of(item, "value", MAX_CUSTOM_FIELD)
    field.data |= dict(item)
    field.save()
    return {**spelled(field.data), "fieldId": field.field_id, "name": field.name, "value": field.value}


def _only(envelope: Envelope, field_ids: set[str]) -> Json:
    shape = custom_fields_shape(envelope)
    return {kind: [field for field in fields if field["fieldId"] in field_ids] for kind, fields in shape.items()}


def _unknown_field() -> Json:
    return {"errorCode": "CUSTOM_FIELD_NOT_FOUND", "message": "The custom field specified was not found."}


def _email_settings(envelope: Envelope) -> Json:
    given = envelope.options.get("emailSettings") or {}
    return {name: spelled(given[name]) for name in EMAIL_SETTINGS if given.get(name)}


def _set_email_settings(call: Call, envelope: Envelope, settings: Json, *, status: int = 200) -> HttpResponse:
    _require_editable(call, envelope)
    list_of(settings, "bccEmailAddresses")
    envelope.options["emailSettings"] = {name: settings[name] for name in EMAIL_SETTINGS if settings.get(name)}
    envelope.save(update_fields=["options"])
    lifecycle.touch(envelope)
    return answer(_email_settings(envelope), status=status)


def _require_editable(call: Call, envelope: Envelope) -> None:
    locks.require_free(call, envelope)
    if envelope.status not in EDITABLE:
        raise ApiError("ENVELOPE_INVALID_STATUS")
