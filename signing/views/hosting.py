"""The host's word before the device is handed over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from signing import ceremony, hosting
from signing.gate import Gate
from signing.links import Link

from .behind_link import behind_link
from .pages import link_page


@csrf_exempt  # the unguessable link is the proof, as on the other pages behind it
@behind_link
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_host(request: HttpRequest, link: Link) -> HttpResponse:
    """Only a ticked box counts: some mail scanners submit every form they find, as it stands."""
    if request.method == "POST" and ceremony.gate_of(link) == Gate.HOST:
        if not request.POST.get("host_confirms"):
            problem = _("Please tick the box first, if it is so.")
            return link_page(request, link, "host", gate=Gate.HOST, problem=problem, status=422)
        hosting.confirm(link)
    return redirect("signing:landing", link.link_token)
