"""The endpoints that programs call; the one for people is in `consent`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sandbox import tokens
from sandbox.addresses import base_url
from sandbox.errors import ApiError
from sandbox.models import Account, Membership

from . import assertions, codes
from .asked import is_registered, key_of
from .errors import GrantError
from .session import forget

# Docusign's OAuth hosts, and the API hosts of their accounts (reference 1.1): whoever asks there is to go on there.
API_HOSTS = {"account-d.docusign.com": "demo.docusign.net", "account.docusign.com": "www.docusign.net"}
GRANTS: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "urn:ietf:params:oauth:grant-type:jwt-bearer": assertions.exchange,
    "authorization_code": codes.exchange,
    "refresh_token": codes.refresh,
}


def compact(data: dict[str, Any], **options: Any) -> HttpResponse:
    """Without spaces, as on Docusign's wire: the C# SDK's tests compare the text of an error."""
    return JsonResponse(data, json_dumps_params={"separators": (",", ":")}, **options)


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    try:
        grant = GRANTS.get(request.POST.get("grant_type", ""))
        if grant is None:
            raise GrantError("invalid_grant", "unsupported_grant_type")
        answer = grant(request)
    except GrantError as error:
        return compact(error.body, status=400)
    return compact(answer, headers={"Cache-Control": "no-store"})


@require_GET
def userinfo(request: HttpRequest) -> HttpResponse:
    """An application's own token has no user, so nothing to tell (reference 1.2)."""
    try:
        user = tokens.user_of(tokens.bearer_of(request))
    except ApiError:
        return compact({"error": "invalid_token"}, status=401)
    given, _, family = user.name.partition(" ")
    memberships = user.memberships.filter(status="Active").select_related("account")
    return compact(
        {
            "sub": user.guid,
            "name": user.name,
            "given_name": given,
            "family_name": family,
            "created": user.created_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-4],
            "email": user.email,
            "accounts": [_account(membership, request) for membership in memberships],
        }
    )


@require_GET
def discovery(request: HttpRequest) -> HttpResponse:
    root = base_url(request)
    return compact(
        {
            "issuer": f"{root}/",
            "authorization_endpoint": f"{root}/oauth/auth",
            "token_endpoint": f"{root}/oauth/token",
            "userinfo_endpoint": f"{root}/oauth/userinfo",
            "end_session_endpoint": f"{root}/logout",
            "response_types_supported": ["code", "token"],
            "grant_types_supported": list(GRANTS),
            "code_challenge_methods_supported": ["plain", "S256"],
            "scopes_supported": ["signature", "extended", "impersonation", "openid", "profile", "email"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }
    )


@require_GET
def logout(request: HttpRequest) -> HttpResponse:
    """End the browser's session; back to the application where it named a redirect URI of its own."""
    key, redirect_uri = key_of(request.GET.get("client_id", "")), request.GET.get("redirect_uri", "")
    response: HttpResponse
    if key is not None and is_registered(key, redirect_uri):
        response = HttpResponseRedirect(redirect_uri)
    else:
        response = render(request, "sandbox/logged_out.html")
    return forget(response)


def _account(membership: Membership, request: HttpRequest) -> dict[str, Any]:
    account, host = membership.account, request.get_host()
    return {
        "account_id": account.guid,
        "is_default": membership.is_default,
        "account_name": account.name,
        "base_uri": f"{request.scheme}://{API_HOSTS.get(host, host)}",
    } | _organization(account, base_url(request))


def _organization(account: Account, root: str) -> dict[str, Any]:
    if not account.organization_id:
        return {}
    href = f"{root}/organizations/{account.organization_id}"
    links = [{"rel": "self", "href": href}]
    return {"organization": {"organization_id": account.organization_id, "links": links}}
