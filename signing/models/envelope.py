"""An envelope: documents on their way to be signed, mirrored from Docusign once sent."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .envelope_indexes import indexes_of_the_desk
from .identity import SentAs
from .permissions import PERMISSIONS
from .privacy import Kept, indexes_of_keeping

SUBJECT_MAX_LENGTH = 100  # Docusign's limit for emailSubject
MESSAGE_MAX_LENGTH = 10_000  # Docusign's limit for emailBlurb
VOID_REASON_MAX_LENGTH = 200
SUMMARY_MAX_LENGTH = 2000
MAX_DAYS = 999  # Docusign's limit for expireAfter


def default_reminder_delay_days() -> int:
    return settings.REMINDER_DELAY_DAYS


def default_reminder_frequency_days() -> int:
    return settings.REMINDER_FREQUENCY_DAYS


def default_expire_after_days() -> int:
    return settings.EXPIRE_AFTER_DAYS


def default_attach_copy() -> bool:
    return settings.ATTACH_COPY


class EnvelopeStatus(models.TextChoices):
    """Docusign's own words, and three of ours for what Docusign does not know of (yet)."""

    TEMPLATE = "template", _("Template")  # what a Template holds: composed as a draft is, and never sent
    DRAFT = "draft", _("Draft")
    SENDING = "sending", _("Sending")
    CREATED = "created", _("Created")
    PROCESSING = "processing", _("Processing")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Opened")
    CORRECT = "correct", _("Being corrected")
    SIGNED = "signed", _("Signed")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    VOIDED = "voided", _("Voided")


class CeremonyDisplay(models.TextChoices):
    """How the ceremony is shown (reference 3.4). The frames are Docusign JS's, and fall back to the full page."""

    REDIRECT = "redirect", _("On Docusign's own page")
    IFRAME = "iframe", _("In a frame on our page")
    FOCUSED = "focused", _("In a frame, focused view")


LOCAL_STATUSES = frozenset({EnvelopeStatus.TEMPLATE, EnvelopeStatus.DRAFT, EnvelopeStatus.SENDING})
EDITABLE_STATUSES = frozenset({EnvelopeStatus.TEMPLATE, EnvelopeStatus.DRAFT})
TERMINAL_STATUSES = frozenset({EnvelopeStatus.COMPLETED, EnvelopeStatus.DECLINED, EnvelopeStatus.VOIDED})
OPEN_STATUSES = frozenset(EnvelopeStatus) - LOCAL_STATUSES - TERMINAL_STATUSES
WAITING_STATUSES = OPEN_STATUSES | {EnvelopeStatus.SENDING}  # on its way, or about to be

LACKS_DOCUMENTS = models.Q(status=EnvelopeStatus.COMPLETED, documents_stored_at__isnull=True, documents_purged=False)


class EnvelopeQuerySet(models.QuerySet["Envelope"]):
    def open(self) -> Self:
        """Known to Docusign and not finished: those whose news we want."""
        return self.filter(status__in=OPEN_STATUSES).exclude(docusign_id=None)

    def lacking_documents(self) -> Self:
        """Completed, and what was signed is neither here nor lost."""
        return self.filter(LACKS_DOCUMENTS)

    def without_templates(self) -> Self:
        """Those that are or will be on their way to somebody."""
        return self.exclude(status=EnvelopeStatus.TEMPLATE)

    def with_people(self) -> Self:
        return self.select_related("owner", "team").prefetch_related("recipients")


class Envelope(SentAs, Kept):
    """Staff compose it as a draft; once sent, its status is Docusign's and only `status.apply_snapshot` moves it."""

    transaction_id = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text=_("Sent along as Docusign's transactionId: the key to look the envelope up after a lost answer."),
    )
    docusign_id = models.CharField(  # noqa: DJ001  (unique where known, so the unknown must be null)
        _("Docusign envelope id"), max_length=36, unique=True, null=True, editable=False
    )
    subject = models.CharField(_("subject"), max_length=SUBJECT_MAX_LENGTH, blank=True)
    message = models.TextField(_("message"), max_length=MESSAGE_MAX_LENGTH, blank=True)
    summary = models.TextField(
        _("in plain words"),
        max_length=SUMMARY_MAX_LENGTH,
        blank=True,
        help_text=_("What this is about, one point a line. Shown beside the documents, and no part of them."),
    )
    ceremony_display = models.CharField(
        _("signing opens"),
        max_length=20,
        choices=[("", _("As usual")), *CeremonyDisplay.choices],
        blank=True,
        help_text=_("Phones always get Docusign's own page."),
    )
    allows_hand_over = models.BooleanField(
        _("the signers sit together"),
        default=False,
        help_text=_("Who has signed may hand the device to the next signer, who goes on without a mail."),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=EnvelopeStatus.choices,
        default=EnvelopeStatus.DRAFT,
        editable=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="envelopes",
        editable=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="owned_envelopes",
        editable=False,
        db_index=False,  # the indexes below begin with it
        help_text=_("Who is responsible, is told, and stands in the mails as the sender. At first who made it."),
    )
    team = models.ForeignKey(
        "signing.Team", on_delete=models.PROTECT, null=True, related_name="envelopes", editable=False, db_index=False
    )
    template = models.ForeignKey(
        "signing.Template",
        verbose_name=_("made from"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="envelopes",
        editable=False,
    )
    template_version = models.PositiveIntegerField(_("version of the template"), null=True, editable=False)
    # Made of a template that lies at Docusign: the documents and fields are there, and no row of ours has them.
    docusign_template_id = models.CharField(max_length=36, blank=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)  # published as a template: never changed again
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    # After sending: whom the portal asks again and when, and until when Docusign takes signatures. Docusign's words;
    # its own reminders never reach embedded signers.
    reminder_delay_days = models.PositiveSmallIntegerField(
        _("first reminder after days"),
        default=default_reminder_delay_days,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_("Counted from the day their turn came. 0 = no reminders."),
    )
    reminder_frequency_days = models.PositiveSmallIntegerField(
        _("then every so many days"),
        default=default_reminder_frequency_days,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_("0 = one reminder only."),
    )
    expire_after_days = models.PositiveSmallIntegerField(
        _("expires after days"),
        default=default_expire_after_days,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)],
    )
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    attach_copy = models.BooleanField(_("attach the signed PDF to the last mail"), default=default_attach_copy)

    # A draft that is sent by itself at this moment.
    send_at = models.DateTimeField(_("scheduled for"), null=True, editable=False)

    # Sending. The lease keeps two workers from calling Docusign for the same envelope at once. The next attempt is
    # due at `send_due_at`; until the first, the sender may change their mind.
    send_attempts = models.PositiveIntegerField(default=0, editable=False)
    send_due_at = models.DateTimeField(null=True, editable=False)
    send_lease_until = models.DateTimeField(null=True, editable=False)
    send_unclear_since = models.DateTimeField(null=True, editable=False)  # Docusign may have made it; null = has not
    last_error = models.CharField(_("last problem"), max_length=500, blank=True, editable=False)
    last_error_code = models.CharField(max_length=100, blank=True, editable=False)
    last_error_trace_token = models.CharField(max_length=100, blank=True, editable=False)

    # Docusign's own times.
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)
    declined_at = models.DateTimeField(_("declined"), null=True, editable=False)
    voided_at = models.DateTimeField(_("voided"), null=True, editable=False)
    voided_reason = models.CharField(_("void reason"), max_length=VOID_REASON_MAX_LENGTH, blank=True, editable=False)
    last_modified_at = models.DateTimeField(null=True, editable=False)  # the latest moment its news spoke of
    synced_at = models.DateTimeField(_("last news"), null=True, editable=False)
    check_at = models.DateTimeField(null=True, editable=False)  # when to ask about it by id; null = as for new ones
    drift = models.JSONField(
        default=list,
        editable=False,
        help_text=_('Where rows and Docusign\'s last word differ: [["" or recipient number, here, there], …].'),
    )

    # Fetching the completed documents. `documents_due_at` is the lease of a worker and the back-off at once.
    documents_stored_at = models.DateTimeField(null=True, editable=False)
    documents_purged = models.BooleanField(default=False, editable=False)  # at Docusign, before they were here
    documents_due_at = models.DateTimeField(null=True, editable=False)
    documents_attempts = models.PositiveIntegerField(default=0, editable=False)
    documents_problem = models.CharField(max_length=500, blank=True, editable=False)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        ordering = ("-id",)
        permissions = PERMISSIONS
        indexes = (
            models.Index(fields=("status", "id"), name="envelope_status_id"),
            *indexes_of_the_desk(OPEN_STATUSES, WAITING_STATUSES, LACKS_DOCUMENTS),
            *indexes_of_keeping(sorted(TERMINAL_STATUSES)),
            models.Index(
                fields=("check_at",), name="envelope_to_check", condition=models.Q(status__in=sorted(OPEN_STATUSES))
            ),
            models.Index(fields=("send_at",), name="envelope_scheduled", condition=models.Q(send_at__isnull=False)),
            models.Index(fields=("documents_due_at",), name="envelope_lacks_documents", condition=LACKS_DOCUMENTS),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=EnvelopeStatus.values), name="envelope_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=sorted(LOCAL_STATUSES)) | models.Q(docusign_id__isnull=False),
                name="envelope_beyond_draft_has_docusign_id",
            ),
        )

    def __str__(self) -> str:
        return self.subject or f"Envelope {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == EnvelopeStatus.DRAFT

    @property
    def is_editable(self) -> bool:
        """A draft, or what a template holds and was not published yet."""
        return self.status in EDITABLE_STATUSES and self.sealed_at is None

    @property
    def is_local(self) -> bool:
        """Docusign does not know of it yet."""
        return self.status in LOCAL_STATUSES

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL_STATUSES

    @property
    def can_be_taken_back(self) -> bool:
        """Nobody has asked Docusign for it yet. The claim that counts is `sending.take_back`."""
        return self.status == EnvelopeStatus.SENDING and self.send_unclear_since is None

    @property
    def can_be_voided(self) -> bool:
        """Docusign voids only what is on its way (reference: envelope status codes)."""
        return self.status in (EnvelopeStatus.SENT, EnvelopeStatus.DELIVERED)

    @property
    def has_expired(self) -> bool:
        """Voided by Docusign, because its time was over, and not by the sender."""
        return bool(
            self.status == EnvelopeStatus.VOIDED
            and self.expires_at
            and self.voided_at
            and self.voided_at >= self.expires_at
        )

    @property
    def sender_name(self) -> str:
        """Of its owner, who is asked when something is unclear."""
        return self.owner.get_full_name() or self.owner.get_username()


SEND_LEASE = timedelta(minutes=3)  # longer than the slowest create call
