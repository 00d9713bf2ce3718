"""What every page of the console has in common."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sandbox import clock

PER_PAGE = 50
TABS = (
    ("envelopes", "Envelopes"),
    ("mailbox", "Mailbox"),
    ("requests", "API requests"),
    ("deliveries", "Connect"),
    ("consent", "Consent"),
    ("faults", "Faults"),
    ("settings", "Settings"),
)
FORWARD = ((300, "5 min"), (3600, "1 h"), (86_400, "1 day"), (604_800, "1 week"))


def show(request: HttpRequest, template: str, tab: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    tabs = [{"name": name, "url": reverse(f"console-{key}"), "is_current": key == tab} for key, name in TABS]
    common = {
        "tabs": tabs,
        "now": clock.now(),
        "offset_seconds": round(clock.offset_seconds()),
        "forward": FORWARD,
        "here": request.get_full_path() if request.method == "GET" else reverse(f"console-{tab}"),
    }
    response = render(request, f"sandbox/console/{template}", common | context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page:
    """The page that `?page=` asks for; the nearest there is."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To the page the form stood on."""
    here = request.POST.get("here", "")
    is_ours = url_has_allowed_host_and_scheme(here, allowed_hosts=None) and here.startswith("/console")
    return HttpResponseRedirect(here if is_ours else reverse(f"console-{fallback}"))


def found(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
