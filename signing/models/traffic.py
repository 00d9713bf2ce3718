"""What all processes share about their calls to one Docusign account: how many are left, how far polling has come."""

from django.db import models

ACCOUNT_ID_MAX_LENGTH = 36


class CallBudget(models.Model):
    """Docusign's last word on the account's limits. Null = never told."""

    account_id = models.CharField(primary_key=True, max_length=ACCOUNT_ID_MAX_LENGTH)
    hour_limit = models.PositiveIntegerField(null=True)
    hour_remaining = models.PositiveIntegerField(null=True)
    hour_resets_at = models.DateTimeField(null=True)
    burst_limit = models.PositiveIntegerField(null=True)
    burst_remaining = models.IntegerField(null=True)  # below zero when more were counted than Docusign told
    burst_since = models.DateTimeField(null=True)  # Docusign names no beginning: the first answer of 30 seconds
    wait_until = models.DateTimeField(null=True)  # after a 429 for the whole account

    class Meta:
        verbose_name = "call budget"

    def __str__(self) -> str:
        return f"{self.hour_remaining} of {self.hour_limit}"


class PollCursor(models.Model):
    """All changes up to `polled_until` are known. The lease keeps two polls from running at once."""

    account_id = models.CharField(primary_key=True, max_length=ACCOUNT_ID_MAX_LENGTH)
    polled_until = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "poll cursor"

    def __str__(self) -> str:
        return f"until {self.polled_until}"
