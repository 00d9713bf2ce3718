"""Who may only look changes nothing: not even where a page forgot to ask."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from signing.roles import only_looks

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
THEIR_OWN = frozenset({"login", "account_login", "logout", "password_change"})  # one's own account


class LookingOnly:
    """In the admin, whatever may change something is refused to users without a permission to change anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> None:
        match = request.resolver_match
        is_admins = request.path.startswith(reverse("admin:index"))
        if request.method in SAFE or not is_admins or (match and match.url_name in THEIR_OWN):
            return
        if request.user.is_authenticated and only_looks(request.user):
            raise PermissionDenied
