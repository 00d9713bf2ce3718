"""Teams: staff who see each other's envelopes, templates, forms and bulk sends."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

TEAM_NAME_MAX_LENGTH = 80


class Team(models.Model):
    """Who sees what through it stands in `signing.visibility`. Never deleted while anything is its own."""

    name = models.CharField(_("name"), max_length=TEAM_NAME_MAX_LENGTH, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("members"), related_name="teams", blank=True
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name
