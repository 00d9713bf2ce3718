"""Sheets of a bulk send for downloading."""

import tempfile
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from unfold.admin import ModelAdmin

from signing.bulk import results
from signing.models import BulkBatch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def bad_csv(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponseBase:
    return _csv(results.as_csv(results.bad_rows(batch)), f"{_name(batch)}-to-correct.csv")


def result_csv(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponseBase:
    return _csv(results.as_csv(results.all_rows(batch)), f"{_name(batch)}-result.csv")


def result_xlsx(request: HttpRequest, model_admin: ModelAdmin, batch: BulkBatch) -> HttpResponseBase:
    if batch.row_count > results.EXCEL_MAX_ROWS:
        return redirect("admin:signing_bulkbatch_result_csv", batch.pk)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    results.write_xlsx(results.all_rows(batch), file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{_name(batch)}-result.xlsx", content_type=XLSX)


def _csv(lines: Iterator[str], filename: str) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _name(batch: BulkBatch) -> str:
    return slugify(batch.name)[:60] or f"bulk-{batch.pk}"
