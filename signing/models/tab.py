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
    FULL_NAME = "full_name", _("Name")
    EMAIL_ADDRESS = "email_address", _("Email")
    COMPANY = "company", _("Company")
    TITLE = "title", _("Title")
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHECKBOX = "checkbox", _("Checkbox")
    RADIO = "radio", _("Radio button")
    LIST = "list", _("List")
    NOTE = "note", _("Note")
    ATTACHMENT = "attachment", _("Attachment")
    APPROVE = "approve", _("Approve")
    DECLINE = "decline", _("Decline")


class Tab(models.Model):
    """Placed either by an anchor text or by page and position.

    `value` is what stands in it before the signer comes: a text, a date, the chosen option; "true" for a ticked
    checkbox; the text of a note. Radio buttons that share a `group` exclude each other, and each has the one value
    it stands for in `options`; a list offers its `options`.

    An anchored tab stands on the lower left corner of its text, moved by the offsets (down is positive).

    Positions are in pixels of 1/72 inch from the top left corner of the page as displayed, as Docusign
    counts them (reference: fixed tab placement).
    """

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="tabs")
    kind = models.CharField(_("kind"), max_length=20, choices=TabKind.choices, default=TabKind.SIGN_HERE)
    anchor = models.CharField(_("anchor text"), max_length=100, blank=True)
    anchor_x_offset = models.SmallIntegerField(_("right of the anchor"), default=0)
    anchor_y_offset = models.SmallIntegerField(_("below the anchor"), default=0)
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
    tooltip = models.CharField(_("hint"), max_length=255, blank=True)
    value = models.TextField(_("value"), max_length=4000, blank=True)
    locked = models.BooleanField(_("read only"), default=False)
    group = models.CharField(_("group"), max_length=100, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    max_length = models.PositiveIntegerField(_("characters at most"), null=True)
    validation_pattern = models.CharField(_("pattern"), max_length=255, blank=True)
    validation_message = models.CharField(_("what to say when it does not fit"), max_length=255, blank=True)
    font_size = models.PositiveSmallIntegerField(_("font size"), null=True)

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
