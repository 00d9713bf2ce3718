"""Who wants to hear of which events: the account's configurations, and an envelope's own (reference 4.2)."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from sandbox.addresses import LOOPBACK
from sandbox.errors import ApiError
from sandbox.models import Envelope, Resource

KIND = "connect"
FIRST_OWN_NUMBER = 20_000_000  # of the numbers given to envelopes' own notifications
MAX_URL = 500
INCLUDABLE = [
    "attachments",
    "custom_fields",
    "documents",
    "extensions",
    "folders",
    "payment_tabs",
    "powerform",
    "prefill_tabs",
    "recipients",
    "tabs",
]
# The older way of asking, by status, in the newer one's words.
STATUS_EVENTS = {
    "envelopeEvents": {"draft": "envelope-created"}
    | {status: f"envelope-{status}" for status in ("sent", "delivered", "completed", "declined", "voided")},
    "recipientEvents": {
        status: f"recipient-{status}"
        for status in ("sent", "delivered", "completed", "declined", "authenticationfailed", "autoresponded")
    },
}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listener:
    configuration_id: str
    url: str
    events: frozenset[str]
    include_data: tuple[str, ...]
    is_json: bool
    is_signed: bool
    needs_acknowledgement: bool
    is_logged: bool
    is_paused: bool = False
    only_users: frozenset[str] | None = None
    except_users: frozenset[str] = frozenset()

    def hears(self, envelope: Envelope, event: str) -> bool:
        sender = envelope.sender.guid
        is_asked = self.only_users is None or sender in self.only_users
        return event in self.events and is_asked and sender not in self.except_users


def listeners_of(envelope: Envelope) -> list[Listener]:
    return [*_of_account(envelope.account_id), *_of_envelope(envelope)]


def forget() -> None:
    """An account's configurations have changed. Call it after the change is committed."""
    with _lock:
        _known.clear()


def check(definition: Any) -> None:
    """Refuse an envelope's own notification that could never be delivered. Raises INVALID_REQUEST_PARAMETER."""
    for given in own_notifications(definition):
        if not isinstance(given, dict):
            raise ApiError("INVALID_REQUEST_BODY", "eventNotification must be an object.")
        check_url(given.get("url"), "eventNotification.url")
        if not _events(given):
            detail = "eventNotification needs events, envelopeEvents or recipientEvents."
            raise ApiError("INVALID_REQUEST_PARAMETER", detail)


def check_url(url: Any, name: str) -> None:
    """https, as Docusign demands; plain http to this very machine, or by a switch."""
    text = str(url or "")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    may_be_plain = host in LOOPBACK or not settings.CONNECT_REQUIRES_HTTPS
    schemes = ("https", "http") if may_be_plain else ("https",)
    if not host or len(text) > MAX_URL or parts.scheme not in schemes:
        raise ApiError("INVALID_REQUEST_PARAMETER", f"{name} must be an https address of at most {MAX_URL} characters.")


def own_notifications(definition: Any) -> list[Any]:
    one = definition.get("eventNotification")
    return [*([one] if one else []), *_list(definition.get("eventNotifications"))]


def of_configuration(resource: Resource) -> Listener:
    data = resource.data
    all_users = is_true(data.get("allUsers", "false"))
    return Listener(
        configuration_id=resource.number,
        url=str(data.get("urlToPublishTo") or ""),
        needs_acknowledgement=is_true(data.get("requiresAcknowledgement")),
        is_logged=is_true(data.get("enableLog")),
        is_paused=is_true(data.get("pausePublish")),
        only_users=None if all_users else frozenset(names_in(data.get("userIds"))),
        except_users=frozenset(names_in(data.get("userIds"))) if is_true(data.get("allUsersExcept")) else frozenset(),
        **_what(data),
    )


def is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def names_in(value: Any) -> list[str]:
    """An array of names, or one string with commas between them; in lower case."""
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return [str(part).strip().lower() for part in parts if str(part).strip()]


_lock = threading.Lock()
_known: dict[int, list[Listener]] = {}  # account → its active configurations; this process is their only writer


def _of_account(account_pk: int) -> list[Listener]:
    with _lock:  # held while reading: a change committed meanwhile makes `forget` wait, and then forget this too
        if account_pk not in _known:
            rows = Resource.objects.filter(account_id=account_pk, kind=KIND)
            active = [row for row in rows if is_true(row.data.get("allowEnvelopePublish"))]
            _known[account_pk] = [of_configuration(row) for row in active]
        return _known[account_pk]


def _of_envelope(envelope: Envelope) -> Iterable[Listener]:
    for position, data in enumerate(own_notifications(envelope.options)):
        if isinstance(data, dict) and data.get("url"):
            yield Listener(
                configuration_id=str(FIRST_OWN_NUMBER + envelope.pk * 10 + position % 10),
                url=str(data["url"]),
                needs_acknowledgement=is_true(data.get("requireAcknowledgment")),
                is_logged=is_true(data.get("loggingEnabled")),
                **_what(data),
            )


def _what(data: Json) -> Json:
    """What both kinds spell alike."""
    event_data = data.get("eventData")
    event_data = event_data if isinstance(event_data, dict) else {}
    include = set(names_in(event_data.get("includeData") or []))
    if is_true(data.get("includeDocuments")) or any(is_true(e.get("includeDocuments")) for e in _status_events(data)):
        include.add("documents")
    if is_true(data.get("includeCertificateOfCompletion")):
        include.add("certificate")
    version = str(event_data.get("version") or "legacy").lower()
    return {
        "events": _events(data),
        "include_data": tuple(sorted(include & {*INCLUDABLE, "certificate"})),
        "is_json": version == "restv2.1" and str(event_data.get("format") or "json").lower() == "json",
        "is_signed": is_true(data.get("includeHMAC")),
    }


def _events(data: Json) -> frozenset[str]:
    events = set(names_in(data.get("events") or []))
    for group, statuses in STATUS_EVENTS.items():
        for item in _list(data.get(group)):
            name = item.get(f"{group.removesuffix('s')}StatusCode") if isinstance(item, dict) else item
            events |= {statuses[code] for code in (str(name).lower(),) if code in statuses}
    return frozenset(events)


def _status_events(data: Json) -> list[Json]:
    return [item for group in STATUS_EVENTS for item in _list(data.get(group)) if isinstance(item, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
