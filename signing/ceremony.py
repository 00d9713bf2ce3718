"""The signer's way in: what their link shows, and the recipient view minted on their click."""

import logging
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from . import connection, events, hosting, identities, polling, verification
from .docusign import RequestRefusedError
from .docusign.hosts import Hosts, hosts_of
from .gate import ENTERABLE, Gate, GateFacts, gate_for
from .links import Link
from .models import ActorKind, CeremonyDisplay, EmailCode, EventKind, Recipient, Verification
from .models.recipient import ACTIVE_STATUSES, DONE_STATUSES, SIGNING_KINDS, RecipientKind, RecipientStatus
from .payloads import recipient_view_request

logger = logging.getLogger(__name__)

# Refusals that mean "your picture of this envelope is old" (reference: createRecipient, errors).
STALE_PICTURE_CODES = frozenset(
    {
        "UNKNOWN_ENVELOPE_RECIPIENT",
        "RECIPIENT_NOT_IN_SEQUENCE",
        "ENVELOPE_INVALID_STATUS",
        "ENVELOPE_DOES_NOT_EXIST",
        "INVALID_CAPTIVE_RECIPIENT_OPERATION",
    }
)
# Docusign ends a session after 20 minutes without activity, unless the account says otherwise (reference 3.1).
SESSION_SECONDS = 20 * 60
VISIT_SECONDS = 10 * 60  # openings of a link within it are one line of the timeline
EVENT_MAX_LENGTH = 40  # of what stands in the return address


class NotReadyError(Exception):
    """This signer cannot enter now; their page says why."""


class CodeNeededError(Exception):
    """This signer has to give the code from their mailbox first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The way into one ceremony. Use the URL at once; never store, mail or log it."""

    view_url: str
    display: CeremonyDisplay


def gate_of(link: Link) -> Gate:
    """Reads rows and cache, calls nobody."""
    recipient = link.recipient
    return gate_for(
        GateFacts(
            envelope_status=recipient.envelope.status,
            recipient_status=recipient.status,
            has_unfinished_before=_has_unfinished_before(recipient),
            link_expires_at=link.expires_at,
            now=timezone.now(),
            link_state=link.state,
            is_delegated=not recipient.is_embedded,
            is_connected=not connection.is_paused(),
            was_just_opened=_was_just_opened(recipient),
            lacks_host=hosting.lacks_confirmation(link),
            kind=RecipientKind(recipient.kind),
        )
    )


def start(link: Link, *, return_url: str, may_frame: bool, proof: EmailCode | None = None, language: str = "") -> Entry:
    """Mint a recipient view. `may_frame`: the browser can show it in a frame; `proof`: the code it has given.
    `language`: one of ours, for the ceremony to speak; without one Docusign follows the browser.

    One call to Docusign; when it is refused because our picture is old, the picture is renewed and the call
    made once more. Raises NotReadyError, CodeNeededError or DocusignError.
    """
    recipient = link.recipient
    _refuse_unready(link)
    if verification.is_asked_of(recipient) and proof is None:
        raise CodeNeededError
    display = _display_of(recipient) if may_frame else CeremonyDisplay.REDIRECT
    try:
        entry = _mint(link, return_url, display, proof)
    except RequestRefusedError as error:
        if error.error_code not in STALE_PICTURE_CODES:
            raise
        logger.info("recipient %s: %s; asking Docusign for news", recipient.pk, error.error_code)
        polling.refresh([recipient.envelope_id], urgent=True)
        recipient.refresh_from_db()
        recipient.envelope.refresh_from_db()
        _refuse_unready(link)
        entry = _mint(link, return_url, display, proof)
    cache.set(_open_key(recipient), True, SESSION_SECONDS)
    events.record(
        recipient.envelope_id,
        EventKind.CEREMONY_STARTED,
        recipient=recipient,
        by=ActorKind.RECIPIENT,
        display=entry.display,
    )
    polling.expect_news(recipient.envelope_id)
    return replace(entry, view_url=_in_language(entry.view_url, language))


def note_visit(recipient: Recipient) -> None:
    """The link was opened, by a browser or a mail scanner; told once in a while, since pages reload themselves."""
    if cache.add(f"signing:visit:{recipient.pk}", True, VISIT_SECONDS):
        events.record(recipient.envelope_id, EventKind.LINK_OPENED, recipient=recipient, by=ActorKind.RECIPIENT)


def note_return(recipient: Recipient, event: str) -> None:
    """The session is over, as far as the browser says: a hint for words alone. Told once per session."""
    if cache.get(_open_key(recipient)) is None:
        return
    cache.delete(_open_key(recipient))
    events.record(
        recipient.envelope_id,
        EventKind.CEREMONY_LEFT,
        recipient=recipient,
        by=ActorKind.RECIPIENT,
        event=event[:EVENT_MAX_LENGTH],
    )


def next_on_this_device(link: Link) -> list[Recipient]:
    """Who can go on at once, where the sender said that the signers sit together."""
    envelope = link.recipient.envelope
    if not envelope.allows_hand_over or not envelope.is_open:
        return []
    others = envelope.recipients.filter(kind__in=SIGNING_KINDS).exclude(pk=link.recipient.pk).exclude(client_user_id="")
    return [r for r in others if r.status in ACTIVE_STATUSES or _is_about_to_be_asked(r)]


def hosts() -> Hosts:
    return hosts_of(settings.DOCUSIGN_OAUTH_BASE_URL)


def _refuse_unready(link: Link) -> None:
    if gate_of(link) not in ENTERABLE:
        raise NotReadyError


def _was_just_opened(recipient: Recipient) -> bool:
    """The button was pressed a moment ago, and someone really came to see the documents: no scanner gets so far."""
    return recipient.status == RecipientStatus.DELIVERED and cache.get(_open_key(recipient)) is not None


def _has_unfinished_before(recipient: Recipient) -> bool:
    """Copies are nothing to wait for."""
    before = recipient.envelope.recipients.filter(routing_order__lt=recipient.routing_order)
    return before.exclude(kind=RecipientKind.CARBON_COPY).exclude(status__in=DONE_STATUSES).exists()


def _is_about_to_be_asked(recipient: Recipient) -> bool:
    return recipient.status == RecipientStatus.CREATED and not _has_unfinished_before(recipient)


def _display_of(recipient: Recipient) -> CeremonyDisplay:
    """An access code that fails is an event of the full page only (reference 3.2), so such signers get that."""
    if recipient.verification == Verification.ACCESS_CODE:
        return CeremonyDisplay.REDIRECT
    return CeremonyDisplay(recipient.envelope.ceremony_display or settings.CEREMONY_DISPLAY)


def _mint(link: Link, return_url: str, display: CeremonyDisplay, proof: EmailCode | None) -> Entry:
    """Where Docusign will not be framed by our origin, the full page serves as well."""
    is_framed = display != CeremonyDisplay.REDIRECT
    request = recipient_view_request(
        link.recipient,
        return_url=return_url,
        evidence=verification.evidence_of(link, proof),
        signing_app=hosts().signing_app if is_framed else "",
    )
    envelope = link.recipient.envelope
    docusign_id = envelope.docusign_id or ""
    try:
        view_url = identities.ask(
            envelope, lambda client: client.create_recipient_view(docusign_id, request), urgent=True
        )
    except RequestRefusedError as error:
        if not is_framed or error.error_code != "INVALID_REQUEST_PARAMETER":
            raise
        logger.warning("Docusign refuses to be framed by this portal: %s", error)
        return _mint(link, return_url, CeremonyDisplay.REDIRECT, proof)
    return Entry(view_url, display)


def _in_language(view_url: str, language: str) -> str:
    """The ceremony takes its language from the address (reference 3.1: `locale` may be appended)."""
    if not language:
        return view_url
    return f"{view_url}{'&' if '?' in view_url else '?'}{urlencode({'locale': language})}"


def _open_key(recipient: Recipient) -> str:
    return f"signing:open:{recipient.pk}"
