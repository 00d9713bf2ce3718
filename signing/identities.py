"""In whose name an envelope goes: a staff user's who granted consent, or the service account's.

Every call is made by the one integration; its token names the sender (`sub`, reference 1.7). What belongs to a sent
envelope is asked with its sender's own token, and with the service account's where the consent is gone: that works
where the service user is an administrator of the account. A loss is found by whoever meets it, written down once, and
told: on the timelines, the record pages and by mail.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import events
from .connection import connect, forget
from .docusign import Client, ConsentRequiredError, CredentialsRefusedError, DocusignError
from .models import (
    ActorKind,
    BulkBatch,
    BulkRow,
    Envelope,
    EventKind,
    LossReason,
    MailKind,
    OutgoingMail,
    PortalKind,
    SendingIdentity,
)

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# Of a refused grant or call (reference 1.4, 5.3): that user is closed, or no member of the account any more.
CLOSED_CODES = frozenset({"USER_NOT_FOUND", "INVALID_SUBJECT", "USER_LACKS_MEMBERSHIP"})
SENDER_LOST = "SENDER_LOST"  # an error code of our own
UNASKED = frozenset({LossReason.CONSENT, LossReason.CLOSED, LossReason.REVOKED})  # the person did not do it


class SenderLostError(DocusignError):
    """Nothing can be sent in this name any more; nothing was."""

    def __init__(self, identity: SendingIdentity) -> None:
        super().__init__(f"identity {identity.pk}: {identity.loss}", error_code=SENDER_LOST)
        self.identity = identity

    @property
    def staff_message(self) -> str:
        return _(
            "It was to be sent as %(name)s, and that is not possible any more: %(reason)s. Nothing was sent. Connect "
            "the Docusign user again, or choose under “Send as” that the service account sends it."
        ) % {"name": self.identity.name, "reason": self.identity.loss}


def are_offered() -> bool:
    return settings.SENDING_IDENTITIES != "off"


def identity_of(user: User) -> SendingIdentity | None:
    """The one in force."""
    if not are_offered() or not user.is_active:
        return None
    return SendingIdentity.objects.filter(user=user, lost_at=None).first()


def begin_with(envelope: Envelope, user: User) -> None:
    """What a new draft of theirs begins with: the service account, unless the site prefers people."""
    identity = identity_of(user) if settings.SENDING_IDENTITIES == "preferred" else None
    if identity is not None:
        Envelope.objects.filter(pk=envelope.pk).update(sent_as=identity)
        envelope.sent_as = identity


def may_send(user: User, envelope: Envelope | BulkBatch) -> bool:
    """Nobody sends in a colleague's name."""
    return envelope.sent_as is None or envelope.sent_as.user_id == user.pk


def must_wait(identity: SendingIdentity | None) -> bool:
    """Whether a person has to decide before anything more is sent in this name."""
    return identity is not None and not identity.is_in_force and settings.LOST_SENDER == "wait"


@contextmanager
def sender(identity: SendingIdentity | None, *, urgent: bool = False) -> Iterator[Client]:
    """The client of this user alone, or of the service account. A loss that shows itself meanwhile is written down.

    May call the OAuth host. Raises SenderLostError, DocusignError.
    """
    if identity is None:
        yield connect(urgent=urgent)
        return
    if not _is_usable(identity):
        raise SenderLostError(identity)
    with _minding(identity):
        yield connect(identity, urgent=urgent)


def client_of(envelope: Envelope | BulkBatch, *, urgent: bool = False) -> Client:
    """For what is asked about a sent envelope: its sender's, or the service account's, which stands in.

    A token may outlive its consent: what then fails is found by the next caller. May call the OAuth host.
    """
    return ask(envelope, lambda client: client, urgent=urgent)


def ask(envelope: Envelope | BulkBatch, deed: Callable[[Client], Result], *, urgent: bool = False) -> Result:
    """What `deed(client)` answers; done once more as the service account where the sender turns out to be lost.

    Docusign refuses such a call before it does anything. Raises DocusignError.
    """
    identity = envelope.sent_as
    if identity is not None:
        with suppress(SenderLostError), sender(identity, urgent=urgent) as client:
            return deed(client)
    return deed(connect(urgent=urgent))


def check(identity: SendingIdentity) -> None:
    """Ask Docusign anew, whatever token is at hand. Raises SenderLostError, DocusignError."""
    forget(identity)
    with sender(identity, urgent=True) as client:
        client.check()


def lose(identity: SendingIdentity, reason: LossReason) -> bool:
    """Write it down, tell it on the timeline of every envelope on its way, and by mail to their owners.

    False when it was lost already. Calls nobody.
    """
    by = None if reason in (LossReason.DISCONNECTED, LossReason.REVOKED) else ActorKind.SYSTEM
    now = timezone.now()
    with transaction.atomic():
        rows = SendingIdentity.objects.filter(pk=identity.pk, lost_at=None)
        if not rows.update(lost_at=now, lost_reason=reason):
            identity.refresh_from_db()
            return False
        identity.lost_at, identity.lost_reason = now, reason
        events.record_portal(
            PortalKind.IDENTITY_LOST, facts_of(identity), about=f"user:{identity.user_id}", by=by, why=identity.loss
        )
        on_their_way = list(Envelope.objects.open().filter(sent_as=identity).select_related("owner"))
        for envelope in on_their_way:
            events.record(envelope.pk, EventKind.SENDER_LOST, by=by, name=identity.name, why=identity.loss)
        if reason in UNASKED:
            for envelope in {envelope.owner_id: envelope for envelope in on_their_way}.values():
                queue_notice(envelope)
    forget(identity)
    logger.warning("sending identity %s of user %s: %s", identity.pk, identity.user_id, reason)
    return True


def retire(user: User) -> None:
    """The person was deactivated: nothing is sent in their name any more."""
    for identity in SendingIdentity.objects.filter(user=user, lost_at=None):
        lose(identity, LossReason.DEACTIVATED)


def stand_in(envelope: Envelope, identity: SendingIdentity) -> None:
    """The service account sends it after all: by the site's rule, said on the timeline."""
    Envelope.objects.filter(pk=envelope.pk).update(sent_as=None)
    facts = {"name": identity.name, "why": identity.loss}
    events.record(envelope.pk, EventKind.SENDER_REPLACED, facts, by=ActorKind.SYSTEM)


def hold(envelope: Envelope, identity: SendingIdentity) -> None:
    """It is a draft again, until a person decides: said on the timeline and, where no batch tells it, by mail."""
    facts = {"name": identity.name, "why": identity.loss}
    events.record(envelope.pk, EventKind.SENDER_HELD, facts, by=ActorKind.SYSTEM)
    if not BulkRow.objects.filter(envelope=envelope).exists():
        queue_notice(envelope)


def queue_notice(envelope: Envelope) -> None:
    """To its owner: it waits for their decision, or it goes on without the person it was sent as."""
    if not envelope.owner.email:
        return
    now = timezone.now()
    OutgoingMail.objects.create(
        envelope=envelope,
        kind=MailKind.SENDER_LOST,
        occasion=now.isoformat(),
        to_email=envelope.owner.email,
        due_at=now,
    )


def facts_of(identity: SendingIdentity) -> dict[str, str]:
    """For the portal's own events."""
    user = identity.user.get_username()
    return {"user": user, "name": identity.name, "docusign_user_id": identity.docusign_user_id}


def loss_in(error: DocusignError) -> LossReason | None:
    """What an error of the user's own client says about the consent; None: it says nothing."""
    if isinstance(error, ConsentRequiredError):
        return LossReason.CONSENT
    if isinstance(error, CredentialsRefusedError) and error.error_code.upper() in CLOSED_CODES:
        return LossReason.CLOSED
    return None


def _is_usable(identity: SendingIdentity) -> bool:
    if identity.lost_at is None and not identity.user.is_active:
        lose(identity, LossReason.DEACTIVATED)
    return identity.is_in_force


@contextmanager
def _minding(identity: SendingIdentity) -> Iterator[None]:
    """An error that shows the loss is noted, and raised as SenderLostError."""
    try:
        yield
    except DocusignError as error:
        reason = loss_in(error)
        if reason is None:
            raise
        lose(identity, reason)
        raise SenderLostError(identity) from error
