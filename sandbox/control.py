"""The control door, apart from the API: for tests and for people at the sandbox's front page. No token asked."""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import clock, journal
from .errors import CATALOGUE
from .identities import grant_consent
from .journal import Fault
from .limits import limits
from .models import Consent, Envelope

SHOWN_ENVELOPES = 50


@require_GET
def start_page(request: HttpRequest) -> HttpResponse:
    envelopes = Envelope.objects.order_by("-id").prefetch_related("recipients")[:SHOWN_ENVELOPES]
    context = {
        "base_url": f"{request.scheme}://{request.get_host()}",
        "envelopes": envelopes,
        "now": clock.now(),
    }
    return render(request, "sandbox/start.html", context)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_POST
def reset(request: HttpRequest) -> JsonResponse:
    """Forget envelopes, calls, faults and time travel; identities stay and consent is granted again."""
    with transaction.atomic():
        Envelope.objects.all().delete()
        clock.reset()
        grant_consent()
    journal.forget()
    limits.reset()
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_POST
def set_limits(request: HttpRequest) -> JsonResponse:
    """`{"hourly": n, "burst": n}`: calls an account may make per hour and per 30 seconds, until the next reset."""
    body = _body(request)
    wanted = {name: body.get(name) for name in ("hourly", "burst")}
    if not all(isinstance(value, int) and value >= 0 for value in wanted.values()):
        return JsonResponse({"error": "hourly and burst must be numbers of at least 0"}, status=400)
    limits.set(hourly=int(body["hourly"]), burst=int(body["burst"]))
    return JsonResponse(wanted)


@csrf_exempt
@require_POST
def move_clock(request: HttpRequest) -> JsonResponse:
    """`{"advance_seconds": n}` → `{"now": …}`."""
    seconds = _body(request).get("advance_seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds < 1e9:
        return JsonResponse({"error": "advance_seconds must be a number of at least 0"}, status=400)
    return JsonResponse({"now": clock.advance(seconds).isoformat()})


@csrf_exempt
@require_http_methods(["GET", "DELETE"])
def requests(request: HttpRequest) -> JsonResponse:
    """The API calls received, oldest first."""
    if request.method == "DELETE":
        journal.forget()
    return JsonResponse({"requests": journal.calls()})


@csrf_exempt
@require_POST
def consent(request: HttpRequest) -> JsonResponse:
    """`{"granted": true|false}`: the service user's consent. Access tokens already issued live on (reference 1.6)."""
    granted = bool(_body(request).get("granted"))
    if granted:
        grant_consent()
    else:
        Consent.objects.all().delete()
    return JsonResponse({"granted": granted})


@csrf_exempt
@require_http_methods(["POST", "DELETE"])
def faults(request: HttpRequest) -> JsonResponse:
    """Order the next matching API calls to fail.

    `{"method", "path_contains", "count", "status", "errorCode", "message", "when": "before"|"after"}`; all but
    `errorCode` may be left out.
    """
    if request.method == "DELETE":
        journal.forget_faults()
        return JsonResponse({"status": "ok"})
    body = _body(request)
    error_code = str(body.get("errorCode") or "UNSPECIFIED_ERROR")
    status, message = CATALOGUE.get(error_code, (500, "Ordered by the control door."))
    count, http_status = body.get("count", 1), body.get("status", status)
    if not isinstance(count, int) or not isinstance(http_status, int) or not 400 <= http_status <= 599:
        return JsonResponse({"error": "count and status must be numbers, and status an error's"}, status=400)
    journal.add_fault(
        Fault(
            method=str(body.get("method") or "").upper(),
            path_contains=str(body.get("path_contains") or ""),
            count=count,
            status=http_status,
            error_code=error_code,
            message=str(body.get("message") or message),
            when="after" if body.get("when") == "after" else "before",
        )
    )
    return JsonResponse({"status": "ok"})


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
