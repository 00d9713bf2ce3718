"""The front page, `/`: what this is, and where its doors are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sandbox import clock
from sandbox.addresses import base_url


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    context = {
        "base_url": base_url(request),
        "now": clock.now(),
        "has_console": settings.CONTROL_DOOR,
    }
    return render(request, "sandbox/start.html", context)
