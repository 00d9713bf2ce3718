"""The keys of proof bundles, to look at: the public halves and their time. `manage.py proof_keys` makes another."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from signing.models import ProofKey


@admin.register(ProofKey)
class ProofKeyAdmin(ModelAdmin):
    list_display = ("key_id", "is_current", "created_at", "retired_at")
    fields = ("key_id", "is_current", "created_at", "retired_at", "public_key")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ProofKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProofKey | None = None) -> bool:
        return False
