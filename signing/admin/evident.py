"""What staff change in the admin's own forms (people, groups, forms …) is evidence: who, from where, and what."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from signing import events
from signing.models import PortalKind

# Who may know that a password was changed may not know what it was, or is.
SECRET = frozenset({"password", "password1", "password2", "usable_password"})
LONGEST = 300  # of a value


class Evident:
    """Beside ModelAdmin, before it: an event in the transaction of each save and each deletion."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        rows = [formset.model._meta.verbose_name for formset in formsets if formset.has_changed()]
        if not change:
            record(PortalKind.CREATED, form.instance, _told(form, at_first=True))
        elif form.changed_data or rows:
            record(
                PortalKind.CHANGED, form.instance, _told(form) | ({"rows": [str(row) for row in rows]} if rows else {})
            )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Another password is set by a page of its own, which saves without `save_related`."""
        if request.resolver_match and "password" in (request.resolver_match.url_name or ""):
            record(PortalKind.CHANGED, obj, {"fields": {"password": ["", ""]}})
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        record(PortalKind.DELETED, obj)
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            record(PortalKind.DELETED, obj)
        super().delete_queryset(request, queryset)  # type: ignore[misc]


def record(kind: PortalKind, obj: Model, facts: dict[str, Any] | None = None) -> None:
    name = obj._meta.model_name
    events.record_portal(kind, facts, about=f"{name}:{obj.pk}", what=name, name=str(obj)[:LONGEST])


def _told(form: Any, *, at_first: bool = False) -> dict[str, Any]:
    """{field: [from, to]} of the fields that were filled in or changed."""
    fields = {}
    for field in form.changed_data:
        if field in SECRET:
            fields["password"] = ["", ""]
            continue
        before = "" if at_first else _said(form.initial.get(field))
        fields[field] = [before, _said(form.cleaned_data.get(field))]
    return {"fields": fields}


def _said(value: Any) -> Any:
    if isinstance(value, QuerySet | list | tuple | set):
        return sorted(str(one)[:LONGEST] for one in value)[:200]
    return value if value is None or isinstance(value, bool | int) else str(value)[:LONGEST]
