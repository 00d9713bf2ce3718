"""What the staff's list stands on: words to search by, saved views, and long work that was asked for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope

WORD_MAX_LENGTH = 40
VIEW_NAME_MAX_LENGTH = 60


class SearchWord(models.Model):
    """One word by which an envelope is found: of its subject, its people, its documents (see `signing.finding`)."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="search_words", db_index=False)
    word = models.CharField(max_length=WORD_MAX_LENGTH)

    class Meta:
        verbose_name = "search word"
        indexes = (
            # By the beginning of a word; PostgreSQL needs the operator class for that, SQLite ignores it.
            models.Index(
                fields=("word", "envelope"), name="search_word", opclasses=("varchar_pattern_ops", "int8_ops")
            ),
        )
        constraints = (models.UniqueConstraint(fields=("envelope", "word"), name="search_word_once_per_envelope"),)

    def __str__(self) -> str:
        return self.word


class SavedView(models.Model):
    """A name for the filters of the list. `query` is the part of the address after the question mark."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=VIEW_NAME_MAX_LENGTH)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("saved view")
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="saved_view_name_once_per_user"),)

    def __str__(self) -> str:
        return self.name


class ErrandKind(models.TextChoices):
    CSV = "csv", _("Export as CSV")
    XLSX = "xlsx", _("Export as Excel sheet")
    ZIP = "zip", _("Download documents")
    PROOF = "proof", _("Download proof bundles")
    REMIND = "remind", _("Remind")
    VOID = "void", _("Void")
    ASK = "ask", _("Ask Docusign")
    HAND_OVER = "hand_over", _("Hand over")


class ErrandState(models.TextChoices):
    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED_ERRANDS = (ErrandState.QUEUED, ErrandState.RUNNING)


def errand_path(errand: "Errand", filename: str) -> str:
    return f"errands/{errand.pk}/{filename}"


class Errand(models.Model):
    """Long work that staff asked for from the list. A worker does it; the row shows how far it has come.

    `params`: `query` (the list's filters, for an export) or `ids`, and what the kind needs beside (`reason`, `note`).
    `problems`: [[envelope id, subject, sentence], …] of those where it did not work.
    """

    kind = models.CharField(max_length=10, choices=ErrandKind.choices)
    state = models.CharField(max_length=10, choices=ErrandState.choices, default=ErrandState.QUEUED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="errands")
    asked_at = models.DateTimeField(auto_now_add=True)
    params = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # null = nobody has counted
    problems = models.JSONField(default=list)
    error = models.CharField(max_length=500, blank=True)
    file = models.FileField(upload_to=errand_path, max_length=200, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("id",), name="errand_unfinished", condition=models.Q(state__in=UNFINISHED_ERRANDS)),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED_ERRANDS

    @property
    def percent(self) -> int | None:
        """How far it has come; None when nobody has counted."""
        if self.state == ErrandState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else None
