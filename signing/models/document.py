"""Files of an envelope: the documents staff uploaded, and what came back signed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope


def document_path(document: "Document", filename: str) -> str:
    """Never the uploaded name: it may be hostile, and it is kept as a field."""
    return f"envelopes/{document.envelope.transaction_id}/document-{document.number}.pdf"


def completed_path(completed: "CompletedDocument", filename: str) -> str:
    return f"envelopes/{completed.envelope.transaction_id}/completed-{completed.kind}.pdf"


class Document(models.Model):
    """One PDF to sign. `number` is Docusign's documentId."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="documents")
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(999)])
    name = models.CharField(_("name"), max_length=100)
    file = models.FileField(upload_to=document_path, max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    page_sizes = models.JSONField(
        help_text=_("[[width, height], …] of each page as displayed, in PDF points (1/72 inch).")
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("envelope", "number")
        constraints = (
            models.UniqueConstraint(fields=("envelope", "number"), name="document_number_once_per_envelope"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def page_count(self) -> int:
        return len(self.page_sizes)


class Seal(models.TextChoices):
    """What the digital signature of a fetched PDF says about it."""

    UNCHECKED = "unchecked", _("Not checked")
    INTACT = "intact", _("Seal intact")
    ABSENT = "absent", _("No digital seal")
    BROKEN = "broken", _("Seal broken")


class CompletedDocument(models.Model):
    """What Docusign hands out once everyone has signed. Stored once, with its hash."""

    class Kind(models.TextChoices):
        COMBINED = "combined", _("Signed documents")
        CERTIFICATE = "certificate", _("Certificate of completion")

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="completed_documents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    file = models.FileField(upload_to=completed_path, max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    seal = models.CharField(_("seal"), max_length=20, choices=Seal.choices, default=Seal.UNCHECKED)
    fetched_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("completed document")
        verbose_name_plural = _("completed documents")
        ordering = ("envelope", "-kind")
        indexes = (
            models.Index(fields=("envelope",), name="completed_document_broken", condition=models.Q(seal="broken")),
            models.Index(fields=("sha256",), name="completed_document_by_hash"),  # the public verify page
        )
        constraints = (models.UniqueConstraint(fields=("envelope", "kind"), name="completed_document_once_per_kind"),)

    def __str__(self) -> str:
        return self.get_kind_display()
