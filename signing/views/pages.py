"""What the pages behind a link show: one template per state of the gate, and the facts they share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from signing import ceremony, verification
from signing.gate import Gate
from signing.links import Link
from signing.models import CompletedDocument
from signing.models.recipient import DONE_STATUSES

from .proofs import proof_in

# Pages that may change without the signer doing anything: they look for news by themselves.
WATCHED_STATES = frozenset(
    {Gate.PREPARING, Gate.WAITING, Gate.SIGNED, Gate.OPENED, Gate.UNREACHABLE, "completed:pending"}
)
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
        return f"{gate}:{'stored' if combined_of(link) else 'pending'}"
    return gate.value


def combined_of(link: Link) -> CompletedDocument | None:
    return link.recipient.envelope.completed_documents.filter(kind=CompletedDocument.Kind.COMBINED).first()


def _context(link: Link, gate: Gate) -> dict[str, Any]:
    recipient, envelope = link.recipient, link.recipient.envelope
    state = state_of(link, gate)
    context = {
        "envelope": envelope,
        "recipient": recipient,
        "link_token": link.link_token,
        "host": link.host,
        "gate": gate,
        "state": state,
        "watch": state in WATCHED_STATES,
        "is_stranger": gate in STRANGERS,
    }
    if gate in STRANGERS:
        return context
    others = list(envelope.recipients.exclude(pk=recipient.pk))
    unfinished = [other for other in others if other.status not in DONE_STATUSES]
    return context | {
        "documents": envelope.documents.all(),
        "summary": [line.strip(" \t-•*") for line in envelope.summary.splitlines() if line.strip(" \t-•*")],
        "waiting_for": unfinished,
        "before_you": [other for other in unfinished if other.routing_order < recipient.routing_order],
        "decliner": next((r for r in (recipient, *others) if r.declined_at or r.status == "declined"), None),
        "combined": combined_of(link) if gate == Gate.COMPLETED else None,
        "expires_at": link.expires_at,
        "next_here": [(r.name, link.handed_to(r)) for r in ceremony.next_on_this_device(link)]
        if gate == Gate.SIGNED
        else [],
    }
