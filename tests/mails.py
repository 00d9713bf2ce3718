"""Mails in tests: queued by the deed, delivered by the worker's."""

from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives

from signing import notifications, outbox
from signing.models import Envelope, MailKind, OutgoingMail


def queued(envelope: Envelope) -> list[OutgoingMail]:
    notifications.queue_due(envelope)
    return list(OutgoingMail.objects.filter(envelope=envelope).order_by("pk"))


def deliver(mail: OutgoingMail) -> OutgoingMail:
    outbox.deliver(mail.pk)
    mail.refresh_from_db()
    return mail


def deliver_one(envelope: Envelope) -> OutgoingMail:
    """The first of the mails that the envelope calls for."""
    return deliver(queued(envelope)[0])


def delivered(kind: MailKind, envelope: Envelope) -> EmailMultiAlternatives:
    """The message that leaves for the first mail of this kind."""
    django_mail.outbox.clear()
    deliver(next(mail for mail in queued(envelope) if mail.kind == kind))
    (message,) = django_mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def html_of(message: object) -> str:
    return str(message.alternatives[0][0])  # type: ignore[attr-defined]
