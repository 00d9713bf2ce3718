"""Self-service forms: pages where anyone begins to sign a copy of a template, and who did."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .recipient import EMAIL_MAX_LENGTH, NAME_MAX_LENGTH, Recipient
from .team import Team
from .template import Template

INTRODUCTION_MAX_LENGTH = 2000


class PublicForm(models.Model):
    """`/forms/<slug>/`. Each visitor gets an envelope of their own, in which they have the template's one open role.

    `frame_origins` are the sites that may show it in a frame, one a line.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    template = models.ForeignKey(
        Template, verbose_name=_("template"), on_delete=models.PROTECT, related_name="public_forms"
    )
    title = models.CharField(_("title"), max_length=100)
    introduction = models.TextField(_("introduction"), max_length=INTRODUCTION_MAX_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    is_active = models.BooleanField(_("open"), default=True)
    open_from = models.DateTimeField(_("open from"), null=True, blank=True)
    open_until = models.DateTimeField(_("open until"), null=True, blank=True)
    max_count = models.PositiveIntegerField(
        _("how many at most"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    one_per_email = models.BooleanField(_("once per email address"), default=False)
    verify_email = models.BooleanField(_("ask for a code by email first"), default=False)
    frame_origins = models.TextField(_("may be embedded by"), max_length=1000, blank=True)
    count = models.PositiveIntegerField(_("begun"), default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="public_forms",
        editable=False,
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="public_forms"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class FormEntry(models.Model):
    """Somebody who began. `recipient` is who they are in the envelope that is theirs, once there is one.

    Where the form asks for a code, it is mailed before there is an envelope. It lies here encrypted until it is worth
    nothing; `digest` is keyed with SECRET_KEY, as of all our codes. A right code is evidence, which goes with the
    envelope.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    form = models.ForeignKey(PublicForm, on_delete=models.CASCADE, related_name="entries")
    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH)
    email = models.EmailField(_("email"), max_length=EMAIL_MAX_LENGTH)
    language = models.CharField(_("language"), max_length=10, blank=True)
    recipient = models.OneToOneField(Recipient, on_delete=models.SET_NULL, null=True, related_name="form_entry")
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    sealed_code = models.CharField(max_length=200, blank=True)
    nonce = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    code_made_at = models.DateTimeField(null=True)
    code_expires_at = models.DateTimeField(null=True)
    code_mailed_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("entry of a form")
        verbose_name_plural = _("entries of forms")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("form", "email"), name="form_entry_email"),
            models.Index(
                fields=("code_expires_at",),
                name="form_entry_code_to_mail",
                condition=models.Q(code_mailed_at=None) & ~models.Q(sealed_code=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
