"""Envelopes in the admin: the list, the composer for drafts, the record for everything sent."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from signing.models import Envelope

from . import bulk, downloads, errands, record_actions
from .composer import compose
from .doors import find_envelope
from .envelope_list import list_page
from .record import record_page


@admin.register(Envelope)
class EnvelopeAdmin(ModelAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Envelope]:
        return Envelope.objects.without_templates().with_people()

    def get_urls(self) -> list[URLPattern]:
        return [
            *downloads.urls(self),
            *record_actions.urls(self),
            *bulk.urls(self),
            *errands.urls(self),
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
        if envelope.is_draft and self.has_change_permission(request, envelope):
            return compose(request, self, envelope)
        if request.method == "POST":
            # A page left open since before the envelope was sent.
            messages.warning(request, _("This envelope was sent meanwhile; your last changes were not saved."))
            return redirect("admin:signing_envelope_change", envelope.pk)
        return record_page(request, self, envelope)

    def has_delete_permission(self, request: HttpRequest, obj: Envelope | None = None) -> bool:
        """Only drafts can be thrown away; what was sent is a record."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)
