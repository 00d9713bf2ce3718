"""Ordering trouble by hand."""

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sandbox import faults
from sandbox.errors import CATALOGUE

from .pages import back
from .pages import show as show_page

# What can be ordered with one choice.
KINDS = {
    "error": "An error",
    "drop": "Connection dropped",
    "throttle": "Throttled",
    "expired_token": "Access token expired",
    "latency": "Only slow",
    "duplicate": "Connect: told twice",
    "reorder": "Connect: overtaken",
    "lose": "Connect: lost",
}


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        if request.POST.get("deed") == "remove":
            faults.remove(request.POST.get("fault", ""))
            return back(request, "faults")
        try:
            faults.order(faults.read(_order(request)))
        except ValueError as error:
            problem = str(error)
        else:
            return back(request, "faults")
    context = {
        "faults": faults.listed(),
        "kinds": KINDS,
        "targets": faults.TARGETS[:-1],
        "codes": sorted(CATALOGUE),
        "problem": problem,
        "given": request.POST,
    }
    return show_page(request, "faults.html", "faults", context, status=400 if problem else 200)


def _order(request: HttpRequest) -> dict[str, Any]:
    """The form, as the control door's JSON. Raises ValueError."""
    form, kind = request.POST, request.POST.get("kind", "error")
    order: dict[str, Any] = {
        "method": form.get("method", ""),
        "path_contains": form.get("path_contains", "").strip(),
        "count": _number(form.get("count") or "1", "count"),
        "probability": _number(form.get("probability") or "100", "probability") / 100,
        "when": form.get("when", "before"),
        "target": form.get("target", "api"),
    }
    latency = _number(form.get("latency_seconds") or "0", "latency_seconds")
    if latency:
        order["latency_seconds"] = latency
    if kind in faults.CONNECT_KINDS:
        return order | {"target": "connect", "connect": kind, "method": "", "when": "before"}
    if kind == "error":
        order["errorCode"] = form.get("errorCode") or "UNSPECIFIED_ERROR"
    elif kind != "latency":
        order[kind] = True
    return order


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a number")
    return int(number) if number == int(number) else number
