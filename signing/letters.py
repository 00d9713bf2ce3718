"""What each mail says, in its reader's language. Rendered when it leaves: no row holds a usable link or code."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .branding import brand
from .links import link_url
from .mail_copies import copy_for
from .models import Envelope, FormEntry, MailKind, OutgoingMail, Recipient, RecipientKind, RecipientStatus
from .models.mail import ASKING_KINDS
from .models.recipient import DONE_STATUSES, SIGNING_KINDS
from .moments import with_zone
from .notifications import name_of_told
from .secretbox import decrypt
from .staff_letters import words_of_loss

HIDDEN_CODE = "••••••"


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of one mail. `button` names the link; without one there is none. `quote` is someone's own words."""

    subject: str
    heading: str
    paragraphs: Sequence[str] = ()
    quote: str = ""
    code: str = ""
    button: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def language_of(mail: OutgoingMail) -> str:
    """The recipient's, where it is known; the portal's own for all others and for the sender."""
    return (mail.recipient.language if mail.recipient else "") or settings.LANGUAGE_CODE


def render(mail: OutgoingMail, *, hides_secrets: bool = False) -> RenderedMail:
    """The mail as it would leave now. `hides_secrets` for eyes other than the recipient's: no link, no code."""
    with translation.override(language_of(mail)):
        letter = _writer_of(mail)(mail)
        context = {
            "mail": mail,
            "letter": letter,
            "envelope": mail.envelope,
            "reader": mail.recipient.mail_name if mail.recipient else name_of_told(mail.envelope),
            "is_to_sender": mail.recipient is None,
            "sign_by": with_zone(mail.envelope.expires_at) if mail.envelope.is_open and _signs(mail) else "",
            "code": HIDDEN_CODE if hides_secrets and letter.code else letter.code,
            "link": "#" if hides_secrets else _link(mail),
            "brand": brand(),
        }
        return RenderedMail(
            subject=" ".join(letter.subject.split()),
            text=render_to_string("mail/letter.txt", context),
            html=render_to_string("mail/letter.html", context),
        )


def _link(mail: OutgoingMail) -> str:
    if mail.recipient is not None:
        return link_url(mail.recipient)
    return f"{settings.PORTAL_BASE_URL}{reverse('admin:signing_envelope_change', args=[mail.envelope_id])}"


def _writer_of(mail: OutgoingMail) -> Callable[[OutgoingMail], Letter]:
    return _please_help if mail.kind in ASKING_KINDS and not _signs(mail) else _WRITERS[MailKind(mail.kind)]


def _signs(mail: OutgoingMail) -> bool:
    return mail.recipient is None or mail.recipient.kind == RecipientKind.SIGNER


def _please_help(mail: OutgoingMail) -> Letter:
    """To who signs nothing: only has to see the documents, or hosts somebody who signs in person."""
    words = _words(mail.envelope)
    if mail.recipient and mail.recipient.is_hosted:
        words["name"] = mail.recipient.name
        asked = _("%(sender)s asks you to have %(name)s sign: %(subject)s") % words
        heading = _("%(sender)s asks you to have %(name)s sign on your device") % words
    else:
        asked = _("%(sender)s asks you to read: %(subject)s") % words
        heading = _("%(sender)s asks you to read these documents") % words
    return Letter(
        subject=asked if mail.kind == MailKind.INVITATION else _("Reminder: %(subject)s") % words,
        heading=heading,
        quote=_quote(mail),
        button=_("Open the documents"),
        notes=_signing_notes(),
    )


def _invitation(mail: OutgoingMail) -> Letter:
    """To those who come later it says whose signatures are there already."""
    words = _words(mail.envelope)
    before = _signed_before(mail.recipient)
    return Letter(
        subject=_("Your turn to sign: %(subject)s") % words
        if before
        else _("%(sender)s asks you to sign: %(subject)s") % words,
        heading=_("It is your turn to sign") if before else _("%(sender)s asks you to sign") % words,
        paragraphs=[_("Signed before you: %(names)s.") % {"names": _list(before)}] if before else [],
        quote=_quote(mail),
        button=_("Review and sign"),
        notes=_signing_notes(),
    )


def _reminder(mail: OutgoingMail) -> Letter:
    words = _words(mail.envelope)
    return Letter(
        subject=_("Reminder: %(subject)s") % words,
        heading=_("%(sender)s is waiting for your signature") % words,
        paragraphs=[_("You have not signed yet. It takes only a few minutes.")],
        quote=mail.note or _quote(mail),
        button=_("Review and sign"),
        notes=_signing_notes(),
    )


def _expiring(mail: OutgoingMail) -> Letter:
    words = _words(mail.envelope)
    return Letter(
        subject=_("Please sign soon: %(subject)s") % words,
        heading=_("The time to sign ends soon"),
        paragraphs=[
            _("You can sign until %(moment)s. After that, %(sender)s would have to send everything again.")
            % (words | {"moment": with_zone(mail.envelope.expires_at)})
        ],
        quote=_quote(mail),
        button=_("Review and sign"),
        notes=_signing_notes(),
    )


def _fresh_link(mail: OutgoingMail) -> Letter:
    """Asked for on the page of an old link, or by beginning a self-service form once more."""
    words = _words(mail.envelope)
    is_of_form = FormEntry.objects.filter(recipient=mail.recipient).exists()
    return Letter(
        subject=_("Your new link: %(subject)s") % words,
        heading=_("Here is your new link"),
        paragraphs=[] if is_of_form else [_("It was asked for on the page of your former link.")],
        button=_("Open the documents"),
        notes=[
            _("If you did not ask for it, there is nothing you need to do."),
            _("The link is yours alone: please do not forward this mail."),
        ],
    )


def _code(mail: OutgoingMail) -> Letter:
    words = _words(mail.envelope)
    return Letter(
        subject=_("Your code: %(subject)s") % words,
        heading=_("Your code"),
        paragraphs=[_("Enter it on the page that asks for it. It is valid for a few minutes.")],
        code=decrypt(mail.sealed_code) or HIDDEN_CODE,
        notes=[
            _("Never tell it to anyone: nobody will ask you for it, neither by phone nor by mail."),
            _("If you did not ask for it, there is nothing you need to do."),
        ],
    )


def _completed(mail: OutgoingMail) -> Letter:
    ready = _("The signed PDF is attached.") if copy_for(mail) else _("The signed documents are ready.")
    return Letter(
        subject=_("Signed by everyone: %(subject)s") % _words(mail.envelope),
        heading=_("Everyone has signed"),
        paragraphs=[ready, _("Keep a copy for yourself.")],
        button=_("Get the signed PDF"),
    )


def _declined(mail: OutgoingMail) -> Letter:
    return Letter(
        subject=_("Declined: %(subject)s") % _words(mail.envelope),
        heading=_declined_heading(mail.envelope),
        paragraphs=[_("Nothing more is needed from you.")],
    )


def _voided(mail: OutgoingMail) -> Letter:
    envelope, words = mail.envelope, _words(mail.envelope)
    if envelope.has_expired:
        return Letter(
            subject=_("Expired: %(subject)s") % words,
            heading=_("The time to sign is over"),
            paragraphs=[
                _("It can no longer be signed. If it is still needed, ask %(sender)s to send it again.") % words
            ],
        )
    return Letter(
        subject=_("Withdrawn: %(subject)s") % words,
        heading=_("%(sender)s has withdrawn the request") % words,
        paragraphs=[_("Nothing more is needed from you.")],
        quote=envelope.voided_reason,
    )


def _sender_completed(mail: OutgoingMail) -> Letter:
    return Letter(
        subject=_("Signed by everyone: %(subject)s") % _words(mail.envelope),
        heading=_("Everyone has signed"),
        paragraphs=[_("The signed documents and the certificate are kept in the portal.")],
        button=_("Open the envelope"),
    )


def _sender_declined(mail: OutgoingMail) -> Letter:
    decliner = _decliner(mail.envelope)
    return Letter(
        subject=_("Declined: %(subject)s") % _words(mail.envelope),
        heading=_declined_heading(mail.envelope),
        paragraphs=[_("The envelope has ended with that: nobody can sign it any more.")],
        quote=decliner.declined_reason if decliner else "",
        button=_("Open the envelope"),
    )


def _sender_expired(mail: OutgoingMail) -> Letter:
    missing = mail.envelope.recipients.filter(kind__in=SIGNING_KINDS).exclude(status__in=DONE_STATUSES)
    return Letter(
        subject=_("Expired: %(subject)s") % _words(mail.envelope),
        heading=_("The time to sign is over"),
        paragraphs=[_("Not signed by: %(names)s.") % {"names": _list(missing.values_list("name", flat=True))}],
        button=_("Open the envelope"),
    )


_WRITERS: dict[MailKind, Callable[[OutgoingMail], Letter]] = {
    MailKind.INVITATION: _invitation,
    MailKind.REMINDER: _reminder,
    MailKind.EXPIRING: _expiring,
    MailKind.FRESH_LINK: _fresh_link,
    MailKind.CODE: _code,
    MailKind.COMPLETED: _completed,
    MailKind.DECLINED: _declined,
    MailKind.VOIDED: _voided,
    MailKind.SENDER_COMPLETED: _sender_completed,
    MailKind.SENDER_DECLINED: _sender_declined,
    MailKind.SENDER_EXPIRED: _sender_expired,
    MailKind.SENDER_LOST: lambda mail: Letter(**words_of_loss(mail.envelope)),
}


def _words(envelope: Envelope) -> dict[str, str]:
    return {"sender": envelope.sender_name, "subject": envelope.subject}


def _quote(mail: OutgoingMail) -> str:
    """The message to all, and what the sender says to this one alone."""
    private = mail.recipient.private_message if mail.recipient else ""
    return "\n\n".join(text for text in (mail.envelope.message, private) if text)


def _signing_notes() -> list[str]:
    return [_("No account needed."), _("The link is yours alone: please do not forward this mail.")]


def _signed_before(recipient: Recipient | None) -> list[str]:
    if recipient is None:
        return []
    signers = recipient.envelope.recipients.filter(kind__in=SIGNING_KINDS, status__in=DONE_STATUSES)
    earlier = signers.filter(routing_order__lt=recipient.routing_order)
    return list(earlier.values_list("name", flat=True))


def _decliner(envelope: Envelope) -> Recipient | None:
    return envelope.recipients.filter(status=RecipientStatus.DECLINED).first()


def _declined_heading(envelope: Envelope) -> str:
    decliner = _decliner(envelope)
    return _("%(person)s has declined to sign") % {"person": decliner.name} if decliner else _("Signing was declined")


def _list(names: Iterable[str]) -> str:
    return get_text_list(list(names), _("and"))
