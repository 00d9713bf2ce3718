"""Templates of the portal: what is sent again and again, composed once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope
from .team import Team

TEMPLATE_NAME_MAX_LENGTH = 100


class Template(models.Model):
    """A name for an envelope of status `template`, which holds documents, roles, fields, message and settings.

    So the composer composes both. `content` is what envelopes are made of now. It is composed directly until it is
    published for the first time (`version` 0 until then); after that `working_copy` is, and takes its place when it
    is published: nothing half done is ever sent. What was made before keeps its own copy.
    """

    name = models.CharField(_("name"), max_length=TEMPLATE_NAME_MAX_LENGTH)
    description = models.CharField(_("description"), max_length=500, blank=True)
    content = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="template_of", editable=False)
    working_copy = models.OneToOneField(
        Envelope, on_delete=models.SET_NULL, null=True, related_name="working_copy_of", editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="signing_templates",
        editable=False,
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="templates"
    )
    is_shared = models.BooleanField(
        _("for everybody"), default=False, help_text=_("Every team may use it. Its own team alone may change it.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    # Counted here: a list of templates never counts envelopes.
    used_count = models.PositiveIntegerField(_("used"), default=0, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def is_published(self) -> bool:
        return self.version > 0

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def in_work(self) -> Envelope | None:
        """What the composer may change now; None while nobody has begun to."""
        return self.working_copy if self.is_published else self.content


class TemplateVersion(models.Model):
    """What was published once, kept as it was."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.OneToOneField(Envelope, on_delete=models.PROTECT, related_name="version_of")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        ordering = ("template", "-number")
        constraints = (models.UniqueConstraint(fields=("template", "number"), name="template_version_once_per_number"),)

    def __str__(self) -> str:
        return f"{self.template} {self.number}"
