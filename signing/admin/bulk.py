"""Bulk send in the admin: the list, and the doors to every step of a batch."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from signing import identities, tasks
from signing.bulk import batches, rows
from signing.forms.send_as import SendAsForm
from signing.models import BatchStatus, BulkBatch, RowState

from . import bulk_downloads, bulk_pages
from .bulk_pages import Door
from .reach import WithinReach
from .staff import staff_of

STATUS_COLOURS = {
    BatchStatus.READING: "info",
    BatchStatus.DRAFT: "default",
    BatchStatus.CHECKING: "info",
    BatchStatus.READY: "info",
    BatchStatus.SENDING: "warning",
    BatchStatus.PAUSED: "warning",
    BatchStatus.CANCELLED: "danger",
    BatchStatus.DONE: "success",
}


@admin.register(BulkBatch)
class BulkBatchAdmin(WithinReach):
    list_display = ("name", "state", "progress", "template", "created_by", "created_at")
    list_filter = ("status", ("template", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("template", "created_by")
    search_fields = ("name", "file_name")
    list_per_page = 50
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Every step of a batch is its own small page; what changes something is a POST."""
        looking = {
            "": bulk_pages.batch_page,
            "live": bulk_pages.live,
            "bad.csv": bulk_downloads.bad_csv,
            "result.csv": bulk_downloads.result_csv,
            "result.xlsx": bulk_downloads.result_xlsx,
        }
        posting = {
            "file": bulk_pages.other_file,
            "encoding": bulk_pages.other_encoding,
            "row": bulk_pages.save_row,
            "start": self._start,
            "pause": self._pause,
            "cancel": self._cancel,
            "retry": self._retry,
            "discard": self._discard,
        }
        return [
            *(self._url(tail, page, "view") for tail, page in looking.items() if tail),
            self._url("columns", bulk_pages.columns_page, "change"),
            *(self._url(tail, page, "change", posts=True) for tail, page in posting.items()),
            *super().get_urls(),
        ]

    @display(description=gettext_lazy("Status"), ordering="status", label=STATUS_COLOURS)
    def state(self, batch: BulkBatch) -> tuple[str, str]:
        return batch.status, batch.get_status_display()

    @display(description=gettext_lazy("Rows"))
    def progress(self, batch: BulkBatch) -> str:
        sent = batch.counts.get(RowState.SENT, 0)
        if batch.is_unsent or not batch.row_count:
            return str(batch.row_count or "–")
        return _("%(sent)s of %(all)s sent") % {"sent": sent, "all": batch.row_count}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return bulk_pages.start_page(request, self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return bulk_pages.batch_page(request, self, self._batch(request, object_id, "view"))

    def has_delete_permission(self, request: HttpRequest, obj: BulkBatch | None = None) -> bool:
        """By its own door alone, which leaves no copy of the template behind."""
        return False

    def may_change(self, request: HttpRequest, batch: BulkBatch) -> bool:
        return self.has_change_permission(request, batch)

    def may_send(self, request: HttpRequest, batch: BulkBatch) -> bool:
        """It makes envelopes: whoever may not make one may not make a thousand."""
        return self.may_change(request, batch) and request.user.has_perm("signing.add_envelope")

    # Doors

    def _start(self, request: HttpRequest, model_admin: WithinReach, batch: BulkBatch) -> HttpResponse:
        if not self.may_send(request, batch):
            raise PermissionDenied
        if not self._choose_sender(request, batch):
            messages.error(request, _("In a colleague's name only they can send. Choose who sends it."))
        elif batches.start(batch):
            tasks.ring(tasks.drive_bulk_batch, batch.pk)
        else:
            messages.warning(request, _("There is nothing to send, or it is being sent already."))
        return self._back(batch)

    def _choose_sender(self, request: HttpRequest, batch: BulkBatch) -> bool:
        """Whoever presses Send chooses; False when they may not send in that name."""
        form = SendAsForm(request.POST, user=staff_of(request), chosen=batch.sent_as)
        if form.is_valid():
            batches.choose_sender(batch, form.cleaned_data["sent_as"])
        return identities.may_send(staff_of(request), batch) and not identities.must_wait(batch.sent_as)

    def _pause(self, request: HttpRequest, model_admin: WithinReach, batch: BulkBatch) -> HttpResponse:
        if batches.pause(batch):
            messages.success(request, _("Paused. The few that were on their way still arrive."))
        return self._back(batch)

    def _cancel(self, request: HttpRequest, model_admin: WithinReach, batch: BulkBatch) -> HttpResponse:
        if batches.cancel(batch):
            messages.success(
                request, _("Cancelled: nothing more is sent. What was sent stays sent; void it if needed.")
            )
        return self._back(batch)

    def _retry(self, request: HttpRequest, model_admin: WithinReach, batch: BulkBatch) -> HttpResponse:
        if not self.may_send(request, batch):
            raise PermissionDenied
        rows.retry_failed(batch)
        return self._start(request, model_admin, batch)

    def _discard(self, request: HttpRequest, model_admin: WithinReach, batch: BulkBatch) -> HttpResponse:
        if not super().has_delete_permission(request, batch):
            raise PermissionDenied
        if batches.discard(batch):
            messages.success(request, _("Thrown away. Nothing was sent."))
            return redirect("admin:signing_bulkbatch_changelist")
        messages.warning(request, _("Something was sent already, so it is kept."))
        return self._back(batch)

    def _back(self, batch: BulkBatch) -> HttpResponse:
        return redirect("admin:signing_bulkbatch_change", batch.pk)

    def _url(self, tail: str, page: Door, permission: str, *, posts: bool = False) -> URLPattern:
        def view(request: HttpRequest, batch_id: int) -> HttpResponseBase:
            return page(request, self, self._batch(request, batch_id, permission))

        door: Callable[..., HttpResponseBase] = self.admin_site.admin_view(view)
        name = f"signing_bulkbatch_{tail.replace('.', '_')}"
        slash = "" if "." in tail else "/"
        return path(f"<int:batch_id>/{tail}{slash}", require_POST(door) if posts else door, name=name)

    def _batch(self, request: HttpRequest, batch_id: int | str, permission: str) -> BulkBatch:
        batch: BulkBatch = self.get_object(request, str(batch_id))
        allowed = self.has_view_or_change_permission if permission == "view" else self.has_change_permission
        if not allowed(request, batch):
            raise PermissionDenied
        return batch
