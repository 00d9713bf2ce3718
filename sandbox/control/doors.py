"""What the control door's calls have in common: a JSON object comes, a JSON object goes, mistakes are sentences."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

Json = dict[str, Any]
Deed = Callable[..., Json]
View = Callable[..., HttpResponseBase]


class WrongBodyError(Exception):
    """Becomes 400 with the sentence."""


def door(*methods: str) -> Callable[[Deed], View]:
    """A view of a function `(request, body, **values) -> answer`."""

    def made(deed: Deed) -> View:
        @csrf_exempt
        @wraps(deed)
        def view(request: HttpRequest, **values: str) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return JsonResponse(deed(request, _body(request), **values))
            except WrongBodyError as error:
                return JsonResponse({"error": str(error)}, status=400)

        return view

    return made


def _body(request: HttpRequest) -> Json:
    try:
        data = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise WrongBodyError("the body is not JSON") from None
    if not isinstance(data, dict):
        raise WrongBodyError("the body must be a JSON object")
    return data


def flag(body: Json, name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise WrongBodyError(f"{name} must be true or false")
    return value


def number(body: Json, name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e9:
        raise WrongBodyError(f"{name} must be a number of at least 0")
    return value
