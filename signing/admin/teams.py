"""Teams in the admin: who is in them, and what is theirs."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from signing.models import Team

from .evident import Evident

THEIRS = ("envelopes", "templates", "public_forms", "bulk_batches")


@admin.register(Team)
class TeamAdmin(Evident, ModelAdmin):
    list_display = ("name", "people")
    search_fields = ("name", "members__username", "members__first_name", "members__last_name")
    search_help_text = _("Name of the team or of somebody in it")
    filter_vertical = ("members",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(people_count=Count("members", distinct=True))

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """Not while something is theirs: it would be nobody's."""
        is_allowed = super().has_delete_permission(request, obj)
        return is_allowed and not (obj and any(getattr(obj, name).exists() for name in THEIRS))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Those who can log in here."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "members":
            field.queryset = field.queryset.filter(is_staff=True).order_by("first_name", "username")
            field.label_from_instance = lambda user: user.get_full_name() or user.get_username()
        return field

    @display(description=_("People"), ordering="people_count")
    def people(self, team: Team) -> int:
        count: int = getattr(team, "people_count", 0)
        return count
