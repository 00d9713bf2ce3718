"""The signer's way in: what their link shows, and the recipient view minted on their click."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from . import polling
from .connection import connect
from .docusign import RequestRefusedError
from .gate import Gate, GateFacts, gate_for
from .models import Recipient
from .models.recipient import DONE_STATUSES
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


class NotReadyError(Exception):
    """This signer cannot enter now; their page says why."""


def gate_of(recipient: Recipient) -> Gate:
    """Reads the rows, calls nobody."""
    unfinished_before = recipient.envelope.recipients.filter(routing_order__lt=recipient.routing_order).exclude(
        status__in=DONE_STATUSES
    )
    return gate_for(
        GateFacts(
            envelope_status=recipient.envelope.status,
            recipient_status=recipient.status,
            has_unfinished_before=unfinished_before.exists(),
            link_expires_at=recipient.link_expires_at,
            now=timezone.now(),
        )
    )


def start(recipient: Recipient, *, return_url: str) -> str:
    """Mint a recipient view and return its URL: use it at once, never store, mail or log it.

    One call to Docusign; when it is refused because our picture is old, the picture is renewed and the call
    made once more. Raises NotReadyError or DocusignError.
    """
    if gate_of(recipient) != Gate.READY:
        raise NotReadyError
    try:
        return _mint(recipient, return_url)
    except RequestRefusedError as error:
        if error.error_code not in STALE_PICTURE_CODES:
            raise
        logger.info("recipient %s: %s; asking Docusign for news", recipient.pk, error.error_code)
    polling.refresh([recipient.envelope_id], urgent=True)
    recipient.refresh_from_db()
    recipient.envelope.refresh_from_db()
    if gate_of(recipient) != Gate.READY:
        raise NotReadyError
    return _mint(recipient, return_url)


def _mint(recipient: Recipient, return_url: str) -> str:
    request = recipient_view_request(
        recipient,
        return_url=return_url,
        security_domain=urlsplit(settings.PORTAL_BASE_URL).netloc,
        now=timezone.now(),
    )
    return connect(urgent=True).create_recipient_view(recipient.envelope.docusign_id or "", request)
