"""Envelopes in the admin: the list, the composer for drafts, the record for everything sent."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from signing.drafting import throw_away
from signing.models import Envelope, EnvelopeStatus
from signing.visibility import may_see, visible

from . import composing, downloads, errands, fields, keeping, many, privacy, record_actions, revealing, schedule
from .composer import compose, too_late
from .doors import find_envelope
from .envelope_list import list_page
from .reach import WithinReach
from .record import record_page
from .staff import staff_of
from .templates.content import may_change_content, may_view_content, page_of_content
from .templates.saving import save_as_template


@admin.register(Envelope)
class EnvelopeAdmin(WithinReach):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Envelope]:
        return visible(Envelope.objects.without_templates().with_people(), staff_of(request))

    def get_urls(self) -> list[URLPattern]:
        return [
            *composing.urls(self),
            *fields.urls(self),
            *schedule.urls(self),
            *downloads.urls(self),
            *record_actions.urls(self),
            *revealing.urls(self),
            *many.urls(self),
            *errands.urls(self),
            *keeping.urls(self),
            *privacy.urls(self),
            path(
                "<int:envelope_id>/save-as-template/",
                self.admin_site.admin_view(self.save_as_template),
                name="signing_envelope_save_as_template",
            ),
            *super().get_urls(),
        ]

    # Pages

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return list_page(request, self)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return compose(request, self, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        envelope = find_envelope(self, request, object_id)
        if envelope.is_draft and envelope.docusign_template_id and self.has_change_permission(request, envelope):
            return redirect("admin:signing_template_docusign_draft", envelope.pk)
        if envelope.is_editable and self.has_change_permission(request, envelope):
            return compose(request, self, envelope)
        if envelope.status == EnvelopeStatus.TEMPLATE:
            return page_of_content(envelope)
        if request.method == "POST":
            if not self.has_change_permission(request, envelope):
                raise PermissionDenied
            return too_late(request, envelope)  # a page left open since before the envelope was sent
        return record_page(request, self, envelope)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Envelope:
        """Also what templates hold, which the list does not show."""
        rows = Envelope.objects.with_people()
        found = rows.filter(pk=object_id).first() if object_id.isdecimal() and len(object_id) < 19 else None
        if found is None or not may_see(staff_of(request), found):
            raise Http404
        return found

    def has_view_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        if obj is not None and obj.status == EnvelopeStatus.TEMPLATE:
            return may_view_content(request)
        return super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        if obj is not None and obj.status == EnvelopeStatus.TEMPLATE:
            return may_change_content(request, obj)
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        """Only drafts can be thrown away; what was sent is a record, and what is on hold stays."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or (obj.is_draft and not obj.is_on_hold))

    def delete_model(self, request: HttpRequest, obj: Envelope) -> None:
        throw_away(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Envelope]) -> None:
        for envelope in queryset:
            throw_away(envelope)

    def save_as_template(self, request: HttpRequest, envelope_id: int) -> HttpResponse:
        return save_as_template(request, self, find_envelope(self, request, str(envelope_id)))
