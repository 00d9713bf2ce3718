"""Ordered trouble for OAuth; the doors of the API and of the ceremony see to their calls themselves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from . import faults
from .errors import ApiError

Next = Callable[[HttpRequest], HttpResponse]


def disturbance(get_response: Next) -> Next:
    """Django middleware."""

    def serve(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/oauth/"):
            return get_response(request)
        method = request.method or "GET"
        try:
            faults.strike(method, request.path, "before", "oauth")
            response = get_response(request)
            faults.strike(method, request.path, "after", "oauth")
        except ApiError as error:  # OAuth has error bodies of its own (reference 1.4)
            body = {"error": error.error_code, "error_description": error.message}
            return JsonResponse(body, status=error.status)
        return response

    return serve
