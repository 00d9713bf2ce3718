"""A recipient: any party of an envelope, mirrored from Docusign once sent."""

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from .envelope import Envelope

NAME_MAX_LENGTH = 100  # Docusign's limits for name and email
EMAIL_MAX_LENGTH = 100
ROLE_NAME_MAX_LENGTH = 100
PRIVATE_MESSAGE_MAX_LENGTH = 1000  # Docusign's limit for a recipient's note
ACCESS_CODE_MAX_LENGTH = 50  # Docusign's limit
DECLINED_REASON_MAX_LENGTH = 500
MAX_ROUTING_ORDER = 99
MAX_RECIPIENTS = 100  # Docusign's limit per envelope
MAX_NUMBER = 2**31 - 1  # ours begin at 1; Docusign gives large numbers to those added on its own pages


class RecipientStatus(models.TextChoices):
    """Docusign's recipient status codes. `created` = their turn has not come."""

    CREATED = "created", _("Waiting")
    SENT = "sent", _("Their turn")
    DELIVERED = "delivered", _("Opened")
    SIGNED = "signed", _("Signed")
    COMPLETED = "completed", _("Signed")
    DECLINED = "declined", _("Declined")
    AUTORESPONDED = "autoresponded", _("Mail bounced")
    FAXPENDING = "faxpending", _("Signing on paper")


DONE_STATUSES = frozenset({RecipientStatus.SIGNED, RecipientStatus.COMPLETED})
ACTIVE_STATUSES = frozenset({RecipientStatus.SENT, RecipientStatus.DELIVERED})


class RecipientKind(models.TextChoices):
    """Docusign's recipient types as far as the portal knows them (reference: recipients)."""

    SIGNER = "signer", _("Signs")
    IN_PERSON_SIGNER = "in_person_signer", _("Signs in person, with a host")
    CERTIFIED_DELIVERY = "certified_delivery", _("Must view")
    CARBON_COPY = "carbon_copy", _("Receives a copy")


class Delivery(models.TextChoices):
    """Who writes to them: the portal, whose link opens the ceremony, or Docusign by its own mail."""

    PORTAL = "portal", _("Our link")
    DOCUSIGN = "docusign", _("Docusign's own mail")


class Verification(models.TextChoices):
    """How a signer shows who they are, beside having the link. Docusign asks for the access code, we for the other."""

    NONE = "none", _("The link is enough")
    ACCESS_CODE = "access_code", _("Access code you agreed upon")
    EMAIL_CODE = "email_code", _("6-digit code by email")


# Kinds that only look on, and what becomes of them.
STATUS_WORDS = {
    RecipientKind.CARBON_COPY: {RecipientStatus.COMPLETED: _("Gets a copy"), RecipientStatus.SENT: _("Gets a copy")},
    RecipientKind.CERTIFIED_DELIVERY: {RecipientStatus.COMPLETED: _("Viewed"), RecipientStatus.SIGNED: _("Viewed")},
}
SIGNING_KINDS = frozenset({RecipientKind.SIGNER, RecipientKind.IN_PERSON_SIGNER})


def new_link_nonce() -> str:
    return secrets.token_urlsafe(32)


def new_client_user_id() -> str:
    return str(uuid.uuid4())


class Recipient(models.Model):
    """Any party of an envelope. `number` is Docusign's recipientId.

    `role_name` is Docusign's roleName: in a template it stands for whoever will have that part, and name and email
    may be empty there.

    The link is derived from `link_nonce` and SECRET_KEY (see `signing.links`); the database keeps only its
    digest, so a copy of the database does not give links away.
    """

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="recipients")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MAX_NUMBER)])
    kind = models.CharField(_("part"), max_length=20, choices=RecipientKind.choices, default=RecipientKind.SIGNER)
    role_name = models.CharField(_("role"), max_length=ROLE_NAME_MAX_LENGTH, blank=True)
    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH, blank=True)
    email = models.EmailField(_("email"), max_length=EMAIL_MAX_LENGTH, blank=True)
    host_name = models.CharField(_("host's name"), max_length=NAME_MAX_LENGTH, blank=True)
    host_email = models.EmailField(_("host's email"), max_length=EMAIL_MAX_LENGTH, blank=True)
    delivery = models.CharField(_("invited by"), max_length=20, choices=Delivery.choices, default=Delivery.PORTAL)
    private_message = models.TextField(_("private message"), max_length=PRIVATE_MESSAGE_MAX_LENGTH, blank=True)
    routing_order = models.PositiveSmallIntegerField(
        _("order"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_ROUTING_ORDER)]
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Of the mails to them. Empty = the portal's own."),
    )
    verification = models.CharField(
        _("who are you"), max_length=20, choices=Verification.choices, default=Verification.NONE
    )
    sealed_access_code = models.CharField(max_length=400, blank=True, editable=False)  # encrypted, gone once sent
    client_user_id = models.CharField(max_length=100, default=new_client_user_id, editable=False)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=RecipientStatus.choices,
        default=RecipientStatus.CREATED,
        editable=False,
    )
    sent_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(_("opened"), null=True, editable=False)
    signed_at = models.DateTimeField(_("signed"), null=True, editable=False)
    declined_at = models.DateTimeField(_("declined"), null=True, editable=False)
    declined_reason = models.CharField(
        _("reason for declining"), max_length=DECLINED_REASON_MAX_LENGTH, blank=True, editable=False
    )

    link_nonce = models.CharField(max_length=64, default=new_link_nonce, editable=False)
    link_digest = models.CharField(  # noqa: DJ001  (unique where opened, so the unopened must be null)
        max_length=64, unique=True, null=True, editable=False
    )
    link_expires_at = models.DateTimeField(null=True, editable=False)
    link_revoked_at = models.DateTimeField(null=True, editable=False)
    link_revealed_at = models.DateTimeField(null=True, editable=False)  # staff have seen the present link

    erased_at = models.DateTimeField(null=True, editable=False)  # who it was is forgotten, and no news brings it back

    remind_at = models.DateTimeField(null=True, editable=False)  # when to look whether a reminder is due; null = now

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ("envelope", "routing_order", "number")
        indexes = (
            # Who is being waited for, and since when.
            models.Index(
                Upper("email"),
                name="recipient_waited_for",
                condition=models.Q(status__in=(RecipientStatus.SENT, RecipientStatus.DELIVERED)),
            ),
            models.Index(
                fields=("sent_at",),
                name="recipient_waited_since",
                condition=models.Q(status__in=(RecipientStatus.SENT, RecipientStatus.DELIVERED)),
            ),
            models.Index(
                fields=("remind_at",),
                name="recipient_to_remind",
                condition=models.Q(status__in=(RecipientStatus.SENT, RecipientStatus.DELIVERED)),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("envelope", "number"), name="recipient_number_once_per_envelope"),
            models.CheckConstraint(
                condition=models.Q(status__in=RecipientStatus.values), name="recipient_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(routing_order__gte=1), name="recipient_routing_order_starts_at_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # instead of the one Django makes
        """In words that fit their part: who gets a copy has signed nothing."""
        words = STATUS_WORDS.get(RecipientKind(self.kind), {})
        status = RecipientStatus(self.status)
        return str(words.get(status, status.label))

    @property
    def is_embedded(self) -> bool:
        """Signs through our link. Docusign itself writes to all others, who were added on its side."""
        return bool(self.client_user_id)

    @property
    def is_hosted(self) -> bool:
        """Signs in person, on the device of a host, to whom the link goes."""
        return self.kind == RecipientKind.IN_PERSON_SIGNER

    @property
    def mail_name(self) -> str:
        return self.host_name if self.is_hosted else self.name

    @property
    def mail_address(self) -> str:
        return self.host_email if self.is_hosted else self.email

    @property
    def masked_email(self) -> str:
        """Enough to know one's own address by, too little to learn somebody else's."""
        name, at, domain = self.mail_address.partition("@")
        return f"{name[:1]}…{at}{domain}"

    @property
    def acted_at(self) -> datetime | None:
        """When the status they have now was reached, where Docusign says so."""
        return self.declined_at or self.signed_at or self.delivered_at or self.sent_at
