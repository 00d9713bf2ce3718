"""A Content-Security-Policy for every response."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from signing.views.policy import policy

# The admin's skin (Alpine, htmx) runs on inline scripts and eval; what can be forbidden there is.
STAFF = "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"


class ContentSecurityPolicy:
    """A view that needs another policy sets the header itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._strict = policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        is_staff_page = request.path.startswith(reverse("admin:index"))
        response.headers.setdefault("Content-Security-Policy", STAFF if is_staff_page else self._strict)
        return response
