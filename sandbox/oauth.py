"""OAuth: JWT Grant really verified, userinfo, and the consent page (reference 1)."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import tokens
from .models import Consent, IntegrationKey, User

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DOCUSIGN_HOSTS = frozenset({"account-d.docusign.com", "account.docusign.com"})
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class GrantError(Exception):
    """Answered with HTTP 400 and `{"error", "error_description"?}` (reference 1.4)."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.body = {"error": error} | ({"error_description": description} if description else {})


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> JsonResponse:
    try:
        if request.POST.get("grant_type") != JWT_BEARER:
            raise GrantError("invalid_grant", "unsupported_grant_type")
        key, claims = _verified(request)
        user = _user(claims)
        scopes = str(claims.get("scope") or "").split()
        _require_consent(user, key, scopes)
    except GrantError as error:
        return JsonResponse(error.body, status=400)
    return JsonResponse(
        {
            "access_token": tokens.issue(user, key, scopes),
            "token_type": "Bearer",
            "expires_in": settings.ACCESS_TOKEN_SECONDS,
            "scope": " ".join(scopes),
        }
    )


@require_GET
def userinfo(request: HttpRequest) -> JsonResponse:
    user = tokens.user_of(request)
    if user is None:
        return JsonResponse({"error": "invalid_token"}, status=401)
    given, _, family = user.name.partition(" ")
    return JsonResponse(
        {
            "sub": user.guid,
            "name": user.name,
            "given_name": given,
            "family_name": family,
            "created": user.created_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-4],
            "email": user.email,
            "accounts": [
                {
                    "account_id": user.account.guid,
                    "is_default": True,
                    "account_name": user.account.name,
                    "base_uri": f"{request.scheme}://{request.get_host()}",
                }
            ],
        }
    )


@csrf_exempt  # no session exists that a forged post could abuse: anyone here may act for anyone
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """The consent page. A wrong client or redirect URI never redirects: it is an HTML page (reference 1.6)."""
    query = request.GET
    key = IntegrationKey.objects.filter(guid=query.get("client_id", "")).first()
    redirect_uri = query.get("redirect_uri", "")
    if key is None:
        return _refuse(request, "The client id is not known here.")
    if not _is_registered(key, redirect_uri):
        return _refuse(request, "The redirect URI is not registered properly with the sandbox.")
    user = User.objects.select_related("account").earliest("pk")
    scopes = query.get("scope", "").replace("+", " ").split()
    if not scopes:
        return _refuse(request, "No scope was asked for.")
    if request.method == "POST":
        if request.POST.get("decision") != "accept":
            outcome = {"error": "access_denied", "error_message": "The user did not consent."}
            return _back(redirect_uri, outcome, query.get("state"))
        for scope in scopes:
            Consent.objects.get_or_create(user=user, integration_key=key, scope=scope)
    elif query.get("prompt") == "login" or _missing(user, key, scopes):
        return render(request, "sandbox/consent.html", {"user": user, "key": key, "scopes": scopes})
    return _back(redirect_uri, {"code": secrets.token_urlsafe(40)}, query.get("state"))


@require_GET
def discovery(request: HttpRequest) -> JsonResponse:
    base = f"{request.scheme}://{request.get_host()}"
    return JsonResponse(
        {
            "issuer": f"{base}/",
            "authorization_endpoint": f"{base}/oauth/auth",
            "token_endpoint": f"{base}/oauth/token",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "response_types_supported": ["code"],
            "scopes_supported": ["signature", "impersonation"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }
    )


def _verified(request: HttpRequest) -> tuple[IntegrationKey, Mapping[str, Any]]:
    """The assertion's claims, once its signature holds with one of the integration key's public keys."""
    assertion = request.POST.get("assertion", "")
    try:
        unverified = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise GrantError("invalid_grant") from None
    key = IntegrationKey.objects.filter(guid=str(unverified.get("iss", ""))).first()
    if key is None:
        raise GrantError("invalid_grant", "issuer_not_found")
    audiences = DOCUSIGN_HOSTS | {request.get_host()}
    for public_key in key.public_keys:
        try:
            return key, jwt.decode(
                assertion,
                public_key,
                algorithms=["RS256"],
                audience=audiences,
                options={"require": ["exp"]},
                leeway=0,
            )
        except jwt.ExpiredSignatureError:
            raise GrantError("invalid_grant", "expired_grant") from None
        except jwt.PyJWTError:
            continue
    raise GrantError("invalid_grant", "no_valid_keys_or_signatures")


def _user(claims: Mapping[str, Any]) -> User:
    user = User.objects.filter(guid=str(claims.get("sub", "")), is_active=True).first()
    if user is None:
        raise GrantError("invalid_grant", "user_not_found")
    return user


def _require_consent(user: User, key: IntegrationKey, scopes: list[str]) -> None:
    if not scopes:
        raise GrantError("invalid_request")
    if _missing(user, key, scopes):
        raise GrantError("consent_required")


def _missing(user: User, key: IntegrationKey, scopes: list[str]) -> set[str]:
    granted = Consent.objects.filter(user=user, integration_key=key).values_list("scope", flat=True)
    return set(scopes) - set(granted)


def _is_registered(key: IntegrationKey, redirect_uri: str) -> bool:
    if redirect_uri in key.redirect_uris:
        return True
    parts = urlsplit(redirect_uri)
    is_local = parts.scheme in ("http", "https") and parts.hostname in LOCAL_HOSTS
    return is_local and bool(settings.ACCEPT_ANY_LOCAL_REDIRECT_URI)


def _back(redirect_uri: str, outcome: dict[str, str], state: str | None) -> HttpResponseRedirect:
    query = urlencode(outcome | ({"state": state} if state else {}))
    separator = "&" if "?" in redirect_uri else "?"
    return HttpResponseRedirect(f"{redirect_uri}{separator}{query}")


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "sandbox/refused.html", {"reason": reason}, status=400)
