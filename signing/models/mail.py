"""The outbox: every mail the portal sends is a row first."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope
from .recipient import Recipient

NOTE_MAX_LENGTH = 1000


class MailKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation to sign")
    REMINDER = "reminder", _("Reminder")
    EXPIRING = "expiring", _("Warning before expiry")
    FRESH_LINK = "fresh_link", _("Fresh link")
    CODE = "code", _("Code to identify")
    COMPLETED = "completed", _("Everyone has signed")
    DECLINED = "declined", _("Someone declined")
    VOIDED = "voided", _("Withdrawn or expired")
    SENDER_COMPLETED = "sender_completed", _("To the sender: everyone has signed")
    SENDER_DECLINED = "sender_declined", _("To the sender: someone declined")
    SENDER_EXPIRED = "sender_expired", _("To the sender: expired")
    SENDER_LOST = "sender_lost", _("To the sender: the consent to send in a person's name is lost")


class MailState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Refused by the recipient's side")
    NOT_NEEDED = "not_needed", _("Not needed any more")


# Those that ask for a signature: of no use to who has signed, or can no longer.
ASKING_KINDS = frozenset({MailKind.INVITATION, MailKind.REMINDER, MailKind.EXPIRING})
WAITING_STATES = frozenset({MailState.QUEUED, MailState.SENDING})
UNDELIVERED_STATES = frozenset({MailState.FAILED, MailState.BOUNCED})


class OutgoingMail(models.Model):
    """One mail to one person. Its text is rendered when it leaves: no row holds a usable signing link.

    `occasion` tells mails of one kind apart: the day of a reminder, the moment of a request; empty for those
    sent once. Without a recipient the mail is to the sender.
    """

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="mails")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(_("kind"), max_length=20, choices=MailKind.choices)
    occasion = models.CharField(max_length=40, blank=True, editable=False)
    sealed_code = models.CharField(max_length=200, blank=True, editable=False)  # encrypted, and worth nothing soon
    to_email = models.EmailField(_("to"))
    note = models.TextField(_("note"), max_length=NOTE_MAX_LENGTH, blank=True)  # staff's own words in a reminder
    state = models.CharField(_("state"), max_length=20, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, blank=True, editable=False)
    provider_id = models.CharField(max_length=255, blank=True, editable=False)  # of a mail provider, in its reports
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    due_at = models.DateTimeField(_("next try"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("due_at",),
                name="mail_waiting_due_at",
                condition=models.Q(state__in=(MailState.QUEUED, MailState.SENDING)),
            ),
            models.Index(
                fields=("state", "envelope"),
                name="mail_undelivered",
                condition=models.Q(state__in=(MailState.FAILED, MailState.BOUNCED)),
            ),
            models.Index(fields=("provider_id",), name="mail_provider_id", condition=~models.Q(provider_id="")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("recipient", "kind", "occasion"), name="mail_once_per_recipient_kind_and_occasion"
            ),
            models.UniqueConstraint(
                fields=("envelope", "kind", "occasion"),
                name="mail_to_sender_once_per_kind_and_occasion",
                condition=models.Q(recipient=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.to_email}"
