"""What happened: who, when, from where, what, to an envelope or to the portal. Rows are added and never changed."""

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signing.verify import chain

from .envelope import Envelope

ACTOR_NAME_MAX_LENGTH = 150
ABOUT_MAX_LENGTH = 100


class ActorKind(models.TextChoices):
    USER = "user", _("Staff")
    RECIPIENT = "recipient", _("Recipient")
    DOCUSIGN = "docusign", _("Docusign")
    SYSTEM = "system", _("Portal")


class EventKind(models.TextChoices):
    """The words of a timeline; `data` holds what each needs beside."""

    DRAFTED = "drafted", _("Draft made")
    DELETED = "deleted", _("Deleted")  # subject
    EDITED = "edited", _("Draft changed")
    SCHEDULED = "scheduled", _("Sending scheduled")  # send_at
    UNSCHEDULED = "unscheduled", _("Schedule dropped")
    SEND_ASKED = "send_asked", _("Sending asked for")
    TAKEN_BACK = "taken_back", _("Taken back")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused by Docusign")
    STATUS = "status", _("Status")  # from, to
    RECIPIENT_STATUS = "recipient_status", _("Recipient's status")  # from, to, reason
    RECIPIENT_ADDED = "recipient_added", _("Recipient added at Docusign")
    RECIPIENT_CHANGED = "recipient_changed", _("Recipient changed at Docusign")  # {column: [from, to]}
    LINK_OPENED = "link_opened", _("Link opened")
    LINK_REPLACED = "link_replaced", _("Link replaced")
    LINK_REVOKED = "link_revoked", _("Link revoked")
    LINK_REQUESTED = "link_requested", _("Link asked for")
    LINK_REVEALED = "link_revealed", _("Link revealed to staff")  # reason
    IN_PERSON_CONFIRMED = "in_person_confirmed", _("Confirmed in person")  # host
    CODE_MAILED = "code_mailed", _("Code mailed")  # to
    CODE_WRONG = "code_wrong", _("Wrong code given")
    CODE_GIVEN = "code_given", _("Right code given")  # to, assertion_id
    CEREMONY_STARTED = "ceremony_started", _("Signing begun")
    CEREMONY_LEFT = "ceremony_left", _("Came back from signing")
    MAIL_SENT = "mail_sent", _("Mail sent")  # mail, to
    MAIL_FAILED = "mail_failed", _("Mail not delivered")  # mail, to, reason
    REMINDED = "reminded", _("Reminder asked for")  # note
    VOID_ASKED = "void_asked", _("Voided")  # reason
    CORRECTED = "corrected", _("Recipient corrected")  # {column: [from, to]}
    SENDER_CHOSEN = "sender_chosen", _("Sender chosen")  # from, to
    SENDER_LOST = "sender_lost", _("Sender's consent lost")  # name, why
    SENDER_HELD = "sender_held", _("Held back, the sender's consent is lost")  # name, why
    SENDER_REPLACED = "sender_replaced", _("Service account stands in")  # name, why
    REASSIGNED = "reassigned", _("Owner changed")  # from, to
    MOVED = "moved", _("Team changed")  # from, to; empty = none
    DOCUMENT_STORED = "document_stored", _("Signed document stored")  # document, sha256, seal
    DOWNLOADED = "downloaded", _("Downloaded")  # what
    VALUES_READ = "values_read", _("Field values looked at")
    HELD = "held", _("Put on hold")  # reason
    HOLD_RELEASED = "hold_released", _("Hold released")  # reason
    CONTENT_DELETED = "content_deleted", _("Deleted")  # scope, days, documents: [[what, SHA-256], …]
    PURGE_ASKED = "purge_asked", _("Purge asked for")  # state, reason
    PURGE_DECIDED = "purge_decided", _("Purge decided")  # decision
    PURGE_STATE = "purge_state", _("State of the purge at Docusign")  # to
    ERASED = "erased", _("Personal data erased")


class PortalKind(models.TextChoices):
    """What happens beside envelopes. `about` names the thing, `data` holds what there is to say.

    Neither these words nor those of envelopes are the column's choices: a new one needs no migration.
    """

    CREATED = "created", _("Made")  # what, name
    CHANGED = "changed", _("Changed")  # what, name, {column: [from, to]}
    DELETED = "deleted", _("Deleted")  # what, name
    PUBLISHED = "published", _("Published")  # name, version, content
    WORK_BEGUN = "work_begun", _("Change begun")  # name, version
    WORK_DROPPED = "work_dropped", _("Change dropped")  # name
    ARCHIVED = "archived", _("Archived")  # name
    RESTORED = "restored", _("In use again")  # name
    STARTED = "started", _("Sending started")  # name, rows
    PAUSED = "paused", _("Paused")  # name
    CANCELLED = "cancelled", _("Cancelled")  # name
    ERRAND_ASKED = "errand_asked", _("Asked for")  # kind: an export, or one deed for many; params
    PERSON_EXPORTED = "person_exported", _("Personal data exported")  # subject_digest, salt, counts
    PERSON_ERASED = "person_erased", _("Personal data erased")  # certificate_sha256, counts
    VERIFIED = "verified", _("Evidence verified")  # looked, faults, named
    DEACTIVATED = "deactivated", _("Account deactivated")  # name
    REASSIGNED = "reassigned", _("Owner changed")  # from, to, reason
    SETTINGS_CHANGED = "settings_changed", _("Settings changed")  # names
    CONSENT_ANSWERED = "consent_answered", _("Back from Docusign's consent page")  # answer
    IDENTITY_CONNECTED = "identity_connected", _("Sending identity connected")  # user, name, docusign_user_id
    IDENTITY_LOST = "identity_lost", _("Sending identity lost")  # user, name, docusign_user_id, why
    SIGNED_IN = "signed_in", _("Signed in")  # shown
    SIGN_IN_REFUSED = "sign_in_refused", _("Sign-in refused")  # why, from
    LOCKED_OUT = "locked_out", _("Locked out for a while")  # from
    SIGN_IN_CHANGED = "sign_in_changed", _("Way to sign in changed")  # what


class EventQuerySet(models.QuerySet["EnvelopeEvent"]):
    def of_chain(self, envelope_id: int | None) -> Self:
        """None: the portal's."""
        return self.filter(envelope=None) if envelope_id is None else self.filter(envelope_id=envelope_id)

    def erase(self) -> int:
        """Forget who, from where and what; when, which kind and the chain stay. The one change that the database's
        triggers let pass. How many were erased.
        """
        rows = self.filter(erased_at=None)
        return rows.update(actor_name="", user=None, ip=None, data={}, salt="", erased_at=timezone.now())


class EnvelopeEvent(models.Model):
    """One line of a timeline, written in the transaction of the deed it tells of. Without an envelope: the portal's.

    Names stand here as they were then, and recipients by number, so that a line is the same whatever becomes of the
    rows it speaks of. Each is hashed over the one before it in its chain (`signing.verify.chain`); triggers of the
    database refuse every change but an erasure (`append_only`), and `signing.events` alone adds any.
    """

    # No constraint: a draft may go, and what happened to it stays.
    envelope = models.ForeignKey(
        Envelope, on_delete=models.DO_NOTHING, null=True, related_name="events", db_index=False, db_constraint=False
    )
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=ACTOR_NAME_MAX_LENGTH, blank=True)
    recipient_number = models.PositiveIntegerField(null=True)
    about = models.CharField(max_length=ABOUT_MAX_LENGTH, blank=True)  # where it is no recipient: template:12, user:3
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)

    number = models.PositiveIntegerField(editable=False)  # 1, 2, 3 … in its chain
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)
    details_digest = models.CharField(max_length=64, editable=False)
    salt = models.CharField(max_length=32, blank=True, editable=False)  # so that no digest tells of erased details
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("envelope", "number"), name="event_number_in_chain"),
            models.UniqueConstraint(
                fields=("number",), condition=models.Q(envelope=None), name="event_number_in_portal_chain"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of envelope {self.envelope_id}" if self.envelope_id else f"{self.kind} of {self.about}"

    @property
    def kind_label(self) -> str:
        """Its kind in words; a kind of another version as it is spelled."""
        return str(LABELS.get(self.kind, self.kind))

    @property
    def chain_name(self) -> str:
        return chain.chain_name(self.envelope_id)

    @property
    def details(self) -> dict[str, Any] | None:
        """What can be erased; None once it was."""
        details = {
            "actor": self.actor_name,
            "user": self.user_id,
            "ip": chain.address(self.ip or ""),
            "data": self.data,
            "salt": self.salt,
        }
        return None if self.erased_at and not any(details.values()) else details

    @property
    def chained(self) -> Mapping[str, Any]:
        """What its hash is made of."""
        return chain.event_of(
            number=self.number,
            at=self.at,
            kind=self.kind,
            actor_kind=self.actor_kind,
            about=self.about if self.recipient_number is None else f"recipient:{self.recipient_number}",
            details_digest=self.details_digest,
        )

    @property
    def link(self) -> chain.Link:
        details = self.details
        if self.erased_at and details is not None:
            details["erased_at"] = "it says that they were erased, and they are there"
        return chain.Link(self.chained, self.previous_hash, self.hash, details)

    def follow(self, number: int, previous_hash: str) -> Self:
        """Take the place after the `number`th event of the chain. Everything else must be there; the caller saves."""
        self.number, self.previous_hash = number + 1, previous_hash
        self.details_digest = chain.digest(self.details)
        self.hash = chain.event_hash(previous_hash, self.chain_name, self.chained)
        return self


LABELS = dict(EventKind.choices) | dict(PortalKind.choices)
