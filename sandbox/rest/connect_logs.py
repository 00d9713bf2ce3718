"""What became of Connect messages: log, failures, publishing again (reference 4.2)."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from sandbox import bell, clock
from sandbox.clock import docusign_time
from sandbox.connect import delivery, listeners, publishing
from sandbox.definition.reading import is_true, object_of
from sandbox.errors import ApiError
from sandbox.models import ConnectMessage, Envelope, new_guid

from .answers import nothing
from .connect import CONFIGURATIONS
from .dates import moment_of
from .door import Call, Json, answer
from .registry import operation

MOST_ENTRIES, KEPT_DAYS = 100, 15
MOST_REPUBLISHED = 9_999
FAILED = Q(state="failed") | Q(state="pending", attempts__gt=0)


@operation("GET", "connect/logs", is_for_admins=True)
def list_logs(call: Call) -> HttpResponse:
    """Of configurations with logging on: the hundred latest, of the last fifteen days."""
    entries = [_shape(message) for message in _between(call, _logged(call))]
    return answer({"logs": entries, "totalRecords": str(len(entries))})


@operation("DELETE", "connect/logs", is_for_admins=True)
def delete_logs(call: Call) -> HttpResponse:
    _messages(call).update(is_logged=False)
    return nothing()


@operation("GET", "connect/logs/{logId}", is_for_admins=True)
def get_log(call: Call, log_id: str) -> HttpResponse:
    message = _find(_logged(call), log_id, "logId")
    return answer(_shape(message) | ({"connectDebugLog": [_debug(message)]} if call.flag("additional_info") else {}))


@operation("DELETE", "connect/logs/{logId}", is_for_admins=True)
def delete_log(call: Call, log_id: str) -> HttpResponse:
    message = _find(_logged(call), log_id, "logId")
    message.is_logged = False
    message.save(update_fields=["is_logged"])
    return nothing()


@operation("GET", "connect/failures", is_for_admins=True)
def list_failures(call: Call) -> HttpResponse:
    """Whether they will be tried again or have failed for good."""
    entries = [_shape(message) for message in _between(call, _messages(call).filter(FAILED))]
    return answer({"failures": entries, "totalRecords": str(len(entries))})


@operation("DELETE", "connect/failures/{failureId}", is_for_admins=True)
def delete_failure(call: Call, failure_id: str) -> HttpResponse:
    """It will not be tried again."""
    message = _find(_messages(call).filter(FAILED), failure_id, "failureId")
    message.state, message.next_attempt_at = "discarded", None
    message.save(update_fields=["state", "next_attempt_at"])
    return nothing()


@operation("PUT", "connect/envelopes/{envelopeId}/retry_queue")
def retry_envelope(call: Call, envelope: Envelope) -> HttpResponse:
    return answer({"retryQueue": _retry(_messages(call).filter(envelope=envelope))})


@operation("PUT", "connect/envelopes/retry_queue", is_for_admins=True)
def retry_envelopes(call: Call) -> HttpResponse:
    if is_true(call.json.get("synchronous")):
        raise ApiError("INVALID_REQUEST_PARAMETER", "synchronous must be false.")
    guids = _guids(call.json, "envelopeIds")
    return answer({"retryQueue": _retry(_messages(call).filter(envelope__guid__in=guids))})


@operation("POST", "connect/envelopes/publish/historical", is_for_admins=True, note="of newer specifications")
def publish_historical(call: Call) -> HttpResponse:
    """Tell a configuration of envelopes as they stand now."""
    guids = _guids(call.json, "envelopes")
    if len(guids) > MOST_REPUBLISHED:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"At most {MOST_REPUBLISHED} envelopes can be republished.")
    given = object_of(call.json, "config")
    listener = listeners.of_configuration(CONFIGURATIONS.find(call.account, given.get("connectId")))
    found = Envelope.objects.filter(account=call.account, is_template=False, guid__in=guids)
    told = [
        publishing.note(e, f"envelope-{e.status}", None, listener) for e in found.select_related("account", "sender")
    ]
    shape = {
        "applyConnectSettings": "false",
        "envelopeCount": str(len(guids)),
        "envelopePublishTransactionId": new_guid(),
        "errorCount": str(len(guids) - len(told)),
        "processedEnvelopeCount": str(len(told)),
        "processingStatus": "processing",
        "submissionDate": docusign_time(clock.now()),
        "submittedForPublishingEnvelopeCount": str(len(told)),
    }
    return answer(shape, status=201)


def _messages(call: Call) -> QuerySet[ConnectMessage]:
    return ConnectMessage.objects.filter(account=call.account).select_related("envelope__sender", "envelope__account")


def _logged(call: Call) -> QuerySet[ConnectMessage]:
    since = clock.now() - timedelta(days=KEPT_DAYS)
    return _messages(call).filter(is_logged=True, attempts__gt=0, created_at__gte=since)


def _between(call: Call, rows: QuerySet[ConnectMessage]) -> QuerySet[ConnectMessage]:
    for name, column in (("from_date", "created_at__gte"), ("to_date", "created_at__lte")):
        if moment := moment_of(call.query.get(name, ""), name):
            rows = rows.filter(**{column: moment})
    return rows.order_by("-pk")[:MOST_ENTRIES]


def _find(rows: QuerySet[ConnectMessage], guid: str, name: str) -> ConnectMessage:
    found = rows.filter(guid=guid.lower()).first()
    if found is None:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"Invalid value specified for {name}.")
    return found


def _guids(data: Json, name: str) -> set[str]:
    values = data.get(name)
    if not isinstance(values, list) or not values:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"{name} must be an array of envelope ids.")
    return {str(value).lower() for value in values}


def _retry(rows: QuerySet[ConnectMessage]) -> list[Json]:
    messages = list(rows.filter(FAILED))
    for message in messages:
        delivery.replay(message)
    bell.ring_after_commit()
    return [
        {
            "configId": message.configuration_id,
            "configUrl": message.url,
            "envelopeId": message.envelope.guid,
            "status": "queued",
            "statusMessage": "The message will be published again.",
        }
        for message in messages
    ]


def _shape(message: ConnectMessage) -> Json:
    """A `connectLog`; its `status` is the envelope's."""
    envelope = message.envelope
    data: dict[str, Any] = {
        "accountId": envelope.account.guid,
        "configUrl": message.url,
        "connectId": message.configuration_id,
        "created": docusign_time(message.created_at),
        "email": envelope.sender.email,
        "envelopeId": envelope.guid,
        "error": message.last_error,
        "lastTry": docusign_time(message.last_attempt_at) or "",
        "logId": message.guid,
        "logUri": f"/connect/logs/{message.guid}",
        "retryCount": str(max(0, message.attempts - 1)),
        "retryUri": f"/connect/envelopes/{envelope.guid}/retry_queue",
        "status": envelope.status.capitalize(),
        "subject": envelope.subject,
        "userName": envelope.sender.name,
    }
    if message.state in ("failed", "pending"):
        data |= {"failureId": message.guid, "failureUri": f"/connect/failures/{message.guid}"}
    return data


def _debug(message: ConnectMessage) -> Json:
    return {
        "connectConfig": message.configuration_id,
        "eventDateTime": docusign_time(message.created_at),
        "eventDescription": message.event,
        "payload": message.body,
    }
