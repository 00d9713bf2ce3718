"""Other ways out than signing here: someone else signs, or paper is signed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sandbox import lifecycle
from sandbox.definition.reading import is_email
from sandbox.definition.recipients import MAX_NAME
from sandbox.models import RecipientView

from . import sessions
from .doors import end, in_session
from .pages import MAX_REASON, ceremony_page


@in_session
@require_POST
def reassign(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """Assign to someone else, where the envelope allows it (`allowReassign`).

    They sign from an email, even when this signer was embedded. Docusign documents no event of its own: `cancel`.
    """
    if not sessions.can_reassign(view):
        return end(request, view, "viewing_complete")
    name = " ".join(request.POST.get("name", "").split())
    email = request.POST.get("email", "").strip()
    reason = request.POST.get("reason", "").strip()[:MAX_REASON]
    problem = _problem(view, name, email)
    if problem:
        return ceremony_page(request, view, problems={"page": problem}, status=422)
    lifecycle.reassign(view.recipient, name, email, reason)
    # Whoever still has the page open has nothing to sign any more.
    RecipientView.objects.filter(recipient=view.recipient, ended_event="").update(ended_event="cancel")
    return end(request, view, "cancel")


@in_session
@require_POST
def use_paper(request: HttpRequest, view: RecipientView) -> HttpResponse:
    """Print, sign by hand and send it to the sender (`enableWetSign`)."""
    if not sessions.can_use_paper(view):
        return end(request, view, "viewing_complete")
    lifecycle.wait_for_paper(view.recipient)
    return end(request, view, "fax_pending")


def _problem(view: RecipientView, name: str, email: str) -> str:
    if not name or len(name) > MAX_NAME:
        return "Please give the full name of the person who is to sign."
    if not is_email(email) or len(email) > MAX_NAME:
        return "Please give the email address of the person who is to sign."
    others = view.recipient.envelope.recipients.exclude(pk=view.recipient.pk)
    order = view.recipient.routing_order
    if others.filter(name__iexact=name, email__iexact=email, routing_order=order).exists():
        return "This person is among the signers already."
    return ""
