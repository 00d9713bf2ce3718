"""The emails Docusign would have sent, with the buttons they would have had."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sandbox import mails
from sandbox.addresses import base_url
from sandbox.models import Mail

from .pages import found, page_of, query_without_page, show

KINDS_WITH_BUTTON = {
    "invitation": "Review document",
    "reminder": "Review document",
    "resent": "Review document",
    "corrected": "Review document",
    "copy": "View document",
    "completed": "View completed document",
}


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    rows = Mail.objects.select_related("envelope__sender").order_by("-pk")
    text = request.GET.get("q", "").strip()
    if text:
        is_meant = Q(to_email__icontains=text) | Q(to_name__icontains=text) | Q(subject__icontains=text)
        rows = rows.filter(is_meant)
    context = {"page": page_of(request, rows), "query": query_without_page(request), "text": text}
    return show(request, "mailbox.html", "mailbox", context)


@require_safe
def detail_page(request: HttpRequest, guid: str) -> HttpResponse:
    rows = Mail.objects.select_related("envelope__sender", "recipient")
    mail: Mail = found(rows.filter(guid=guid).first())
    context = {
        "mail": mail,
        "reply_to": mails.reply_to(mail.envelope),
        "link": mails.link_of(mail, base_url(request)),
        "button": KINDS_WITH_BUTTON.get(mail.kind, ""),
    }
    return show(request, "mail.html", "mailbox", context)
