"""Connect messages: what was told to whom, and telling it again."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from sandbox import housekeeping
from sandbox.connect import delivery
from sandbox.models import ConnectMessage

from .pages import found, page_of, query_without_page, show

STATES = ("pending", "paused", "delivered", "failed", "lost", "discarded")


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    rows = ConnectMessage.objects.select_related("envelope").order_by("-pk")
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    if text:
        rows = rows.filter(event__icontains=text) | rows.filter(url__icontains=text)
    if state in STATES:
        rows = rows.filter(state=state)
    context = {
        "page": page_of(request, rows.defer("body")),
        "query": query_without_page(request),
        "text": text,
        "state": state,
        "states": STATES,
    }
    return show(request, "deliveries.html", "deliveries", context)


@require_safe
def detail_page(request: HttpRequest, guid: str) -> HttpResponse:
    message = _find(guid)
    return show(request, "delivery.html", "deliveries", {"message": message, "body": _pretty(message)})


@require_POST
def replay(request: HttpRequest, guid: str) -> HttpResponse:
    delivery.replay(_find(guid))
    housekeeping.run_due()
    return HttpResponseRedirect(reverse("console-delivery", kwargs={"guid": guid}))


def _find(guid: str) -> ConnectMessage:
    message: ConnectMessage = found(ConnectMessage.objects.select_related("envelope").filter(guid=guid).first())
    return message


def _pretty(message: ConnectMessage) -> str:
    """Contents of documents would bury the rest."""
    if not message.is_json or not message.body:
        return message.body
    data = json.loads(message.body)
    for document in data["data"].get("envelopeSummary", {}).get("envelopeDocuments", []):
        if "PDFBytes" in document:
            document["PDFBytes"] = f"… {len(document['PDFBytes'])} characters …"
    return json.dumps(data, indent=2, ensure_ascii=False)
