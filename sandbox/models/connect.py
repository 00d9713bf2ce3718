"""Connect messages: what happened, to be told to whoever listens."""

from django.db import models

from .envelope import Envelope, Recipient
from .guids import new_guid
from .identity import Account


class ConnectMessage(models.Model):
    """One message to one listener. Its body is written once, soon after the event, and kept for every attempt."""

    guid = models.CharField(max_length=36, default=new_guid, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="connect_messages")
    recipient = models.ForeignKey(Recipient, on_delete=models.SET_NULL, null=True)
    configuration_id = models.CharField(max_length=20, db_index=True)
    url = models.CharField(max_length=500)
    event = models.CharField(max_length=40)
    is_json = models.BooleanField(default=True, help_text="restv2.1; otherwise the legacy XML.")
    include_data = models.JSONField(default=list)
    body = models.TextField(blank=True, help_text="Empty until it is written.")
    is_signed = models.BooleanField(default=False, help_text="includeHMAC")
    needs_acknowledgement = models.BooleanField(default=True, help_text="Otherwise it is tried only once.")
    is_logged = models.BooleanField(default=False, help_text="enableLog, until the log's entry is deleted.")
    state = models.CharField(
        max_length=10, default="pending", help_text="pending, paused, delivered, failed, lost or discarded."
    )
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, help_text="Of pending ones.")
    last_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("state", "next_attempt_at"), name="connect_message_due"),)
