"""Folders: where an envelope lies unless it was moved, and moving it (reference 2.10)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from . import lifecycle, rules
from .errors import ApiError
from .models import Account, Envelope, Recipient, User

NAMES = {
    "inbox": "Inbox",
    "sentitems": "Sent Items",
    "draft": "Draft",
    "recyclebin": "Deleted Items",
}
TEMPLATES = "templates"
ALIASES = {"drafts": "draft", "sent": "sentitems", "deleted": "recyclebin"}
DELETED_REASON = "The envelope was deleted by its sender."


@dataclass(frozen=True, slots=True)
class Folder:
    """One of a user's own; `type` is also what it may be called in place of its id."""

    type: str
    owner: User
    account: Account

    @property
    def name(self) -> str:
        return NAMES.get(self.type, "Templates")

    @property
    def guid(self) -> str:
        """Always the same, so that clients may keep it."""
        return str(uuid.uuid5(uuid.UUID(self.owner.guid), f"{self.account.guid}/{self.type}"))

    @property
    def envelopes(self) -> QuerySet[Envelope]:
        return Envelope.objects.filter(self.holds, account=self.account).order_by("-created_at", "-id")

    @property
    def holds(self) -> Q:
        return Q(is_template=self.type == TEMPLATES) & self._where()

    def _where(self) -> Q:
        moved_here, not_moved, own = Q(folder=self.type), Q(folder=""), Q(sender=self.owner)
        if self.type == TEMPLATES:
            return not_moved
        if self.type == "inbox":
            is_recipient = Q(pk__in=received_by(self.owner))
            return (own & moved_here) | (not_moved & is_recipient & ~Q(status="created"))
        belongs_here = {
            "draft": not_moved & Q(status="created"),
            "sentitems": not_moved & ~Q(status="created"),
        }.get(self.type)
        return own & (moved_here | belongs_here) if belongs_here else own & moved_here


def received_by(user: User) -> QuerySet[Recipient, int]:
    """Ids of the envelopes that the user is a recipient of."""
    return Recipient.objects.filter(email=user.email).values_list("envelope_id", flat=True)


def folders_of(user: User, account: Account) -> list[Folder]:
    return [Folder(kind, user, account) for kind in NAMES]


def find(user: User, account: Account, wanted: str) -> Folder:
    """By type or id. Raises FOLDER_DOES_NOT_EXIST."""
    name = ALIASES.get(wanted.lower(), wanted.lower())
    for folder in [*folders_of(user, account), Folder(TEMPLATES, user, account)]:
        if name in (folder.type, folder.guid):
            return folder
    raise ApiError("FOLDER_DOES_NOT_EXIST")


def move(envelopes: Iterable[Envelope], target: Folder, source: Folder | None) -> None:
    """Into the recycle bin voids what is open. Raises ENVELOPE_NOT_IN_FOLDER before anything is moved."""
    envelopes = list(envelopes)
    if source is not None:
        present = set(source.envelopes.filter(pk__in=[e.pk for e in envelopes]).values_list("pk", flat=True))
        if any(envelope.pk not in present for envelope in envelopes):
            raise ApiError("ENVELOPE_NOT_IN_FOLDER")
    for envelope in envelopes:
        if target.type == "recyclebin" and envelope.status in rules.OPEN_ENVELOPE and not envelope.is_template:
            lifecycle.void(envelope, DELETED_REASON, by=target.owner.name)
        envelope.folder = target.type
        envelope.save(update_fields=["folder"])
