"""How long things are kept: legal holds and deletions of an envelope, rules of templates, purges at Docusign."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

HOLD_REASON_MAX_LENGTH = 500
MAX_RETAIN_DAYS = 36_500


class Scope(models.TextChoices):
    """What goes when its time has come."""

    DOCUMENTS = "documents", _("the documents")
    EVERYTHING = "everything", _("documents, names, messages and values")


class PurgeState(models.TextChoices):
    """Docusign's purgeState, as far as it can be asked for (reference 7.2). It happens 14 days later."""

    DOCUMENTS = "documents_queued", _("The documents")
    METADATA = "documents_and_metadata_queued", _("The documents and what was filled in")
    REDACT = "documents_and_metadata_and_redact_queued", _("The documents, what was filled in, and the names")


class Kept(models.Model):
    """The columns of an envelope that say whether it may be deleted, and what was."""

    held_at = models.DateTimeField(_("on hold since"), null=True, editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    hold_reason = models.CharField(max_length=HOLD_REASON_MAX_LENGTH, blank=True, editable=False)
    documents_deleted_at = models.DateTimeField(null=True, editable=False)  # here; null = nobody deleted them
    content_deleted_at = models.DateTimeField(null=True, editable=False)  # names, messages and values, too
    purge_state = models.CharField(max_length=60, blank=True, editable=False)  # Docusign's word; empty = never told

    class Meta:
        abstract = True

    @property
    def is_on_hold(self) -> bool:
        return self.held_at is not None


def ended_at() -> Coalesce:
    """When an envelope was finished, in whichever way."""
    return Coalesce("completed_at", "declined_at", "voided_at")


def indexes_of_keeping(terminal_statuses: list[str]) -> tuple[models.Index, ...]:
    """Of the model Envelope: what is finished and still here, by when it was finished; and what is on hold."""
    still_here = models.Q(status__in=terminal_statuses, content_deleted_at=None, held_at=None)
    return (
        models.Index(ended_at(), name="envelope_kept_since", condition=still_here),
        models.Index(fields=("held_at",), name="envelope_on_hold", condition=models.Q(held_at__isnull=False)),
    )


class RetentionRule(models.Model):
    """For envelopes made from a template, instead of the site's rule. It is no part of what a template's versions
    seal: those say what people sign, this says how long the house keeps it, and holds for all of them.
    """

    template = models.OneToOneField("signing.Template", on_delete=models.CASCADE, related_name="retention_rule")
    days = models.PositiveIntegerField(
        _("days after the end"),
        null=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_RETAIN_DAYS)],
        help_text=_("Empty = for ever."),
    )
    scope = models.CharField(_("then delete"), max_length=20, choices=Scope.choices, default=Scope.DOCUMENTS)
    purge_state = models.CharField(
        _("and ask to purge at Docusign"), max_length=60, choices=PurgeState.choices, blank=True
    )

    class Meta:
        verbose_name = _("retention rule")

    def __str__(self) -> str:
        return f"{self.days} days, then {self.scope}"


class PurgeRequestState(models.TextChoices):
    ASKED = "asked", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    DONE = "done", _("Queued at Docusign")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Nobody decided in time")
    FAILED = "failed", _("Refused by Docusign")


OPEN_PURGE_STATES = (PurgeRequestState.ASKED, PurgeRequestState.APPROVED)


class PurgeRequest(models.Model):
    """One person, or a rule, asks for documents to go at Docusign; another person decides."""

    envelope = models.ForeignKey("signing.Envelope", on_delete=models.CASCADE, related_name="purge_requests")
    purge_state = models.CharField(_("what goes"), max_length=60, choices=PurgeState.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=PurgeRequestState.choices, default=PurgeRequestState.ASKED
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of the call to Docusign, once approved
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("request to purge")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("state", "asked_at"),
                name="purge_request_open",
                condition=models.Q(state__in=OPEN_PURGE_STATES),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("envelope",),
                name="purge_request_open_once_per_envelope",
                condition=models.Q(state__in=OPEN_PURGE_STATES),
            ),
        )

    def __str__(self) -> str:
        return f"{self.purge_state} of envelope {self.envelope_id}"


class Erasure(models.Model):
    """What is left of an erasure: its certificate. It names the address by its digest alone."""

    subject_digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    certificate = models.TextField()  # canonical JSON
    sha256 = models.CharField(max_length=64)  # of it

    class Meta:
        verbose_name = _("erasure")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"erasure of {self.subject_digest[:12]}"
