"""Docusign's Connect messages as they arrived, and what became of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

EVENT_MAX_LENGTH = 50
DOCUSIGN_ID_MAX_LENGTH = 36


class ConnectOutcome(models.TextChoices):
    WAITING = "waiting", _("Not applied yet")
    APPLIED = "applied", _("Applied")
    UNCHANGED = "unchanged", _("Nothing new")
    ASKED = "asked", _("Docusign was asked")  # it told too little to be applied
    NOT_OURS = "not_ours", _("Not ours")
    FAILED = "failed", _("Failed")


UNFINISHED_OUTCOMES = frozenset({ConnectOutcome.WAITING, ConnectOutcome.FAILED})


class ConnectMessage(models.Model):
    """One message, stored once however often it is delivered.

    It names its envelope by Docusign's id and has no foreign key: it may arrive before our own row knows that
    id, and each index is paid for with every message.
    """

    digest = models.CharField(max_length=64, editable=False)
    event = models.CharField(_("event"), max_length=EVENT_MAX_LENGTH)
    docusign_id = models.CharField(_("Docusign envelope id"), max_length=DOCUSIGN_ID_MAX_LENGTH, blank=True)
    generated_at = models.DateTimeField(_("generated"), null=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    body = models.TextField(_("message"))
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=ConnectOutcome.choices, default=ConnectOutcome.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("next try"), null=True)

    class Meta:
        verbose_name = _("Connect message")
        verbose_name_plural = _("Connect messages")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("docusign_id",), name="connect_message_docusign_id"),
            models.Index(
                fields=("due_at",),
                name="connect_message_unfinished",
                condition=models.Q(outcome__in=sorted(UNFINISHED_OUTCOMES)),
            ),
        )
        constraints = (models.UniqueConstraint(fields=("digest",), name="connect_message_stored_once"),)

    def __str__(self) -> str:
        return self.event
