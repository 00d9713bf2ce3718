"""The emails Docusign would have sent. None leaves the sandbox: they are kept for the console and for tests.

Embedded recipients (with a clientUserId) get none, unless an `embeddedRecipientStartURL` asks for it (reference 2.4).
"""

from typing import Any

from . import bounces, clock
from .addresses import runs_script
from .models import Envelope, Mail, Recipient
from .rules import SEEING_IS_ENOUGH, TOLD_ONLY

SYSTEM = "Docusign (sandbox)"
ENDS = {"completed": "Completed", "declined": "Declined", "voided": "Voided"}
LONGEST_SUBJECT, LONGEST_NAME = 200, 100


def invite(envelope: Envelope, recipient: Recipient, *, kind: str = "") -> None:
    """It is the recipient's turn; or they are only sent a copy."""
    own = _object(recipient.data.get("emailNotification"))
    is_copy = recipient.kind in TOLD_ONLY
    asks = "sent you a copy of" if is_copy else "asks you to view" if _only_sees(recipient) else "asks you to sign"
    name, _ = _address_of(recipient)
    text = str(own.get("emailBody") or envelope.blurb)
    note = str(recipient.data.get("note") or "")
    parts = [f"Dear {name},", f"{envelope.sender.name} {asks} “{envelope.subject}”.", text, note]
    subject = str(own.get("emailSubject") or envelope.subject)
    if kind == "reminder":
        subject = f"Reminder: {subject}"
    if kind == "expiring" and envelope.expire_at is not None:
        subject = f"Expiring soon: {subject}"
        parts.append(f"It can be signed until {envelope.expire_at:%Y-%m-%d}.")
    _send(envelope, recipient, kind or ("copy" if is_copy else "invitation"), subject, "\n\n".join(filter(None, parts)))


def remind(envelope: Envelope, *, kind: str = "reminder") -> None:
    """Whoever's turn it is and who is not done (reference 2.10)."""
    for recipient in envelope.recipients.filter(status__in=("sent", "delivered")):
        invite(envelope, recipient, kind=kind)


def warn(envelope: Envelope) -> None:
    """It expires soon (`expireWarn`): whoever's turn it is and who is not done."""
    remind(envelope, kind="expiring")


def tell_end(envelope: Envelope) -> None:
    """Completed, declined or voided: everyone who was asked, and the sender."""
    kind = envelope.status
    subject = f"{ENDS[kind]}: {envelope.subject}"
    recipients = list(envelope.recipients.all())
    body = "\n\n".join(filter(None, [f"“{envelope.subject}” is {kind}.", _why(envelope, recipients)]))
    last_order = max((recipient.routing_order for recipient in recipients), default=0)
    for recipient in recipients:
        has_it_all = kind == "completed" and recipient.kind in TOLD_ONLY and recipient.routing_order == last_order
        if recipient.status != "created" and not has_it_all:
            _send(envelope, recipient, kind, subject, body)
    _keep(envelope, None, kind, SYSTEM, (envelope.sender.name, envelope.sender.email), subject, body)


def tell_purge(envelope: Envelope) -> None:
    """Its documents are about to go: the sender and all recipients are told (reference 7.2)."""
    subject = f"To be purged: {envelope.subject}"
    until = f" on {envelope.purge_at:%Y-%m-%d}" if envelope.purge_at else ""
    body = f"The documents of “{envelope.subject}” will be deleted{until}. Please download what you want to keep."
    for recipient in envelope.recipients.all():
        _send(envelope, recipient, "purge", subject, body)
    _keep(envelope, None, "purge", SYSTEM, (envelope.sender.name, envelope.sender.email), subject, body)


def gets_mail(recipient: Recipient) -> bool:
    is_embedded = recipient.client_user_id is not None and not recipient.data.get("embeddedRecipientStartURL")
    is_quiet = str(recipient.data.get("suppressEmails")).lower() == "true"
    return not is_embedded and not is_quiet and bool(_address_of(recipient)[1])


def comes_back(recipient: Recipient) -> bool:
    """Would a mail to them come back? Who gets none is never told so."""
    return gets_mail(recipient) and bounces.comes_back(_address_of(recipient)[1])


def shape(mail: Mail, base_url: str) -> dict[str, Any]:
    """For the control door. `link`: where the button leads."""
    return {
        "id": mail.guid,
        "envelopeId": mail.envelope.guid,
        "recipientId": mail.recipient.recipient_id if mail.recipient else None,
        "kind": mail.kind,
        "from": mail.sender_name,
        "replyTo": reply_to(mail.envelope),
        "to": mail.to_email,
        "toName": mail.to_name,
        "subject": mail.subject,
        "body": mail.body,
        "at": mail.at.isoformat(),
        "link": link_of(mail, base_url),
    }


def reply_to(envelope: Envelope) -> str:
    """Mails leave from an address of Docusign's; answers go to the sender, or where the sender wants them."""
    settings = _object(envelope.options.get("emailSettings"))
    return str(settings.get("replyEmailAddressOverride") or envelope.sender.email)


def link_of(mail: Mail, base_url: str) -> str:
    """Where the email's button leads: the sender's own page for hybrid recipients, else into the ceremony."""
    if mail.recipient is None:
        return ""
    start = str(mail.recipient.data.get("embeddedRecipientStartURL") or "")
    if start and start.upper() != "SIGN_AT_DOCUSIGN":
        return "" if runs_script(start) else start
    return f"{base_url}/Signing/EmailStart/{mail.guid}"


def _send(envelope: Envelope, recipient: Recipient, kind: str, subject: str, body: str) -> None:
    """To the recipient, in the sender's name, and to those who are to have a blind copy of everything."""
    if not gets_mail(recipient):
        return
    settings = _object(envelope.options.get("emailSettings"))
    sender_name = str(settings.get("replyEmailNameOverride") or envelope.sender.name)
    _keep(envelope, recipient, kind, sender_name, _address_of(recipient), subject, body)
    copies = settings.get("bccEmailAddresses")
    for copy in copies if isinstance(copies, list) else []:
        address = str(_object(copy).get("email") or "")
        if address:
            _keep(envelope, None, kind, sender_name, (address, address), subject, body)


def _keep(
    envelope: Envelope,
    recipient: Recipient | None,
    kind: str,
    sender_name: str,
    to: tuple[str, str],
    subject: str,
    body: str,
) -> None:
    """`recipient`: whose button it has; no button without one. `to`: name and address."""
    Mail.objects.create(
        envelope=envelope,
        recipient=recipient,
        kind=kind,
        sender_name=sender_name[:LONGEST_NAME],
        to_name=to[0][:LONGEST_NAME],
        to_email=to[1][:LONGEST_NAME],
        subject=subject[:LONGEST_SUBJECT],
        body=body,
        at=clock.now(),
    )


def _address_of(recipient: Recipient) -> tuple[str, str]:
    """Name and email; whoever signs in person is reached through the host (reference 2.4)."""
    data = recipient.data
    if recipient.kind == "inPersonSigners" and data.get("hostEmail"):
        return str(data.get("hostName") or ""), str(data["hostEmail"])
    return recipient.name, recipient.email


def _why(envelope: Envelope, recipients: list[Recipient]) -> str:
    if envelope.status == "declined":
        decliner = next((recipient for recipient in recipients if recipient.status == "declined"), None)
        return f"{decliner.name}: {decliner.declined_reason}".rstrip(": ") if decliner else ""
    return envelope.voided_reason if envelope.status == "voided" else ""


def _only_sees(recipient: Recipient) -> bool:
    return recipient.kind in SEEING_IS_ENOUGH


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
