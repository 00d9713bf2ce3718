"""Codes by which signers show that a mailbox is theirs."""

import uuid

from django.db import models

from .recipient import Recipient


class EmailCode(models.Model):
    """A 6-digit code that was mailed. Once `verified_at` is set the row is evidence: its `assertion_id` stands in
    Docusign's certificate of completion.

    `digest` is keyed with SECRET_KEY: a million codes are soon tried, without the key none can be told right.
    """

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="email_codes")
    to_email = models.EmailField()
    nonce = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    assertion_id = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = "email code"
        indexes = (models.Index(fields=("recipient", "-created_at"), name="email_code_newest"),)

    def __str__(self) -> str:
        return f"code for recipient {self.recipient_id}"
