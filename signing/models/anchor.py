"""What the evidence was at a moment: one hash over all events since the anchor before. Rows are never changed."""

from dataclasses import fields

from django.db import models
from django.utils.translation import gettext_lazy as _

from signing.verify import anchors


class Anchor(models.Model):
    """Chained to the one before, as events are. Its hash is worth keeping outside of this database."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    # Of events, by id: those after the one and up to the other are covered.
    after_event = models.PositiveBigIntegerField()
    last_event = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)  # `verify.merkle` over their hashes, in the order of ids
    heads = models.JSONField(default=dict)  # {chain: "number:first characters of its hash"}: to name what is missing
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ("-number",)
        indexes = (models.Index(fields=("last_event",), name="anchor_by_last_event"),)

    def __str__(self) -> str:
        return f"Anchor {self.number}"

    @property
    def statement(self) -> anchors.Statement:
        return anchors.Statement(**{column.name: getattr(self, column.name) for column in fields(anchors.Statement)})

    def is_sound(self, previous_hash: str) -> bool:
        """It says what it said, and follows the one that it followed."""
        return self.previous_hash == previous_hash and self.hash == self.statement.hashed(previous_hash)
