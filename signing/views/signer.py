"""What a signer's link shows. GETs change nothing: mail scanners and link previews open them too."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from signing import ceremony, linking, tasks, verification
from signing.gate import ENTERABLE, Gate
from signing.links import Link
from signing.models import LinkState, RecipientKind

from .behind_link import behind_link
from .outcomes import outcome_of
from .pages import combined_of, gate_page, link_page, state_of
from .policy import policy
from .proofs import proof_in

# What a signer who holds an old link may have mailed to the address on file.
MAY_ASK_FOR_LINK = frozenset({Gate.EXPIRED, Gate.REPLACED})


@behind_link
@require_safe
def landing(request: HttpRequest, link: Link) -> HttpResponse:
    """The page of the link's present state. That it was opened is written down, and changes nothing."""
    if link.state == LinkState.CURRENT and link.host is None:
        ceremony.note_visit(link.recipient)
    return gate_page(request, link)


@xframe_options_sameorigin
@behind_link
@require_safe
def return_(request: HttpRequest, link: Link) -> HttpResponse:
    """Where the ceremony ends. `event` is a hint anyone can forge: it picks the words, never a status.

    The truth is asked for behind the page, at most once per envelope in a few seconds. Should it open in a frame of
    ours, it takes the whole window.
    """
    ceremony.note_return(link.recipient, request.GET.get("event", ""))
    gate = ceremony.gate_of(link)
    if gate in ENTERABLE:
        tasks.ring_refresh(link.recipient.envelope_id)
    outcome = outcome_of(
        request.GET.get("event", ""), gate, only_reads=link.recipient.kind == RecipientKind.CERTIFIED_DELIVERY
    )
    if outcome is None:
        response = gate_page(request, link)
    else:
        any_of_these = " ".join(sorted(ENTERABLE))  # the page stays until there is news beyond these
        response = link_page(request, link, "outcome", gate=gate, outcome=outcome, watch=True, state=any_of_these)
    response["Content-Security-Policy"] = policy(forms=ceremony.hosts().ways, ancestors="'self'")
    return response


@behind_link
@require_safe
def state(request: HttpRequest, link: Link) -> HttpResponse:
    """What the waiting page asks every few seconds. Reads our own rows only."""
    return JsonResponse({"state": state_of(link, ceremony.gate_of(link))})


@behind_link
@require_safe
def signed_document(request: HttpRequest, link: Link) -> HttpResponseBase:
    """The signer's own copy, while their link lives; for whom a code is asked, only after it."""
    combined = combined_of(link) if ceremony.gate_of(link) == Gate.COMPLETED else None
    if combined is None:
        return redirect("signing:landing", link.link_token)
    if verification.is_asked_of(link.recipient) and proof_in(request, link) is None:
        return redirect("signing:code", link.link_token)
    return FileResponse(
        combined.file.open("rb"),
        as_attachment=True,
        filename=f"{link.recipient.envelope.subject}.pdf",
        content_type="application/pdf",
    )


@csrf_exempt  # the unguessable link is the proof, no cookie is read, and a repeated POST does no harm
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def fresh_link(request: HttpRequest, link: Link) -> HttpResponse:
    """POST has a link that works mailed to the address on file; GET says that it was."""
    gate = ceremony.gate_of(link)
    if gate not in MAY_ASK_FOR_LINK:
        return redirect("signing:landing", link.link_token)
    if request.method != "POST":
        return link_page(request, link, "fresh_link", gate=gate)
    if linking.mail_to_signer(link.recipient):
        tasks.follow_up(link.recipient.envelope_id)
    return redirect("signing:fresh_link", link.link_token)
