"""Connect messages in the admin: what Docusign told, what became of it, and a second try."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from signing import connect_messages, tasks
from signing.models import ConnectMessage, ConnectOutcome, Envelope
from signing.payloads import CONNECT_EVENTS
from signing.visibility import visible

from .lists import BoundedChangeList
from .reach import WithinReach
from .staff import staff_of

OUTCOME_COLOURS = {
    ConnectOutcome.WAITING: "warning",
    ConnectOutcome.APPLIED: "success",
    ConnectOutcome.UNCHANGED: "default",
    ConnectOutcome.ASKED: "info",
    ConnectOutcome.NOT_OURS: "default",
    ConnectOutcome.FAILED: "danger",
}
SHOWN_CHARACTERS = 50_000


class EventFilter(admin.SimpleListFilter):
    """The events we ask for: looking through all messages for the events there are would take long."""

    title = gettext_lazy("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, str]]:
        return [(event, event) for event in CONNECT_EVENTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConnectMessage]) -> QuerySet[ConnectMessage]:
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(ConnectMessage)
class ConnectMessageAdmin(WithinReach):
    list_display = ("received_at", "event", "envelope", "outcome_label", "error")
    list_filter = ("outcome", EventFilter, "received_at")
    search_fields = ("docusign_id__exact",)
    search_help_text = gettext_lazy("Docusign envelope id")
    list_per_page = 50
    show_full_result_count = False
    actions = ("apply_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConnectMessage | None = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        return BoundedChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConnectMessage]:
        envelopes = Envelope.objects.filter(docusign_id=OuterRef("docusign_id"))
        messages = visible(ConnectMessage.objects.defer("body"), staff_of(request))
        return messages.annotate(
            envelope_pk=Subquery(envelopes.values("pk")[:1]), envelope_subject=Subquery(envelopes.values("subject")[:1])
        )

    def get_urls(self) -> list[URLPattern]:
        again = require_POST(self.admin_site.admin_view(self.apply_one_again))
        return [
            path("<int:message_id>/apply-again/", again, name="signing_connectmessage_apply_again"),
            *super().get_urls(),
        ]

    @display(description=gettext_lazy("Envelope"))
    def envelope(self, message: ConnectMessage) -> str:
        pk: int | None = getattr(message, "envelope_pk", None)
        if pk is None:
            return message.docusign_id or "–"
        url = reverse("admin:signing_envelope_change", args=[pk])
        return format_html('<a href="{}">{}</a>', url, getattr(message, "envelope_subject", ""))

    @display(description=gettext_lazy("Outcome"), ordering="outcome", label=OUTCOME_COLOURS)
    def outcome_label(self, message: ConnectMessage) -> tuple[str, str]:
        return message.outcome, message.get_outcome_display()

    @action(description=gettext_lazy("Apply again"), permissions=["change"])
    def apply_again(self, request: HttpRequest, queryset: QuerySet[ConnectMessage]) -> None:
        """The sweep takes them up, however many they are."""
        count = connect_messages.apply_again(list(queryset.values_list("pk", flat=True)))
        text = ngettext("%(n)s message is applied again.", "%(n)s messages are applied again.", count) % {"n": count}
        messages.success(request, f"{text} {_('That takes a minute.')}")

    def apply_one_again(self, request: HttpRequest, message_id: int) -> HttpResponse:
        message = self._message(request, message_id)
        if not self.has_change_permission(request, message):
            raise PermissionDenied
        connect_messages.apply_again([message.pk])
        tasks.apply_connect_message(message.pk)
        message.refresh_from_db(fields=["outcome"])
        tell = messages.error if message.outcome == ConnectOutcome.FAILED else messages.success
        tell(request, _("Outcome: %(outcome)s") % {"outcome": message.get_outcome_display()})
        return redirect("admin:signing_connectmessage_change", message.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: object = None
    ) -> HttpResponse:
        message = self._message(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": message.event,
            "original": message,
            "message": message,
            "body": json.dumps(json.loads(message.body), indent=2, ensure_ascii=False)[:SHOWN_CHARACTERS],
            "may_change": self.has_change_permission(request, message),
        }
        return TemplateResponse(request, "admin/signing/connectmessage/message.html", context)

    def _message(self, request: HttpRequest, message_id: int | str) -> ConnectMessage:
        message: ConnectMessage = self.get_object(request, str(message_id))
        if not self.has_view_or_change_permission(request, message):
            raise PermissionDenied
        return message
