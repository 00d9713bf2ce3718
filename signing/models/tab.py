"""A tab: Docusign's word for a field on a document, for one recipient to fill."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .document import Document
from .recipient import Recipient


class TabKind(models.TextChoices):
    SIGN_HERE = "sign_here", _("Signature")
    INITIAL_HERE = "initial_here", _("Initials")
    DATE_SIGNED = "date_signed", _("Date signed")
    TEXT = "text", _("Text")
    CHECKBOX = "checkbox", _("Checkbox")


class Tab(models.Model):
    """Placed either by an anchor text or by page and position.

    Positions are in pixels of 1/72 inch from the top left corner of the page as displayed, as Docusign
    counts them (reference: fixed tab placement).
    """

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="tabs")
    kind = models.CharField(_("kind"), max_length=20, choices=TabKind.choices, default=TabKind.SIGN_HERE)
    anchor = models.CharField(_("anchor text"), max_length=100, blank=True)
    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, null=True, related_name="tabs"
    )
    page = models.PositiveIntegerField(_("page"), null=True, validators=[MinValueValidator(1)])
    x = models.PositiveIntegerField(_("from the left"), null=True)
    y = models.PositiveIntegerField(_("from the top"), null=True)
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    required = models.BooleanField(_("required"), default=True)
    label = models.CharField(_("label"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ("recipient", "id")
        constraints = (
            models.CheckConstraint(
                condition=(
                    models.Q(document=None, page=None, x=None, y=None) & ~models.Q(anchor="")
                    | models.Q(
                        anchor="",
                        document__isnull=False,
                        page__isnull=False,
                        x__isnull=False,
                        y__isnull=False,
                    )
                ),
                name="tab_by_anchor_or_by_position",
            ),
        )

    def __str__(self) -> str:
        place = self.anchor or f"page {self.page}, {self.x}/{self.y}"
        return f"{self.get_kind_display()} at {place}"
