"""Envelopes in the admin: the list, the composer for drafts, the record for everything sent."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from signing import sending, tasks, voiding
from signing.docusign import DocusignError
from signing.forms.void import VoidForm
from signing.models import CompletedDocument, Document, Envelope, EnvelopeStatus, Recipient
from signing.watchdog import ASK_AT_ONCE

from . import composing, fields
from .attention import AttentionFilter, ask_docusign
from .composer import compose, too_late
from .links import change_link
from .record import record_page
from .schedule import urls as schedule_urls
from .templates.content import may_change_content, may_view_content, page_of_content
from .templates.saving import save_as_template

STATUS_COLOURS = {
    EnvelopeStatus.DRAFT: "default",
    EnvelopeStatus.SENDING: "warning",
    EnvelopeStatus.SENT: "info",
    EnvelopeStatus.DELIVERED: "info",
    EnvelopeStatus.COMPLETED: "success",
    EnvelopeStatus.DECLINED: "danger",
    EnvelopeStatus.VOIDED: "danger",
}


@admin.register(Envelope)
class EnvelopeAdmin(ModelAdmin):
    list_display = ("subject_or_draft", "state", "signers", "sender", "updated_at")
    list_display_links = ("subject_or_draft",)
    list_filter = ("status", AttentionFilter, "created_by")
    search_fields = ("subject", "docusign_id", "recipients__name", "recipients__email", "documents__name")
    search_help_text = gettext_lazy("Subject, signer, document or Docusign envelope id")
    list_per_page = 50
    show_full_result_count = False
    actions = ("ask_docusign",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Envelope]:
        return Envelope.objects.without_templates().with_people()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *composing.urls(self),
            *fields.urls(self),
            path(
                "<int:envelope_id>/documents/<int:number>/",
                view(self.download_document),
                name="signing_envelope_document",
            ),
            path(
                "<int:envelope_id>/completed/<str:kind>/",
                view(self.download_completed),
                name="signing_envelope_completed",
            ),
            path("<int:envelope_id>/take-back/", require_POST(view(self.take_back)), name="signing_envelope_take_back"),
            path("<int:envelope_id>/void/", view(self.void), name="signing_envelope_void"),
            path(
                "<int:envelope_id>/signers/<int:number>/link/",
                require_POST(view(self.change_link)),
                name="signing_envelope_link",
            ),
            path(
                "<int:envelope_id>/save-as-template/",
                view(self.save_as_template),
                name="signing_envelope_save_as_template",
            ),
            path("<int:envelope_id>/repair/", require_POST(view(self.repair)), name="signing_envelope_repair"),
            *fields.urls(self),
            *schedule_urls(self),
            *super().get_urls(),
        ]

    # Columns

    @display(description=gettext_lazy("Subject"), ordering="subject")
    def subject_or_draft(self, envelope: Envelope) -> str:
        return envelope.subject or _("(no subject yet)")

    @display(description=gettext_lazy("Status"), ordering="status", label=STATUS_COLOURS)
    def state(self, envelope: Envelope) -> tuple[str, str]:
        scheduled = envelope.is_draft and envelope.send_at is not None
        return envelope.status, _("Scheduled") if scheduled else envelope.get_status_display()

    @display(description=gettext_lazy("Signers"))
    def signers(self, envelope: Envelope) -> str:
        lines = [
            (recipient.status, recipient.name, "" if envelope.is_local else recipient.get_status_display())
            for recipient in envelope.recipients.all()
        ]
        template = '<span class="sp-signer sp-signer--{}"><span class="sp-dot"></span>{}<small>{}</small></span>'
        return format_html_join("", template, lines) or "–"

    @display(description=gettext_lazy("Sent by"), ordering="created_by")
    def sender(self, envelope: Envelope) -> str:
        return envelope.sender_name

    # Actions

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without Django's own "delete": it would not spare what was sent."""
        return {name: found for name, found in super().get_actions(request).items() if name != "delete_selected"}

    @action(description=gettext_lazy("Ask Docusign now"), permissions=["change"])
    def ask_docusign(self, request: HttpRequest, queryset: QuerySet[Envelope]) -> None:
        ask_docusign(request, list(queryset.values_list("pk", flat=True)[:ASK_AT_ONCE]))

    # Pages

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return compose(request, self, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        envelope = self._envelope(request, object_id)
        if envelope.is_draft and envelope.docusign_template_id and self.has_change_permission(request, envelope):
            return redirect("admin:signing_template_docusign_draft", envelope.pk)
        if envelope.is_editable and self.has_change_permission(request, envelope):
            return compose(request, self, envelope)
        if envelope.status == EnvelopeStatus.TEMPLATE:
            return page_of_content(envelope)
        if request.method == "POST":
            return too_late(request, envelope)  # a page left open since before the envelope was sent
        return record_page(request, self, envelope)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Envelope | None:
        """Also what templates hold, which the list does not show."""
        rows = Envelope.objects.with_people()
        return rows.filter(pk=object_id).first() if object_id.isdecimal() and len(object_id) < 19 else None

    def has_view_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        if obj is not None and obj.status == EnvelopeStatus.TEMPLATE:
            return may_view_content(request)
        return super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        if obj is not None and obj.status == EnvelopeStatus.TEMPLATE:
            return may_change_content(request, obj)
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        """Only drafts can be thrown away; what was sent is a record."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    def download_document(self, request: HttpRequest, envelope_id: int, number: int) -> FileResponse:
        envelope = self._envelope(request, envelope_id)
        document = get_object_or_404(Document, envelope=envelope, number=number)
        return _pdf(document.file, f"{document.name}.pdf")

    def download_completed(self, request: HttpRequest, envelope_id: int, kind: str) -> FileResponse:
        envelope = self._envelope(request, envelope_id)
        completed = get_object_or_404(CompletedDocument, envelope=envelope, kind=kind)
        return _pdf(completed.file, f"{envelope.subject} - {completed.get_kind_display()}.pdf")

    def save_as_template(self, request: HttpRequest, envelope_id: int) -> HttpResponse:
        return save_as_template(request, self, self._envelope(request, envelope_id))

    def repair(self, request: HttpRequest, envelope_id: int) -> HttpResponse:
        envelope = self._envelope(request, envelope_id)
        if not self.has_change_permission(request, envelope):
            raise PermissionDenied
        ask_docusign(request, [envelope.pk])
        return redirect("admin:signing_envelope_change", envelope.pk)

    def change_link(self, request: HttpRequest, envelope_id: int, number: int) -> HttpResponse:
        envelope = self._envelope(request, envelope_id)
        if not self.has_change_permission(request, envelope):
            raise PermissionDenied
        change_link(request, get_object_or_404(Recipient, envelope=envelope, number=number))
        return redirect("admin:signing_envelope_change", envelope.pk)

    def take_back(self, request: HttpRequest, envelope_id: int) -> HttpResponse:
        envelope = self._envelope(request, envelope_id)
        if not self.has_change_permission(request, envelope):
            raise PermissionDenied
        if sending.take_back(envelope):
            messages.success(request, _("Taken back: nothing was sent, and it is a draft again."))
        else:
            messages.warning(request, _("Too late: it is being sent, or was sent. You can void it once it is sent."))
        return redirect("admin:signing_envelope_change", envelope.pk)

    def void(self, request: HttpRequest, envelope_id: int) -> HttpResponse:
        envelope = self._envelope(request, envelope_id)
        if not self.has_change_permission(request, envelope):
            raise PermissionDenied
        form = VoidForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return record_page(request, self, envelope, void_form=form)
        try:
            voiding.void(envelope, reason=form.cleaned_data["reason"])
        except DocusignError as error:
            messages.error(request, f"{error.staff_message} {_reference(error)}".strip())
            tasks.ring_refresh(envelope.pk)  # perhaps it has moved on without us
        else:
            tasks.follow_up(envelope.pk)
            messages.success(request, _("The envelope is void. Everyone who was asked to sign is told so."))
        return redirect("admin:signing_envelope_change", envelope.pk)

    def _envelope(self, request: HttpRequest, envelope_id: int | str) -> Envelope:
        envelope: Envelope | None = self.get_object(request, str(envelope_id))
        if envelope is None:
            raise Http404
        if not self.has_view_or_change_permission(request, envelope):
            raise PermissionDenied
        return envelope


def _pdf(file: Any, filename: str) -> FileResponse:
    return FileResponse(file.open("rb"), as_attachment=True, filename=filename, content_type="application/pdf")


def _reference(error: DocusignError) -> str:
    """The code and trace token, for Docusign's support."""
    parts = [error.error_code, f"trace token {error.trace_token}" if error.trace_token else ""]
    text = ", ".join(part for part in parts if part)
    return f"({text})" if text else ""
