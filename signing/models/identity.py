"""Sending identities: Docusign users of staff who allowed the portal to send in their name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LossReason(models.TextChoices):
    """Why nothing is sent in this name any more."""

    CONSENT = "consent", _("the consent was withdrawn at Docusign")
    CLOSED = "closed", _("the user was closed at Docusign, or left the account")
    DISCONNECTED = "disconnected", _("it was disconnected in the portal")
    REVOKED = "revoked", _("an administrator has revoked it")
    DEACTIVATED = "deactivated", _("the person's account in the portal was deactivated")


class SendingIdentity(models.Model):
    """A consent, given once and kept at Docusign: no token or code of it is stored.

    A lost one stays, since envelopes were sent in its name; consenting again brings it back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sending_identities")
    docusign_user_id = models.CharField(_("Docusign user id"), max_length=36)
    account_id = models.CharField(max_length=36)  # the portal's account, as it was when consent was given
    name = models.CharField(_("name at Docusign"), max_length=150)
    email = models.EmailField(_("email at Docusign"))
    consented_at = models.DateTimeField(_("consent given"))
    lost_at = models.DateTimeField(_("lost"), null=True)
    lost_reason = models.CharField(_("reason"), max_length=20, choices=LossReason.choices, blank=True)

    class Meta:
        verbose_name = _("sending identity")
        verbose_name_plural = _("sending identities")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("user", "docusign_user_id"), name="identity_once_per_user"),
            models.UniqueConstraint(
                fields=("user",), name="identity_one_in_force", condition=models.Q(lost_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=("docusign_user_id",), name="identity_of_one_person", condition=models.Q(lost_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def is_in_force(self) -> bool:
        """Nothing is asked of Docusign; the person must still be of the staff."""
        return self.lost_at is None and self.user.is_active

    @property
    def loss(self) -> str:
        """Why it is not in force, as the end of a sentence; empty while it is."""
        if self.lost_at is None:
            return "" if self.user.is_active else str(LossReason.DEACTIVATED.label)
        return str(LossReason(self.lost_reason).label)


class SentAs(models.Model):
    """In whose name it is sent. None: the service account's."""

    sent_as = models.ForeignKey(
        SendingIdentity,
        verbose_name=_("sent as"),
        on_delete=models.PROTECT,
        null=True,
        related_name="%(class)s_set",
        editable=False,
    )

    class Meta:
        abstract = True
