"""Who sits at the provider's desk, and what the provider says about them."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.oauth2_validators import OAuth2Validator

present: dict[str, Any] = {}


@csrf_exempt
def person(request: HttpRequest) -> HttpResponse:
    """POST the claims of whoever comes next. `userinfo_sub`: somebody else's, in userinfo alone."""
    present.clear()
    present.update(json.loads(request.body))
    return HttpResponse(status=204)


class AtTheDesk:
    """Middleware: whoever asks to authorise is the person at the desk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if present:
            request.user = User.objects.get_or_create(username=present["sub"])[0]
        return self._get_response(request)


class Validator(OAuth2Validator):
    """Claims as the test gave them, whatever scope was asked for."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        return {name: value for name, value in present.items() if name != "userinfo_sub"}

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        claims = dict(super().get_userinfo_claims(request))
        return claims | {"sub": present.get("userinfo_sub", claims["sub"])}
