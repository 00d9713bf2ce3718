"""What Docusign answers, read into our own frozen objects at once.

Docusign spells numbers and booleans as strings and dates with seven decimals
(`2026-06-18T10:11:12.1230000Z`); beyond this module they are Python values and aware UTC times.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

Json = Mapping[str, Any]


def parse_time(value: str | None) -> datetime | None:
    """Read a Docusign time; absent or unreadable is None (a time is never worth losing a status for)."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _order(value: str | int | None) -> int:
    """Unreadable is the first, as absent is: an order is never worth losing a status for."""
    try:
        return int(value or 1)
    except ValueError:
        return 1


@dataclass(frozen=True, slots=True)
class RecipientSnapshot:
    """One recipient as Docusign sees them now (any kind: signer, carbon copy ...)."""

    recipient_id: str
    name: str
    email: str
    client_user_id: str
    status: str
    routing_order: int
    sent_at: datetime | None
    delivered_at: datetime | None
    signed_at: datetime | None
    declined_at: datetime | None
    declined_reason: str
    recipient_type: str = ""  # signer, carboncopy, certifieddelivery …

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            recipient_id=str(data.get("recipientId", "")),
            name=data.get("signerName") or data.get("name") or "",  # who signs, not who hosts
            email=data.get("signerEmail") or data.get("email") or "",
            client_user_id=data.get("clientUserId") or "",
            status=(data.get("status") or "").lower(),
            routing_order=_order(data.get("routingOrder")),
            sent_at=parse_time(data.get("sentDateTime")),
            delivered_at=parse_time(data.get("deliveredDateTime")),
            signed_at=parse_time(data.get("signedDateTime")),
            declined_at=parse_time(data.get("declinedDateTime")),
            declined_reason=data.get("declinedReason") or "",
            recipient_type=(data.get("recipientType") or "").lower(),
        )


@dataclass(frozen=True, slots=True)
class FormValues:
    """What stands in one recipient's fields now, (label, value) in Docusign's order."""

    recipient_id: str
    name: str
    values: tuple[tuple[str, str], ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            recipient_id=str(data.get("recipientId") or ""),
            name=data.get("name") or "",
            values=tuple(
                (str(item.get("name") or ""), str(item.get("listSelectedValue") or item.get("value") or ""))
                for item in data.get("formData") or ()
            ),
        )


@dataclass(frozen=True, slots=True)
class EnvelopeSnapshot:
    """An envelope as Docusign sees it now. `recipients` is empty when they were not asked for."""

    docusign_id: str
    status: str
    transaction_id: str
    last_modified_at: datetime | None
    status_changed_at: datetime | None
    sent_at: datetime | None
    completed_at: datetime | None
    declined_at: datetime | None
    voided_at: datetime | None
    voided_reason: str
    recipients: tuple[RecipientSnapshot, ...]
    expires_at: datetime | None = None
    purge_state: str = ""

    @property
    def as_of(self) -> datetime | None:
        """The latest moment it speaks of: of two snapshots of an envelope, the one with the later is the news.

        Not `lastModifiedDateTime` alone: messages may lack it, and nobody promises that it covers recipients.
        """
        own = (self.last_modified_at, self.status_changed_at, self.sent_at)
        ends = (self.completed_at, self.declined_at, self.voided_at)
        theirs = [moment for r in self.recipients for moment in (r.sent_at, r.delivered_at, r.signed_at, r.declined_at)]
        return max((moment for moment in (*own, *ends, *theirs) if moment), default=None)

    @property
    def is_purged(self) -> bool:
        """The documents are gone at Docusign (`documents_purged`, `documents_and_metadata_purged` ...)."""
        return self.purge_state.endswith("_purged")

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            docusign_id=data.get("envelopeId") or "",
            status=(data.get("status") or "").lower(),
            transaction_id=data.get("transactionId") or "",
            last_modified_at=parse_time(data.get("lastModifiedDateTime")),
            status_changed_at=parse_time(data.get("statusChangedDateTime")),
            sent_at=parse_time(data.get("sentDateTime")),
            completed_at=parse_time(data.get("completedDateTime")),
            declined_at=parse_time(data.get("declinedDateTime")),
            voided_at=parse_time(data.get("voidedDateTime")),
            voided_reason=data.get("voidedReason") or "",
            recipients=tuple(RecipientSnapshot.from_json(item) for item in _all_recipients(data)),
            expires_at=parse_time(data.get("expireDateTime")),
            purge_state=(data.get("purgeState") or "").lower(),
        )


def _all_recipients(envelope: Json) -> Iterable[Json]:
    """Docusign groups recipients by kind: `recipients.signers`, `.carbonCopies` ... next to plain counters."""
    for group in (envelope.get("recipients") or {}).values():
        if isinstance(group, list):
            yield from group


@dataclass(frozen=True, slots=True)
class CreatedEnvelope:
    """The answer to a create call."""

    docusign_id: str
    status: str
    status_changed_at: datetime | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            docusign_id=data["envelopeId"],
            status=data["status"].lower(),
            status_changed_at=parse_time(data.get("statusDateTime")),
        )


@dataclass(frozen=True, slots=True)
class TemplateRole:
    """A place in a template at Docusign. `group` is Docusign's word for the kind: signers, carbonCopies …

    `name` and `email` are there when it is always the same person.
    """

    recipient_id: str
    role_name: str
    name: str
    email: str
    group: str
    routing_order: int

    @classmethod
    def from_json(cls, data: Json, group: str) -> Self:
        return cls(
            recipient_id=str(data.get("recipientId", "")),
            role_name=data.get("roleName") or "",
            name=data.get("name") or "",
            email=data.get("email") or "",
            group=group,
            routing_order=_order(data.get("routingOrder")),
        )


@dataclass(frozen=True, slots=True)
class EnvelopeTemplate:
    """A template that lies at Docusign (definition envelopeTemplate)."""

    template_id: str
    name: str
    description: str
    email_subject: str
    email_blurb: str
    page_count: int
    owner_name: str
    last_modified_at: datetime | None
    last_used_at: datetime | None
    roles: tuple[TemplateRole, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        pages = str(data.get("pageCount") or "")
        groups = (data.get("recipients") or {}).items()
        roles = [TemplateRole.from_json(r, name) for name, group in groups if isinstance(group, list) for r in group]
        return cls(
            template_id=data.get("templateId") or "",
            name=data.get("name") or "",
            description=data.get("description") or "",
            email_subject=data.get("emailSubject") or "",
            email_blurb=data.get("emailBlurb") or "",
            page_count=int(pages) if pages.isdecimal() else 0,
            owner_name=(data.get("owner") or {}).get("userName") or "",
            last_modified_at=parse_time(data.get("lastModified")),
            last_used_at=parse_time(data.get("lastUsed")),
            roles=tuple(sorted(roles, key=lambda role: role.routing_order)),
        )


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """Some of the account's templates, and how many there are in all."""

    templates: tuple[EnvelopeTemplate, ...]
    total: int

    @classmethod
    def from_json(cls, data: Json) -> Self:
        templates = tuple(EnvelopeTemplate.from_json(item) for item in data.get("envelopeTemplates") or ())
        total = str(data.get("totalSetSize") or "")
        return cls(templates=templates, total=int(total) if total.isdecimal() else len(templates))
