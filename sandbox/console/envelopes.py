"""Envelopes, and all there is to know of one."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from sandbox import clock, purging, rules
from sandbox.models import Envelope, Recipient, RecipientView

from .pages import found, page_of, query_without_page, show

STATUSES = ("created", "sent", "delivered", "completed", "declined", "voided")


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    rows = Envelope.objects.filter(is_template=False).select_related("sender").prefetch_related("recipients")
    text, status = request.GET.get("q", "").strip(), request.GET.get("status", "")
    if text:
        rows = rows.filter(
            Q(subject__icontains=text)
            | Q(guid=text.lower())
            | Q(transaction_id=text)
            | Q(pk__in=Recipient.objects.filter(_names(text)).values("envelope_id"))
        )
    if status in STATUSES:
        rows = rows.filter(status=status)
    context = {
        "page": page_of(request, rows.order_by("-pk")),
        "query": query_without_page(request),
        "text": text,
        "status": status,
        "statuses": STATUSES,
    }
    return show(request, "envelopes.html", "envelopes", context)


@require_safe
def detail_page(request: HttpRequest, guid: str) -> HttpResponse:
    envelope = _find(guid)
    recipients = list(envelope.recipients.all())
    context = {
        "envelope": envelope,
        "recipients": [{"row": recipient, "way": _way_in(envelope, recipient)} for recipient in recipients],
        "documents": [] if purging.are_documents_gone(envelope) else envelope.documents.all(),
        "events": envelope.audit_events.all(),
        "messages": envelope.connect_messages.all(),
        "mails": envelope.mails.all(),
        "custom_fields": envelope.custom_fields.all(),
        "event": request.GET.get("event", ""),
    }
    return show(request, "envelope.html", "envelopes", context)


@require_POST
def open_as(request: HttpRequest, guid: str, recipient_guid: str) -> HttpResponse:
    """Into the ceremony as this recipient, and back here."""
    envelope = _find(guid)
    recipient = found(envelope.recipients.filter(guid=recipient_guid).first())
    here = reverse("console-envelope", kwargs={"guid": guid})
    if not _way_in(envelope, recipient):
        return HttpResponseRedirect(here)
    return_url = request.build_absolute_uri(here)
    view = RecipientView.objects.create(recipient=recipient, return_url=return_url, created_at=clock.now())
    return HttpResponseRedirect(reverse("ceremony-redeem", kwargs={"guid": view.guid}))


def _find(guid: str) -> Envelope:
    rows = Envelope.objects.select_related("sender", "account").filter(is_template=False)
    envelope: Envelope = found(rows.filter(guid=guid.lower()).first())
    return envelope


def _way_in(envelope: Envelope, recipient: Recipient) -> str:
    """What the button says; empty where the ceremony would refuse: it is not their turn, or all is over."""
    if envelope.status in rules.OPEN_ENVELOPE and recipient.status in rules.ASKED:
        return "Open as this recipient"
    has_something_to_read = recipient.status in rules.DONE and envelope.status in (*rules.OPEN_ENVELOPE, "completed")
    return "View as this recipient" if has_something_to_read and recipient.kind != "seals" else ""


def _names(text: str) -> Q:
    return Q(name__icontains=text) | Q(email__icontains=text)
