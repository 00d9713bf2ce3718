"""Bulk send: one template, a sheet of people, an envelope for each of its rows."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope
from .identity import SentAs
from .team import Team
from .template import Template

PROBLEM_MAX_LENGTH = 500


class BatchStatus(models.TextChoices):
    READING = "reading", _("Reading the file")
    DRAFT = "draft", _("Choosing columns")
    CHECKING = "checking", _("Checking all rows")
    READY = "ready", _("Ready to send")
    SENDING = "sending", _("Sending")
    PAUSED = "paused", _("Paused")
    CANCELLED = "cancelled", _("Cancelled")
    DONE = "done", _("Done")


# A worker has something to do about them.
BUSY_STATUSES = frozenset({BatchStatus.READING, BatchStatus.CHECKING, BatchStatus.SENDING})
# Nothing has left yet: columns can be chosen anew, the batch thrown away.
UNSENT_STATUSES = frozenset({BatchStatus.READING, BatchStatus.DRAFT, BatchStatus.CHECKING, BatchStatus.READY})


class BatchMode(models.TextChoices):
    """How the envelopes are made: by us one by one, or by Docusign's Bulk Send, which mails everybody itself."""

    SINGLE = "single", _("Our links: everybody signs through this portal")
    DOCUSIGN = "docusign", _("Docusign's Bulk Send: everybody gets Docusign's own mail")


class RowState(models.TextChoices):
    NEW = "new", _("Not checked")
    BAD = "bad", _("Needs correction")
    READY = "ready", _("Ready")
    SENDING = "sending", _("On its way to Docusign")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    LEFT_OUT = "left_out", _("Left out")


def sheet_path(batch: "BulkBatch", filename: str) -> str:
    """Never the uploaded name: it may be hostile, and it is kept as a field."""
    return f"bulk/{uuid.uuid4()}"


class BulkBatch(SentAs):
    """`content` is the template as it was when the batch began, so that all rows get the same.

    `mapping` says which columns fill what (keys: `signing.bulk.targets`), by their index in `headers`. `counts` is
    the number of rows by state, written down whenever a worker has moved some.
    """

    name = models.CharField(_("name"), max_length=100)
    template = models.ForeignKey(
        Template, verbose_name=_("template"), on_delete=models.SET_NULL, null=True, related_name="bulk_batches"
    )
    content = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="bulk_batch", editable=False)
    mode = models.CharField(_("sent by"), max_length=20, choices=BatchMode.choices, default=BatchMode.SINGLE)
    status = models.CharField(
        _("status"), max_length=20, choices=BatchStatus.choices, default=BatchStatus.READING, editable=False
    )
    file = models.FileField(upload_to=sheet_path, max_length=200, editable=False)
    file_name = models.CharField(_("file"), max_length=200, editable=False)
    encoding = models.CharField(_("encoding"), max_length=40, blank=True, editable=False)  # of a text file
    headers = models.JSONField(default=list, editable=False)
    mapping = models.JSONField(default=dict, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    problem = models.CharField(_("problem"), max_length=PROBLEM_MAX_LENGTH, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="bulk_batches",
        editable=False,
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="bulk_batches"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)  # a worker is at it

    class Meta:
        verbose_name = _("bulk send")
        verbose_name_plural = _("bulk sends")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("status",), name="bulk_batch_busy", condition=models.Q(status__in=sorted(BUSY_STATUSES))
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=BatchStatus.values), name="bulk_batch_status_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_unsent(self) -> bool:
        return self.status in UNSENT_STATUSES

    @property
    def is_busy(self) -> bool:
        return self.status in BUSY_STATUSES

    @property
    def row_count(self) -> int:
        return sum(self.counts.values())


class ListState(models.TextChoices):
    COMPOSING = "composing", _("Being composed")
    COMPOSED = "composed", _("Ready for Docusign")
    SENT = "sent", _("Queued at Docusign")
    DONE = "done", _("Done")
    FAILED = "failed", _("Refused")


class BulkList(models.Model):
    """Up to a thousand rows on their way through Docusign's Bulk Send: a draft to be copied, a list, and a batch there.

    `reference` is the draft's transactionId and stands in the batch's name: by them both are found after a lost answer.
    """

    batch = models.ForeignKey(BulkBatch, on_delete=models.CASCADE, related_name="lists")
    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=20, choices=ListState.choices, default=ListState.COMPOSING)
    draft_docusign_id = models.CharField(max_length=36, blank=True)
    list_docusign_id = models.CharField(max_length=36, blank=True)
    batch_docusign_id = models.CharField(max_length=36, blank=True)
    send_unclear_since = models.DateTimeField(null=True)  # Docusign may have queued it; null = has not
    look_at = models.DateTimeField(null=True)  # when to ask again
    looks = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("bulk send list")
        ordering = ("batch", "id")

    def __str__(self) -> str:
        return f"list {self.reference}"


class BulkRow(models.Model):
    """One row of the sheet. `number` is the one it has in a spreadsheet program, where the names stand in row 1.

    `data` are its cells as text; `errors` says what is wrong, by what the cell was to fill. `email` is the first
    recipient's, for finding who is there twice.
    """

    batch = models.ForeignKey(BulkBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    data = models.JSONField(default=list)
    errors = models.JSONField(default=dict)
    email = models.CharField(_("email"), max_length=254, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=RowState.choices, default=RowState.NEW)
    envelope = models.OneToOneField(
        Envelope, verbose_name=_("envelope"), on_delete=models.SET_NULL, null=True, related_name="bulk_row"
    )
    problem = models.CharField(_("problem"), max_length=PROBLEM_MAX_LENGTH, blank=True)
    bulk_list = models.ForeignKey(BulkList, on_delete=models.SET_NULL, null=True, related_name="rows")

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        ordering = ("batch", "number")
        indexes = (
            models.Index(fields=("batch", "state", "number"), name="bulk_row_batch_state"),
            models.Index(fields=("batch",), name="bulk_row_under_way", condition=models.Q(state=RowState.SENDING)),
        )
        constraints = (
            models.UniqueConstraint(fields=("batch", "number"), name="bulk_row_number_once_per_batch"),
            models.CheckConstraint(condition=models.Q(state__in=RowState.values), name="bulk_row_state_is_known"),
        )

    def __str__(self) -> str:
        return f"row {self.number}"
