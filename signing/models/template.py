"""Templates of the portal: what is sent again and again, composed once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope


class Template(models.Model):
    """A name for an envelope of status `template`, which holds documents, roles, fields, message and settings.

    So the composer composes both. Changing a template changes what is made of it from then on, and nothing that was
    made before: those are copies. `version` counts the changes that were published.
    """

    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=500, blank=True)
    content = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="template_of", editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="signing_templates",
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name
