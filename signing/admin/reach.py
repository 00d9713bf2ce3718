"""For ModelAdmins: what is out of somebody's reach is not there, in lists and by address."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin

from signing.visibility import may_change, team_choices, visible

from .staff import staff_of

Row = TypeVar("Row", bound=Model)


class WithinReach(ModelAdmin):
    """To inherit from instead of ModelAdmin, by every model of `signing.visibility`."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return visible(rows, staff_of(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """404 instead of Django's "perhaps it was deleted": whether it exists is not told."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_theirs(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nobody chooses what they do not see; and teams are made elsewhere."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "team":
            field.queryset = team_choices(staff_of(request))
            for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, name, False)
        return field


def _is_theirs(request: HttpRequest, obj: Model | None) -> bool:
    return obj is None or may_change(staff_of(request), obj)
