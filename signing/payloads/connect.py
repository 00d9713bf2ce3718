"""What Docusign is asked to tell us: Connect configurations and event notifications."""

from typing import Any

from django.conf import settings
from django.urls import reverse

CONNECT_NAME = "Signing portal"
CONNECT_EVENTS = [
    *(f"envelope-{event}" for event in ("sent", "delivered", "completed", "declined", "voided", "corrected", "purge")),
    *(f"recipient-{event}" for event in ("sent", "delivered", "completed", "declined", "autoresponded", "reassign")),
]
# Each message tells the whole state, so that none depends on another; documents are fetched, not pushed.
CONNECT_DATA = {"version": "restv2.1", "format": "json", "includeData": ["custom_fields", "recipients"]}


def connect_configuration(user_id: str) -> dict[str, Any]:
    """The body of ConnectConfigurations: create (definition connectCustomConfiguration).

    For the envelopes of this user alone: what others send from the same account is none of our business.
    """
    return {
        "name": CONNECT_NAME,
        "configurationType": "custom",
        "urlToPublishTo": connect_url(),
        "allowEnvelopePublish": "true",
        "allUsers": "false",
        "userIds": [user_id],
        "enableLog": "true",
        "requiresAcknowledgement": "true",  # sic; without it a message that failed is not repeated
        "includeHMAC": "true",
        "includeEnvelopeVoidReason": "true",
        "deliveryMode": "SIM",
        "events": CONNECT_EVENTS,
        "eventData": CONNECT_DATA,
    }


def connect_url() -> str:
    """Where Docusign posts its Connect messages."""
    return f"{settings.PORTAL_BASE_URL}{reverse('signing:connect')}"


def event_notification() -> dict[str, Any]:
    """Definition eventNotification: messages about this envelope, asked for without an administrator's rights."""
    return {
        "url": connect_url(),
        "loggingEnabled": "true",
        "requireAcknowledgment": "true",
        "includeHMAC": "true",
        "includeEnvelopeVoidReason": "true",
        "deliveryMode": "SIM",
        "events": CONNECT_EVENTS,
        "eventData": CONNECT_DATA,
    }
