"""The list of templates, and the doors to all pages about one."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import display

from signing import templates
from signing.admin.reach import WithinReach
from signing.admin.staff import staff_of
from signing.forms.template import OwnTemplateForm, TemplateForm
from signing.models import Template, TemplateVersion
from signing.templates import NotPublishableError

from . import docusigns
from .content import template_of
from .record import template_page
from .retention import set_rule
from .using import try_out, use

Page = Callable[[HttpRequest, Template], HttpResponse]


class ArchivedFilter(admin.SimpleListFilter):
    """Those in use, unless asked otherwise."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, str]]:
        return [("archived", _("Archived")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        everything, *others = super().choices(changelist)
        yield {**everything, "display": _("In use")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Template]) -> QuerySet[Template]:
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "archived")


@admin.register(Template)
class TemplateAdmin(WithinReach):
    list_display = ("name_and_purpose", "roles", "documents", "usage", "state", "owner")
    list_display_links = ("name_and_purpose",)
    list_filter = (ArchivedFilter,)
    search_fields = ("name", "description", "content__subject")
    search_help_text = gettext_lazy("Name, description or subject")
    list_per_page = 50
    actions = None
    list_before_template = "admin/signing/template/tabs.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Template]:
        rows = super().get_queryset(request).select_related("created_by", "content__created_by", "working_copy")
        return rows.prefetch_related("content__recipients", "content__documents")

    def has_delete_permission(self, request: HttpRequest, obj: Template | None = None) -> bool:
        """Archived, not deleted: envelopes say what they were made of."""
        return False

    def get_urls(self) -> list[URLPattern]:
        return [
            *docusigns.urls(self),
            path("of/<int:content_id>/", self.admin_site.admin_view(template_of), name="signing_template_of"),
            self._url("edit", self.edit),
            self._url("publish", self.publish),
            self._url("discard", self.discard),
            self._url("duplicate", self.duplicate),
            self._url("archive", partial(self.set_archived, is_archived=True)),
            self._url("restore", partial(self.set_archived, is_archived=False)),
            self._url("retention", set_rule),
            self._url("try", lambda request, template: try_out(request, template)),
            self._url("use", lambda request, template: use(request, self, template), is_deed=False),
            path(
                "<int:template_id>/versions/<int:number>/take-up/",
                require_POST(self.admin_site.admin_view(self.take_up)),
                name="signing_template_take_up",
            ),
            *super().get_urls(),
        ]

    # Columns

    @display(description=gettext_lazy("Template"), ordering="name")
    def name_and_purpose(self, template: Template) -> str:
        return format_html(
            '<span class="sp-two-lines"><b>{}</b><small>{}</small></span>', template.name, template.description
        )

    @display(description=gettext_lazy("Roles"))
    def roles(self, template: Template) -> str:
        roles = templates.roles_of(template.content)
        chips = format_html_join("", '<span class="sp-chip">{}</span>', ((role.label,) for role in roles[:4]))
        more = format_html('<span class="sp-chip">+{}</span>', len(roles) - 4) if len(roles) > 4 else ""
        return format_html('<span class="sp-chips">{}{}</span>', chips, more) if roles else "–"

    @display(description=gettext_lazy("Documents"))
    def documents(self, template: Template) -> str:
        documents = list(template.content.documents.all())
        pages = sum(document.page_count for document in documents)
        counted = ngettext("%(n)s page", "%(n)s pages", pages) % {"n": pages}
        if not documents:
            return "–"
        names = documents[0].name if len(documents) == 1 else f"{documents[0].name} +{len(documents) - 1}"
        return format_html('<span class="sp-two-lines"><span>{}</span><small>{}</small></span>', names, counted)

    @display(description=gettext_lazy("Used"), ordering="used_count")
    def usage(self, template: Template) -> str:
        if template.last_used_at is None:
            return _("never")
        times = ngettext("once", "%(n)s times", template.used_count) % {"n": template.used_count}
        ago = _("%(time)s ago") % {"time": timesince(template.last_used_at, depth=1)}
        return format_html('<span class="sp-two-lines"><span>{}</span><small>{}</small></span>', times, ago)

    @display(
        description=gettext_lazy("Version"),
        label={"published": "success", "in_work": "warning", "new": "info", "archived": "default"},
    )
    def state(self, template: Template) -> tuple[str, str]:
        if template.is_archived:
            return "archived", _("Archived")
        if not template.is_published:
            return "new", _("Not published")
        version = _("Version %(n)s") % {"n": template.version}
        return (
            ("in_work", _("%(version)s, changed") % {"version": version})
            if template.working_copy_id
            else (
                "published",
                version,
            )
        )

    @display(description=gettext_lazy("Owner"), ordering="created_by")
    def owner(self, template: Template) -> str:
        return template.created_by.get_full_name() or template.created_by.get_username()

    # Pages

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: object = None) -> HttpResponse:
        """Name and purpose; then the composer."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TemplateForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            template = templates.create(request.user, **form.cleaned_data)  # type: ignore[arg-type]  # logged in
            if self.has_change_permission(request, template):
                return redirect("admin:signing_envelope_change", template.content_id)
            return redirect("admin:signing_template_change", template.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New template"),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/signing/template/new.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: object = None
    ) -> HttpResponse:
        template = self._template(request, object_id)
        if request.method != "POST":
            return template_page(request, self, template, OwnTemplateForm(instance=template, user=staff_of(request)))
        if not self.has_change_permission(request, template):
            raise PermissionDenied
        form = OwnTemplateForm(request.POST, instance=template, user=staff_of(request))
        if not form.is_valid():
            template.refresh_from_db()  # a refused name is not the template's
            return template_page(request, self, template, form)
        templates.describe(template, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("admin:signing_template_change", template.pk)

    def edit(self, request: HttpRequest, template: Template) -> HttpResponse:
        self._require_change(request, template)
        content = templates.begin_work(template, request.user)  # type: ignore[arg-type]  # staff are logged in
        return redirect("admin:signing_envelope_change", content.pk)

    def publish(self, request: HttpRequest, template: Template) -> HttpResponse:
        self._require_change(request, template)
        try:
            if templates.publish(template, request.user):  # type: ignore[arg-type]  # staff are logged in
                messages.success(request, _("Published. From now on envelopes are made of this version."))
        except NotPublishableError as error:
            messages.warning(request, " ".join([_("Not published."), *error.problems]))
        return redirect("admin:signing_template_change", template.pk)

    def discard(self, request: HttpRequest, template: Template) -> HttpResponse:
        self._require_change(request, template)
        templates.discard_work(template)
        messages.success(request, _("The changes are dropped."))
        return redirect("admin:signing_template_change", template.pk)

    def duplicate(self, request: HttpRequest, template: Template) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        made = templates.duplicate(template, request.user)  # type: ignore[arg-type]  # staff are logged in
        messages.success(request, _("This is the copy."))
        return redirect("admin:signing_template_change", made.pk)

    def set_archived(self, request: HttpRequest, template: Template, *, is_archived: bool) -> HttpResponse:
        self._require_change(request, template)
        templates.set_archived(template, is_archived=is_archived)
        messages.success(request, _("Archived: nobody can use it now.") if is_archived else _("In use again."))
        return redirect("admin:signing_template_change", template.pk)

    def take_up(self, request: HttpRequest, template_id: int, number: int) -> HttpResponse:
        template = self._template(request, template_id)
        self._require_change(request, template)
        version = get_object_or_404(TemplateVersion, template=template, number=number)
        templates.take_up(version, request.user)  # type: ignore[arg-type]  # staff are logged in
        messages.success(
            request, _("Version %(n)s is taken up again. Publish it to bring it into force.") % {"n": number}
        )
        return redirect("admin:signing_template_change", template.pk)

    def _url(self, name: str, page: Page, *, is_deed: bool = True) -> URLPattern:
        def found(request: HttpRequest, template_id: int) -> HttpResponse:
            return page(request, self._template(request, template_id))

        view = self.admin_site.admin_view(found)
        return path(
            f"<int:template_id>/{name}/", require_POST(view) if is_deed else view, name=f"signing_template_{name}"
        )

    def _require_change(self, request: HttpRequest, template: Template) -> None:
        if not self.has_change_permission(request, template):
            raise PermissionDenied

    def _template(self, request: HttpRequest, template_id: int | str) -> Template:
        template: Template = self.get_object(request, str(template_id))
        if not self.has_view_or_change_permission(request, template):
            raise PermissionDenied
        return template
