"""The outbox: every mail the portal sends is a row first."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope
from .recipient import Recipient


class MailKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation to sign")
    COMPLETED = "completed", _("Everyone has signed")
    DECLINED = "declined", _("Someone declined")
    VOIDED = "voided", _("Voided by the sender")


class MailState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class OutgoingMail(models.Model):
    """One mail to one recipient. Its text is rendered when it leaves: no row holds a usable signing link."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="mails")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(_("kind"), max_length=20, choices=MailKind.choices)
    to_email = models.EmailField(_("to"))
    state = models.CharField(_("state"), max_length=20, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
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
        )
        constraints = (models.UniqueConstraint(fields=("recipient", "kind"), name="mail_once_per_recipient_and_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.to_email}"
