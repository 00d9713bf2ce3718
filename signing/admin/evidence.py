"""What happened beside envelopes, for auditors: events of the portal, anchors, the last verification."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from signing.models import ActorKind, Anchor, EnvelopeEvent, PortalKind

from .lists import BoundedChangeList

PERMISSION = "signing.view_evidence"
ANCHORS = 7
FACTS = 12  # of an event, on the page
HIDDEN = frozenset({"digests", "what", "name", "fields"})  # shown elsewhere, or nobody can read it
LONGEST = 160


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, Any]]:
        return PortalKind.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[EnvelopeEvent]) -> QuerySet[EnvelopeEvent]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AboutFilter(admin.SimpleListFilter):
    title = gettext_lazy("about")
    parameter_name = "about_what"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, Any]]:
        return [
            ("user", _("People")),
            ("group", _("Groups")),
            ("team", _("Teams")),
            ("template", _("Templates")),
            ("publicform", _("Forms")),
            ("bulkbatch", _("Bulk send")),
            ("errand", _("Exports and errands")),
            ("settings", _("Settings")),
            ("privacy", _("Privacy")),
            ("evidence", _("Evidence")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EnvelopeEvent]) -> QuerySet[EnvelopeEvent]:
        return queryset.filter(about__startswith=str(self.value())) if self.value() else queryset


@admin.register(EnvelopeEvent)
class EvidenceAdmin(ModelAdmin):
    list_display = ("at", "who", "what", "facts", "ip", "number")
    list_display_links = None
    list_filter = (KindFilter, AboutFilter, "at")
    search_fields = ("actor_name", "about__startswith", "ip__startswith")
    search_help_text = gettext_lazy("Name, thing (template:12, user:3) or address")
    ordering = ("-number",)
    list_per_page = 50
    show_full_result_count = False
    actions = None
    list_before_template = "admin/signing/envelopeevent/state.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        return BoundedChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[EnvelopeEvent]:
        return EnvelopeEvent.objects.of_chain(None)

    def has_view_permission(self, request: HttpRequest, obj: EnvelopeEvent | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: EnvelopeEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EnvelopeEvent | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        verified = EnvelopeEvent.objects.of_chain(None).filter(kind=PortalKind.VERIFIED).order_by("-number")
        context = {
            "title": _("Evidence"),
            "verified": verified.first(),
            "anchors": list(Anchor.objects.order_by("-number")[:ANCHORS]),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    @display(description=gettext_lazy("Who"))
    def who(self, event: EnvelopeEvent) -> str:
        if event.erased_at:
            return _("erased")
        return event.actor_name or str(ActorKind(event.actor_kind).label)

    @display(description=gettext_lazy("What"))
    def what(self, event: EnvelopeEvent) -> str:
        return format_html(
            '<span class="sp-two-lines"><b>{}</b><small>{} {}</small></span>',
            event.kind_label,
            event.about,
            event.data.get("name", ""),
        )

    @display(description=gettext_lazy("Details"))
    def facts(self, event: EnvelopeEvent) -> str:
        pairs = [(name, said(value)) for name, value in _flat(event.data)]
        return format_html_join("", "<div>{}: {}</div>", [pair for pair in pairs if pair[1]][:FACTS]) or "–"


def _flat(data: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """Changed fields beside the other facts."""
    yield from ((name, value) for name, value in data.items() if name not in HIDDEN)
    if isinstance(data.get("fields"), dict):
        yield from data["fields"].items()


def said(value: Any) -> str:
    """[from, to] as an arrow, lists with commas."""
    if isinstance(value, list) and len(value) == 2 and any(isinstance(one, list) for one in value):
        return f"{said(value[0]) or '–'} → {said(value[1]) or '–'}"
    if isinstance(value, list):
        separator = " → " if len(value) == 2 else ", "
        return separator.join(str(one) if one not in (None, "") else "–" for one in value)[:LONGEST]
    return "" if value in (None, "", {}) else str(value)[:LONGEST]
