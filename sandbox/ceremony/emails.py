"""From the button of an email into the ceremony: remote signers have no other way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sandbox import clock
from sandbox.models import Mail, RecipientView

from .doors import lost


@never_cache
@require_GET
def start(request: HttpRequest, guid: str) -> HttpResponse:
    """Any number of times: every click is a session of its own, which ends on a page of ours."""
    mail = Mail.objects.select_related("recipient").filter(guid=guid).first()
    if mail is None or mail.recipient is None:
        return lost(request)
    if mail.to_email != mail.recipient.email or mail.recipient.status == "created":
        reason = "This was handed to someone else, or it is not your turn any more."
        return render(request, "sandbox/refused.html", {"reason": reason}, status=410)
    view = RecipientView.objects.create(recipient=mail.recipient, created_at=clock.now())
    return redirect("ceremony-redeem", guid=view.guid)
