"""The signer's pages. GETs change nothing: mail scanners and link previews open them too."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from signing import ceremony, tasks
from signing.ceremony import NotReadyError
from signing.docusign import DocusignError, RequestRefusedError
from signing.gate import Gate
from signing.links import find_recipient
from signing.models import CompletedDocument, Recipient
from signing.models.recipient import DONE_STATUSES

from .outcomes import outcome_of

logger = logging.getLogger(__name__)

# Pages that may change without the signer doing anything: they look for news by themselves.
WATCHED_STATES = frozenset({Gate.PREPARING, Gate.WAITING, Gate.SIGNED, "completed:pending"})

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@login_not_required
@never_cache
@require_safe
def landing(request: HttpRequest, link_token: str) -> HttpResponse:
    """The page of the link's present state."""
    recipient = find_recipient(link_token)
    if recipient is None:
        return _unknown_link(request)
    return _gate_page(request, recipient, link_token)


@login_not_required
@csrf_exempt  # the unguessable link is the proof, no cookie is read, and a repeated POST does no harm
@never_cache
@require_POST
def start(request: HttpRequest, link_token: str) -> HttpResponse:
    """Mint a fresh recipient view and go there. Calls Docusign."""
    recipient = find_recipient(link_token)
    if recipient is None:
        return _unknown_link(request)
    return_url = settings.PORTAL_BASE_URL + reverse("signing:return", kwargs={"link_token": link_token})
    try:
        view_url = ceremony.start(recipient, return_url=return_url)
    except NotReadyError:
        return redirect("signing:landing", link_token)
    except RequestRefusedError as error:
        logger.error("recipient %s cannot start: %s", recipient.pk, error)
        return _trouble(request, recipient, link_token, passing=False)
    except DocusignError as error:
        logger.warning("recipient %s cannot start: %s", recipient.pk, error)
        return _trouble(request, recipient, link_token, passing=True)
    response = HttpResponseRedirect(view_url, status=303)
    response["Referrer-Policy"] = "no-referrer"  # the link token must not travel to another host
    return response


@login_not_required
@never_cache
@require_safe
def return_(request: HttpRequest, link_token: str) -> HttpResponse:
    """Where the ceremony ends. `event` is a hint anyone can forge: it picks the words, never a status.

    The truth is asked for behind the page, at most once per envelope in a few seconds.
    """
    recipient = find_recipient(link_token)
    if recipient is None:
        return _unknown_link(request)
    gate = ceremony.gate_of(recipient)
    if gate == Gate.READY:
        tasks.ring_refresh(recipient.envelope_id)
    outcome = outcome_of(request.GET.get("event", ""), gate)
    if outcome is None:
        return redirect("signing:landing", link_token)
    context = _context(recipient, link_token, gate) | {"outcome": outcome, "watch": True}
    return _private(render(request, "signing/outcome.html", context))


@login_not_required
@never_cache
@require_GET
def state(request: HttpRequest, link_token: str) -> HttpResponse:
    """What the waiting page asks every few seconds. Reads our own rows only."""
    recipient = find_recipient(link_token)
    if recipient is None:
        return JsonResponse({"state": "unknown"}, status=404)
    return JsonResponse({"state": _state(recipient, ceremony.gate_of(recipient))})


@login_not_required
@never_cache
@require_GET
def signed_document(request: HttpRequest, link_token: str) -> HttpResponse:
    """The signer's own copy, while their link lives."""
    recipient = find_recipient(link_token)
    if recipient is None or ceremony.gate_of(recipient) != Gate.COMPLETED:
        return _unknown_link(request)
    combined = _combined(recipient)
    if combined is None:
        return redirect("signing:landing", link_token)
    response = FileResponse(
        combined.file.open("rb"),
        as_attachment=True,
        filename=f"{recipient.envelope.subject}.pdf",
        content_type="application/pdf",
    )
    return _private(response)


def _gate_page(request: HttpRequest, recipient: Recipient, link_token: str) -> HttpResponse:
    gate = ceremony.gate_of(recipient)
    return _private(render(request, f"signing/{gate}.html", _context(recipient, link_token, gate)))


def _context(recipient: Recipient, link_token: str, gate: Gate) -> dict[str, Any]:
    envelope = recipient.envelope
    others = list(envelope.recipients.exclude(pk=recipient.pk))
    unfinished = [other for other in others if other.status not in DONE_STATUSES]
    state = _state(recipient, gate)
    return {
        "envelope": envelope,
        "recipient": recipient,
        "link_token": link_token,
        "gate": gate,
        "state": state,
        "documents": envelope.documents.all(),
        "waiting_for": unfinished,
        "before_you": [other for other in unfinished if other.routing_order < recipient.routing_order],
        "decliner": next((r for r in (recipient, *others) if r.declined_at or r.status == "declined"), None),
        "combined": _combined(recipient) if gate == Gate.COMPLETED else None,
        "expires_at": recipient.link_expires_at,
        "watch": state in WATCHED_STATES,
    }


def _state(recipient: Recipient, gate: Gate) -> str:
    """The gate, and whether the completed document has arrived: the page renews itself when this changes."""
    if gate == Gate.COMPLETED:
        return f"{gate}:{'stored' if _combined(recipient) else 'pending'}"
    return gate.value


def _combined(recipient: Recipient) -> CompletedDocument | None:
    return recipient.envelope.completed_documents.filter(kind=CompletedDocument.Kind.COMBINED).first()


def _trouble(request: HttpRequest, recipient: Recipient, link_token: str, *, passing: bool) -> HttpResponse:
    context = _context(recipient, link_token, Gate.READY) | {"passing": passing}
    return _private(render(request, "signing/trouble.html", context, status=503))


def _unknown_link(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "signing/unknown_link.html", status=404))


def _private(response: Any) -> Any:
    """A page behind a secret address: keep it out of search engines and out of other hosts' logs."""
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
