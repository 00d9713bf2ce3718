"""Answers that are not JSON."""

from django.http import HttpResponse


def nothing() -> HttpResponse:
    """Where the specification names no body, there is none."""
    return HttpResponse(b"", content_type="application/json; charset=utf-8")


def content(data: bytes, content_type: str, file_name: str = "") -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    if file_name:
        response["Content-Disposition"] = f'file; filename="{file_name}"'
    return response
