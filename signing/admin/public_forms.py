"""Self-service forms in the admin: set up, given out by link, QR code or embedding, and who began."""

import io
from collections.abc import Callable
from typing import Any

import segno
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from signing import form_codes
from signing.forms.public_form import PublicFormForm
from signing.models import PublicForm, Template
from signing.public_forms import FormState, state_of
from signing.visibility import team_for, visible

from .evident import Evident
from .reach import WithinReach
from .staff import staff_of

RECENT = 20
STATE_WORDS = {
    FormState.OPEN: gettext_lazy("Open"),
    FormState.CLOSED: gettext_lazy("Closed"),
    FormState.EARLY: gettext_lazy("Not open yet"),
    FormState.OVER: gettext_lazy("Time is over"),
    FormState.FULL: gettext_lazy("Full"),
}
ROWS = {"introduction": 4, "frame_origins": 3}
QR_MODULE_PIXELS = 12  # of the PNG: sharp on a poster


@admin.register(PublicForm)
class PublicFormAdmin(Evident, WithinReach):
    form = PublicFormForm
    list_display = ("title_and_address", "template", "state", "begun", "owner")
    list_display_links = ("title_and_address",)
    list_filter = ("is_active", ("created_by", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "slug", "template__name")
    list_per_page = 50
    actions = None
    prepopulated_fields = {"slug": ("title",)}
    list_before_template = "admin/signing/publicform/styles.html"
    change_form_before_template = "admin/signing/publicform/share.html"
    change_form_after_template = "admin/signing/publicform/entries.html"
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": ("title", "slug", "template", "introduction", "language")}),
        (gettext_lazy("When and how often"), {"fields": ("is_active", "open_from", "open_until", "max_count")}),
        (gettext_lazy("Who"), {"fields": ("one_per_email", "verify_email")}),
        (gettext_lazy("On other sites"), {"fields": ("frame_origins",)}),
        (gettext_lazy("Whose"), {"fields": ("team",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublicForm]:
        rows = super().get_queryset(request).select_related("template__content", "created_by")
        return rows.prefetch_related("template__content__recipients")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.qr_code)
        return [path("<int:form_id>/qr.<str:kind>", view, name="signing_publicform_qr"), *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new form of a template has its name, to begin with."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if str(initial.get("template", "")).isdecimal():
            seen = visible(Template.objects.all(), staff_of(request))
            names = seen.filter(pk=initial["template"]).values_list("name", flat=True)
            initial["title"] = names.first() or ""
        return initial

    def save_model(self, request: HttpRequest, obj: PublicForm, form: Any, change: bool) -> None:
        """Who makes it is the sender of all that is begun on it."""
        if not change:
            obj.created_by = staff_of(request)
            obj.team = obj.team or team_for(obj.created_by, like=obj.template.team_id)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: PublicForm | None = None) -> bool:
        """Closed, not deleted, once somebody began."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.count == 0)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        form = self.get_object(request, object_id)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **_shared(form)})

    def qr_code(self, request: HttpRequest, form_id: int, kind: str) -> HttpResponse:
        form = self.get_object(request, str(form_id))
        if kind not in QR_WRITERS:
            raise Http404
        if not self.has_view_or_change_permission(request, form):
            raise PermissionDenied
        content_type, write = QR_WRITERS[kind]
        response = HttpResponse(write(address_of(form)), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{form.slug}.{kind}"'
        return response

    # Columns

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Texts of a few lines need no half page; and nothing is added or changed from within this page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ROWS:
            field.widget.attrs["rows"] = ROWS[db_field.name]
        if db_field.name == "template":
            field.queryset = visible(Template.objects.all(), staff_of(request))
            for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, name, False)
        return field

    @display(description=gettext_lazy("Form"), ordering="title")
    def title_and_address(self, form: PublicForm) -> str:
        return format_html(
            '<span class="sp-two-lines"><b>{}</b><small>/forms/{}/</small></span>', form.title, form.slug
        )

    @display(
        description=gettext_lazy("State"),
        label={
            FormState.OPEN: "success",
            FormState.EARLY: "info",
            FormState.OVER: "default",
            FormState.FULL: "warning",
            FormState.CLOSED: "default",
        },
    )
    def state(self, form: PublicForm) -> tuple[str, str]:
        state = state_of(form, timezone.now())
        return state, str(STATE_WORDS[state])

    @display(description=gettext_lazy("Begun"), ordering="count")
    def begun(self, form: PublicForm) -> str:
        return _("%(n)s of %(max)s") % {"n": form.count, "max": form.max_count} if form.max_count else str(form.count)

    @display(description=gettext_lazy("Owner"), ordering="created_by")
    def owner(self, form: PublicForm) -> str:
        return form.created_by.get_full_name() or form.created_by.get_username()


def address_of(form: PublicForm) -> str:
    return f"{settings.PORTAL_BASE_URL}{reverse('signing:public_form', args=[form.slug])}"


def _shared(form: PublicForm) -> dict[str, Any]:
    """What the page shows beside the fields."""
    address = address_of(form)
    state = state_of(form, timezone.now())
    entries = form.entries.select_related("recipient__envelope")[:RECENT]
    return {
        "address": address,
        "qr_picture": _qr_picture(address),
        "snippet": _snippet(form, address) if form.frame_origins else "",
        "state": state,
        "state_word": STATE_WORDS[state],
        "entries": [(entry, form_codes.code_of(entry) if settings.MAIL_PREVIEW else "") for entry in entries],
    }


def _snippet(form: PublicForm, address: str) -> str:
    return format_html(
        '<iframe src="{}embed/" title="{}" style="width:100%;height:40rem;border:0" loading="lazy"></iframe>',
        address,
        form.title,
    )


def _qr_picture(address: str) -> SafeString:
    """Dark on white in every theme: cameras want it so."""
    svg = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=3, light="#fff", omitsize=True)
    return mark_safe(svg)  # noqa: S308  (the library draws it: paths of numbers)


def _qr_svg(address: str) -> bytes:
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", scale=10, light="#fff")
    return buffer.getvalue()


def _qr_png(address: str) -> bytes:
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="png", scale=QR_MODULE_PIXELS)
    return buffer.getvalue()


QR_WRITERS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "svg": ("image/svg+xml", _qr_svg),
    "png": ("image/png", _qr_png),
}
