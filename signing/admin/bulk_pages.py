"""The pages of a bulk send, one for each state it can be in."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from signing import tasks
from signing.bulk import batches, results, rows
from signing.bulk.rules import ROW, Plan
from signing.bulk.targets import targets_of
from signing.bulk.textfiles import ENCODINGS
from signing.forms.bulk import ColumnsForm, EncodingForm, FileForm, RowForm, StartForm
from signing.forms.send_as import SendAsForm
from signing.models import BatchStatus, BulkBatch, BulkRow, RowState, Template
from signing.visibility import visible

from .bulk_progress import progress_of
from .staff import staff_of

Door = Callable[[HttpRequest, Any, BulkBatch], HttpResponseBase]

ROWS_PER_PAGE = 50
SAMPLES = 3
REPEATED = "repeated"
STEPS = {
    BatchStatus.READING: 1,
    BatchStatus.DRAFT: 2,
    BatchStatus.CHECKING: 3,
    BatchStatus.READY: 3,
}


def start_page(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """Step 1: which template, which file."""
    initial = {"template": request.GET.get("template", "")}
    usable = visible(Template.objects.filter(archived_at=None), staff_of(request))
    files = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StartForm(*files, initial=initial, templates=usable)
    if form.is_valid():
        data = form.cleaned_data
        file_name = PurePath(data["file"].name).name
        batch = batches.create(
            request.user,  # type: ignore[arg-type]  # staff are logged in
            data["template"],
            name=data["name"] or PurePath(file_name).stem or str(data["template"]),
            file=data["file"],
            file_name=file_name,
            mode=data["mode"],
        )
        tasks.ring(tasks.drive_bulk_batch, batch.pk)
        return redirect("admin:signing_bulkbatch_change", batch.pk)
    context = {"form": form, "step": 1, "has_templates": usable.exists()}
    status = 422 if form.is_bound else 200
    return _page(request, model_admin, None, "start", _("New bulk send"), context, status=status)


def batch_page(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponse:
    """Whatever is to be done or seen now."""
    if batch.status == BatchStatus.DRAFT and model_admin.has_change_permission(request, batch):
        if batch.problem:
            return _file_page(request, model_admin, batch, FileForm())
        return redirect("admin:signing_bulkbatch_columns", batch.pk)
    context = {
        "step": STEPS.get(BatchStatus(batch.status), 4),
        "progress": progress_of(batch),
        "may_change": model_admin.has_change_permission(request, batch),
        "has_excel": batch.row_count <= results.EXCEL_MAX_ROWS,
        "may_send": model_admin.may_send(request, batch),
        "may_discard": request.user.has_perm("signing.delete_bulkbatch") and batch.is_unsent,
        "send_as": SendAsForm(None, user=staff_of(request), chosen=batch.sent_as),
    }
    if batch.status not in (BatchStatus.READING, BatchStatus.CHECKING, BatchStatus.DRAFT):
        context |= _rows_context(request, batch, context["may_change"])
    if batch.status == BatchStatus.READY:
        context["samples"] = _samples(batch)
    return _page(request, model_admin, batch, "batch", batch.name, context)


def live(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponse:
    """The part of the page that moves by itself."""
    context = {"batch": batch, "progress": progress_of(batch)}
    return TemplateResponse(request, "admin/signing/bulkbatch/live.html", context)


def columns_page(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponse:
    """Step 2: which column fills what."""
    if not batch.is_unsent or batch.status == BatchStatus.READING or not batch.headers:
        return redirect("admin:signing_bulkbatch_change", batch.pk)
    targets = targets_of(batch.content)
    mapping = batches.proposed_mapping(batch, targets)
    posted = request.POST if request.method == "POST" else None
    form = ColumnsForm(posted, batch=batch, targets=targets, mapping=mapping)
    if form.is_valid():
        if batches.choose_columns(batch, form.mapping()):
            tasks.ring(tasks.drive_bulk_batch, batch.pk)
        return redirect("admin:signing_bulkbatch_change", batch.pk)
    first_rows = batches.first_rows(batch)
    examples = [[row[index] for row in first_rows[:3] if index < len(row)] for index in range(len(batch.headers))]
    context = {
        "form": form,
        "step": 2,
        "examples": examples,
        "guessed": not batch.mapping,
        "unused": _unused(batch, mapping),
        "encoding_form": EncodingForm(initial={"encoding": batch.encoding}) if batch.encoding else None,
        "encoding_name": ENCODINGS.get(batch.encoding, batch.encoding),
        "may_discard": request.user.has_perm("signing.delete_bulkbatch"),
    }
    status = 422 if form.is_bound else 200
    return _page(request, model_admin, batch, "columns", batch.name, context, status=status)


def other_file(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _file_page(request, model_admin, batch, form, status=422)
    file = form.cleaned_data["file"]
    return _read_again(batch, file=file, file_name=PurePath(file.name).name)


def other_encoding(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponse:
    form = EncodingForm(request.POST)
    if not form.is_valid():
        return redirect("admin:signing_bulkbatch_change", batch.pk)
    return _read_again(batch, encoding=form.cleaned_data["encoding"])


def save_row(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponse:
    """The form in the middle of the list: correct one row, or leave it out."""
    number = int(request.POST.get("number", "0")) if request.POST.get("number", "").isdecimal() else 0
    row = batch.rows.filter(number=number).first()
    if row is None or not rows.is_open_for_corrections(batch):
        messages.warning(request, _("This row can no longer be changed."))
    elif "_leave_out" in request.POST:
        rows.leave_out(batch, number)
        messages.success(request, _("Row %(n)s is left out.") % {"n": number})
    else:
        _correct(request, batch, row)
    return redirect(f"{reverse('admin:signing_bulkbatch_change', args=[batch.pk])}{_query(request)}#rows")


def _correct(request: HttpRequest, batch: BulkBatch, row: BulkRow) -> None:
    form = RowForm(request.POST, headers=batch.headers, cells=row.data)
    corrected = rows.correct(batch, row.number, form.cells(len(batch.headers))) if form.is_valid() else None
    if corrected is None:
        messages.warning(
            request, _("Row %(n)s was not saved: it is on its way, or a cell is too long.") % {"n": row.number}
        )
    elif corrected.state == RowState.READY:
        messages.success(request, _("Row %(n)s is in order now.") % {"n": row.number})
    else:
        messages.warning(request, _("Row %(n)s is saved, but something is still wrong.") % {"n": row.number})


def _read_again(batch: BulkBatch, **how: Any) -> HttpResponse:
    if batches.read_again(batch, **how):
        tasks.ring(tasks.drive_bulk_batch, batch.pk)
    return redirect("admin:signing_bulkbatch_change", batch.pk)


def _file_page(
    request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch, form: FileForm, *, status: int = 200
) -> HttpResponse:
    """Back in step 1: the file could not be read."""
    context = {"form": form, "step": 1, "encoding_form": EncodingForm(initial={"encoding": batch.encoding or "utf-8"})}
    return _page(request, model_admin, batch, "file", batch.name, context, status=status)


def _rows_context(request: HttpRequest, batch: BulkBatch, may_change: bool) -> dict[str, Any]:
    show = request.GET.get("show", "")
    found = _shown(batch, show)
    page = Paginator(found.select_related("envelope").order_by("number"), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    plan = Plan(batch.content, batch.headers, batch.mapping)
    targets = {target.key: target for target in plan.targets}
    edited = request.GET.get("edit", "")
    may_edit = may_change and rows.is_open_for_corrections(batch)
    return {
        "page": page,
        "show": show,
        "filters": _filters(batch, show),
        "may_edit": may_edit,
        "lines": [_line(row, plan, targets, batch, is_edited=may_edit and edited == str(row.number)) for row in page],
    }


def _line(row: BulkRow, plan: Plan, targets: Any, batch: BulkBatch, *, is_edited: bool) -> dict[str, Any]:
    form = RowForm(None, headers=batch.headers, cells=row.data) if is_edited else None
    return {
        "row": row,
        "people": list(plan.fill(row.data).people.values()),
        "reasons": results.reasons(row.errors, targets),
        "is_correctable": row.state in rows.CORRECTABLE,
        "cells": _cells(form, row, batch) if form else None,
    }


def _cells(form: RowForm, row: BulkRow, batch: BulkBatch) -> list[tuple[Any, list[str]]]:
    """Each cell's field, and what is wrong with what it fills."""
    wrong: dict[int, list[str]] = {}
    for key, text in row.errors.items():
        for index in batch.mapping.get(key, ()) if key != ROW else ():
            wrong.setdefault(index, []).append(text)
    return [(field, wrong.get(index, [])) for index, field in enumerate(form)]


def _shown(batch: BulkBatch, show: str) -> QuerySet[BulkRow]:
    if show == REPEATED:
        return rows.repeated(batch)
    return batch.rows.filter(state=show) if show in RowState.values else batch.rows.all()


def _filters(batch: BulkBatch, show: str) -> list[dict[str, Any]]:
    """What there is, and how much of it."""
    found = [{"key": "", "label": _("All"), "count": batch.row_count}]
    found += [
        {"key": state.value, "label": state.label, "count": batch.counts[state]}
        for state in RowState
        if batch.counts.get(state)
    ]
    if batch.status == BatchStatus.READY and (count := rows.repeated(batch).count()):
        found.append({"key": REPEATED, "label": _("There twice"), "count": count})
    return [entry | {"is_current": entry["key"] == show} for entry in found]


def _samples(batch: BulkBatch) -> list[dict[str, Any]]:
    """The first rows as their people will get them."""
    plan = Plan(batch.content, batch.headers, batch.mapping)
    found = []
    for row in batch.rows.filter(state=RowState.READY).order_by("number")[:SAMPLES]:
        filled = plan.fill(row.data)
        people = [
            {
                "recipient": recipient,
                "person": filled.people[recipient.number],
                "note": filled.notes.get(recipient.number),
            }
            for recipient in plan.recipients
        ]
        found.append({"row": row, "filled": filled, "people": people})
    return found


def _unused(batch: BulkBatch, mapping: dict[str, list[int]]) -> list[str]:
    used = {index for columns in mapping.values() for index in columns}
    return [header for index, header in enumerate(batch.headers) if index not in used]


def _query(request: HttpRequest) -> str:
    """Back to the same page of the same filter."""
    kept = {
        name: request.POST[name]
        for name in ("show", "page")
        if request.POST.get(name, "").isidentifier() or request.POST.get(name, "").isdecimal()
    }
    return "?" + "&".join(f"{name}={value}" for name, value in kept.items()) if kept else ""


def _page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    batch: BulkBatch | None,
    template: str,
    title: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "original": batch,
        "batch": batch,
        **context,
    }
    return TemplateResponse(request, f"admin/signing/bulkbatch/{template}.html", context, status=status)
