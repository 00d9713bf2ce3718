"""The pages behind views/sender, views/edit and views/correct: review an envelope and send it, in place of the editor.

They come back to the return URL with `event=Send`, `Save` or `Cancel` and the envelope's id.
"""

from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import lifecycle
from .errors import ApiError
from .models import Envelope

PURPOSES = ("prepare", "correct")
EVENTS = {"send": "Send", "save": "Save", "cancel": "Cancel"}


@csrf_exempt  # the address itself is the ticket, as in the ceremony
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, guid: str, purpose: str) -> HttpResponse:
    envelope = Envelope.objects.filter(guid=guid.lower()).first()
    if envelope is None or purpose not in PURPOSES:
        raise Http404
    problem = ""
    if request.method == "POST":
        event = EVENTS.get(request.POST.get("decision", ""), "Cancel")
        try:
            if event == "Send":
                _send(envelope)
            return _back(request, envelope, event)
        except ApiError as error:
            problem = error.message
    context = {"envelope": envelope, "purpose": purpose, "problem": problem}
    return render(request, "sandbox/preparing.html", context, status=422 if problem else 200)


def _send(envelope: Envelope) -> None:
    with transaction.atomic():
        if envelope.status == "created" and not envelope.is_template:
            lifecycle.send(envelope)


def _back(request: HttpRequest, envelope: Envelope, event: str) -> HttpResponse:
    return_url = request.GET.get("returnUrl", "")
    if not return_url:
        return render(request, "sandbox/preparing.html", {"envelope": envelope, "done": event})
    separator = "&" if "?" in return_url else "?"
    query = urlencode({"envelopeId": envelope.guid, "event": event})
    return HttpResponseRedirect(f"{return_url}{separator}{query}")
