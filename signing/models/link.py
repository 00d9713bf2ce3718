"""What may have become of a link, and those that were replaced: who still holds one is told so, and nothing else."""

from enum import StrEnum

from django.db import models

from .recipient import Recipient


class LinkState(StrEnum):
    CURRENT = "current"
    REPLACED = "replaced"  # a newer one was given out
    REVOKED = "revoked"  # staff took it back


class FormerLink(models.Model):
    """Only the digest is kept, so it can be recognised and never written again."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="former_links")
    digest = models.CharField(max_length=64, unique=True)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "former link"

    def __str__(self) -> str:
        return f"former link of recipient {self.recipient_id}"
