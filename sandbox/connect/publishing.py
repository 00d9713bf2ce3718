"""An event becomes one message per listener."""

from sandbox import bell, clock
from sandbox.models import ConnectMessage, Envelope, Recipient

from .listeners import Listener, listeners_of


def tell(envelope: Envelope, event: str, recipient: Recipient | None = None) -> None:
    """Note the event for everyone who listens; to be called inside the transaction that made it true.

    `event` is Docusign's word, such as `envelope-sent` or `recipient-completed` (reference 4.1).
    """
    if envelope.is_template:
        return
    for listener in listeners_of(envelope):
        if listener.hears(envelope, event):
            note(envelope, event, recipient, listener)


def note(envelope: Envelope, event: str, recipient: Recipient | None, listener: Listener) -> ConnectMessage:
    now = clock.now()
    message = ConnectMessage.objects.create(
        account=envelope.account,
        envelope=envelope,
        recipient=recipient,
        configuration_id=listener.configuration_id,
        url=listener.url,
        event=event,
        is_json=listener.is_json,
        include_data=list(listener.include_data),
        is_signed=listener.is_signed,
        needs_acknowledgement=listener.needs_acknowledgement,
        is_logged=listener.is_logged,
        state="paused" if listener.is_paused else "pending",
        created_at=now,
        next_attempt_at=None if listener.is_paused else now,
    )
    bell.ring_after_commit()
    return message
