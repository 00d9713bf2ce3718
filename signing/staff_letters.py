"""What mails to staff say that no signer ever reads: their words are not in the catalogues."""

from typing import TypedDict

from django.utils.translation import gettext as _

from .models import Envelope


class Words(TypedDict):
    subject: str
    heading: str
    paragraphs: list[str]
    button: str


def words_of_loss(envelope: Envelope) -> Words:
    """The consent of the person it was sent, or was to be sent, as is lost."""
    identity = envelope.sent_as
    words = {
        "subject": envelope.subject,
        "name": identity.name if identity else _("a colleague"),
        "reason": identity.loss if identity else "",
    }
    if envelope.is_local:
        return Words(
            subject=_("Not sent: %(subject)s") % words,
            heading=_("Your envelope waits for a decision"),
            paragraphs=[
                _("It was to be sent as %(name)s, and that is not possible any more: %(reason)s.") % words,
                _("Connect the Docusign user again, or let the service account send it. Until then it is a draft."),
            ],
            button=_("Open the envelope"),
        )
    return Words(
        subject=_("The service account takes over: %(subject)s") % words,
        heading=_("The service account has taken over"),
        paragraphs=[
            _("It was sent as %(name)s, and the portal cannot act for that person any more: %(reason)s.") % words,
            _("Signing goes on as before. The same holds for everything else of yours that was sent in that name."),
        ],
        button=_("Open the envelope"),
    )
