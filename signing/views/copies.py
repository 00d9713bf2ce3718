"""The signer's own copy by mail, at a press of a button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from signing import ceremony, copies, tasks
from signing.gate import Gate
from signing.links import Link

from .behind_link import behind_link
from .pages import link_page


@csrf_exempt  # the unguessable link is the proof, no cookie is read, and a repeated POST does no harm
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def mail_copy(request: HttpRequest, link: Link) -> HttpResponse:
    """POST has the signed PDF mailed to the address on file; GET says that it was."""
    gate = ceremony.gate_of(link)
    if gate != Gate.COMPLETED or not copies.can_be_mailed(link.recipient):
        return redirect("signing:landing", link.link_token)
    if request.method != "POST":
        return link_page(request, link, "copy_mailed", gate=gate)
    if copies.mail_to_signer(link.recipient):
        tasks.follow_up(link.recipient.envelope_id)
    return redirect("signing:mail_copy", link.link_token)
