"""The API calls received."""

import json
import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sandbox import journal

from .pages import found, page_of, query_without_page, show

ACCOUNT = re.compile(r"^/restapi/v2\.1/accounts/[^/]+")
METHODS = ("GET", "POST", "PUT", "DELETE")
OUTCOMES = {"good": range(200, 400), "refused": range(400, 500), "failed": (0, *range(500, 600))}


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    query = request.GET
    outcome = query.get("outcome", "")
    calls = journal.calls(method=query.get("method", ""), path_contains=query.get("q", "").strip())
    if outcome in OUTCOMES:
        calls = [call for call in calls if call["status"] in OUTCOMES[outcome]]
    shown = [call | {"short_path": ACCOUNT.sub("…", call["path"])} for call in reversed(calls)]
    context = {
        "page": page_of(request, shown),
        "query": query_without_page(request),
        "text": query.get("q", ""),
        "method": query.get("method", ""),
        "methods": METHODS,
        "outcome": outcome,
        "outcomes": OUTCOMES,
        "keeps_responses": journal.keeps_responses(),
    }
    return show(request, "requests.html", "requests", context)


@require_safe
def detail_page(request: HttpRequest, trace_token: str) -> HttpResponse:
    call = found(journal.find(trace_token))
    context = {"call": call, "body": _pretty(call["body"]), "response": _pretty(call["response"])}
    return show(request, "request.html", "requests", context)


def _pretty(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) if data is not None else ""
