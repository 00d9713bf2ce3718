"""What the pages behind a link show: one template per state of the gate, and the facts they share."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from signing import ceremony, copies, hosting, verification
from signing.gate import ENTERABLE, Gate
from signing.links import Link
from signing.models import CompletedDocument, RecipientKind
from signing.models.recipient import DONE_STATUSES, SIGNING_KINDS

from .proofs import proof_in

# Pages that may change without the signer doing anything: they look for news by themselves.
WATCHED_STATES = frozenset(
    {
        Gate.PREPARING,
        Gate.WAITING,
        Gate.SIGNED,
        Gate.VIEWED,
        Gate.COPY,
        Gate.OPENED,
        Gate.UNREACHABLE,
        "completed:pending",
    }
)
STILL_TO_SIGN = ENTERABLE | {Gate.PREPARING, Gate.WAITING, Gate.HOST}
# Whoever holds a link that no longer counts may be anybody: nothing of the envelope for them.
STRANGERS = frozenset({Gate.REPLACED, Gate.REVOKED})


def gate_page(request: HttpRequest, link: Link) -> HttpResponse:
    gate = ceremony.gate_of(link)
    name = "hand_over" if link.host and gate == Gate.READY else gate.value
    return link_page(request, link, name, gate=gate)


def link_page(
    request: HttpRequest, link: Link, name: str, *, gate: Gate, status: int = 200, **extra: Any
) -> HttpResponse:
    """`name` of a template in signing/."""
    known = {"is_proven": verification.is_asked_of(link.recipient) and proof_in(request, link) is not None}
    return render(request, f"signing/{name}.html", _context(link, gate) | known | extra, status=status)


def state_of(link: Link, gate: Gate) -> str:
    """The gate, and whether the completed document has arrived: the page renews itself when this changes."""
    if gate == Gate.COMPLETED:
        return f"{gate}:{'stored' if combined_of(link) or is_gone(link) else 'pending'}"
    return gate.value


def is_gone(link: Link) -> bool:
    """Nobody need wait for the document: it was deleted, here or at Docusign before it was here."""
    envelope = link.recipient.envelope
    return envelope.documents_deleted_at is not None or envelope.documents_purged


def combined_of(link: Link) -> CompletedDocument | None:
    return link.recipient.envelope.completed_documents.filter(kind=CompletedDocument.Kind.COMBINED).first()


def _ends(link: Link, gate: Gate) -> dict[str, datetime | None]:
    """How long there is time to sign; for who has signed, how long there is a copy behind the link."""
    envelope = link.recipient.envelope
    has_signed = gate in (Gate.SIGNED, Gate.COMPLETED)
    return {
        "sign_by": envelope.expires_at if envelope.is_open and gate in STILL_TO_SIGN else None,
        "link_ends_at": link.expires_at if has_signed and not link.host else None,
    }


def _context(link: Link, gate: Gate) -> dict[str, Any]:
    recipient, envelope = link.recipient, link.recipient.envelope
    state = state_of(link, gate)
    context = {
        "envelope": envelope,
        "recipient": recipient,
        "link_token": link.link_token,
        "host": link.host,
        "host_name": hosting.host_name_of(link),
        "gate": gate,
        "state": state,
        "watch": state in WATCHED_STATES,
        "is_stranger": gate in STRANGERS,
        "only_reads": recipient.kind == RecipientKind.CERTIFIED_DELIVERY,
    }
    if gate in STRANGERS:
        return context
    others = list(envelope.recipients.exclude(pk=recipient.pk))
    signers = [other for other in others if other.kind in SIGNING_KINDS]
    unfinished = [signer for signer in signers if signer.status not in DONE_STATUSES]
    return context | {
        "documents": envelope.documents.all(),
        "summary": [line.strip(" \t-•*") for line in envelope.summary.splitlines() if line.strip(" \t-•*")],
        "waiting_for": unfinished,
        "before_you": [other for other in unfinished if other.routing_order < recipient.routing_order],
        "decliner": next((r for r in (recipient, *others) if r.declined_at or r.status == "declined"), None),
        "combined": combined_of(link) if gate == Gate.COMPLETED else None,
        "is_gone": is_gone(link),
        "may_mail_copy": gate == Gate.COMPLETED and copies.can_be_mailed(recipient),
        **_ends(link, gate),
        "next_here": [(r.name, link.handed_to(r)) for r in ceremony.next_on_this_device(link)]
        if gate == Gate.SIGNED
        else [],
    }
