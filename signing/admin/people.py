"""Django's own users and groups in the admin's skin. Nobody gives more than they have, or touches who has more."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from signing.roles import ROLES

from .evident import Evident
from .leaving import LeavingMixin
from .staff import staff_of

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(LeavingMixin, Evident, BaseUserAdmin, ModelAdmin):
    actions = LeavingMixin.actions
    change_form_outer_after_template = "admin/auth/user/leave.html"
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only superusers make superusers, and give permissions one by one; others give roles."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if staff_of(request).is_superuser else (*fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _has_no_more(staff_of(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _has_no_more(staff_of(request), obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.queryset = _to_give(staff_of(request))
            field.help_text = " ".join(f"{role.name}: {role.about}" for role in ROLES)
        return field


@admin.register(Group)
class GroupAdmin(Evident, BaseGroupAdmin, ModelAdmin):
    """The groups of the roles are renewed with the product: other mixtures are groups of one's own."""

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(staff_of(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(staff_of(request), obj)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        user = staff_of(request)
        if field is not None and db_field.name == "permissions" and not user.is_superuser:
            field.queryset = _permissions_of(user).select_related("content_type").distinct()
        return field

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django's "delete selected" asks about the model, not about each row."""
        return {}


def _has_no_more(user: User, other: User | None) -> bool:
    """So whoever may change somebody gets no rights by it: not their password, not their place."""
    if other is None or user.is_superuser:
        return True
    return not other.is_superuser and not _permissions_of(other).exclude(pk__in=_permissions_of(user)).exists()


def _may_touch(user: User, group: Group | None) -> bool:
    if group is None:
        return True
    is_role = group.name in {role.name for role in ROLES}
    return not is_role and (user.is_superuser or _to_give(user).filter(pk=group.pk).exists())


def _to_give(user: User) -> QuerySet[Group]:
    """Groups that hold nothing beyond what the user holds."""
    if user.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=_permissions_of(user))
    return Group.objects.exclude(permissions__in=beyond)


def _permissions_of(user: User) -> QuerySet[Permission]:
    """Also of somebody who is not active now, and may be again."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))
