"""Ways into the ceremony: minted addresses, and the emails Docusign would have sent."""

from django.db import models

from .envelope import Envelope, Recipient
from .guids import new_guid


class RecipientView(models.Model):
    """A minted ceremony URL, and the session it turns into when opened."""

    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="views")
    return_url = models.CharField(max_length=500, blank=True, help_text="Empty when opened from an email.")
    frame_ancestors = models.JSONField(default=list)
    is_preview = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    session_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (null until opened)
    last_active_at = models.DateTimeField(null=True)
    failed_codes = models.PositiveIntegerField(default=0)
    has_passed = models.BooleanField(default=False, help_text="The access code was right, or none is asked.")
    has_proved_identity = models.BooleanField(default=False, help_text="By phone, ID check, … as far as asked.")
    host_confirmed = models.BooleanField(default=False, help_text="The host has handed the device over.")
    options = models.JSONField(
        default=dict,
        help_text="clientURLs, messageOrigins, pingUrl, pingFrequency, xFrameOptions and its URL, as given.",
    )
    display = models.JSONField(default=dict, help_text="{displayFormat, style} where Docusign JS shows it.")
    ended_event = models.CharField(max_length=30, blank=True)


class Mail(models.Model):
    """An email Docusign would have sent; a remote signer's leads into the ceremony."""

    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="mails")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(max_length=20, help_text="invitation, reminder, completed, declined, voided, copy …")
    sender_name = models.CharField(max_length=100)
    to_name = models.CharField(max_length=100)
    to_email = models.CharField(max_length=100, db_collation="NOCASE")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("to_email",), name="mail_by_address"),)
