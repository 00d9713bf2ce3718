"""Forward in time."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from sandbox import clock, travel

from .pages import back

FURTHEST_SECONDS = 10 * 365 * 86_400


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """`seconds` forward, or with `deed=now` back to the real time."""
    if request.POST.get("deed") == "now":
        clock.reset()
        return back(request, "envelopes")
    text = request.POST.get("seconds", "")
    if text.isascii() and text.isdecimal() and len(text) < 12:
        travel.advance(min(int(text), FURTHEST_SECONDS))
    return back(request, "envelopes")
