"""What an application asks for at `/oauth/auth`, read strictly (reference 1.6)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict

from sandbox.addresses import LOOPBACK
from sandbox.models import IntegrationKey

MAX_CHALLENGE = 128
MAX_SCOPE = 100


class RefusedError(Exception):
    """Answered with an HTML page and HTTP 400, never with a redirect to who may be anyone."""


@dataclass(frozen=True, slots=True)
class Asked:
    key: IntegrationKey
    redirect_uri: str
    response_type: str
    scopes: list[str]
    admin_scopes: list[str]  # to be allowed for everyone, by an administrator
    state: str
    login_hint: str
    wants_login: bool
    code_challenge: str
    code_challenge_method: str


def read(query: QueryDict) -> Asked:
    """Raises RefusedError."""
    key = key_of(query.get("client_id", ""))
    if key is None:
        raise RefusedError("The client id (client_id) is not known here.")
    redirect_uri = query.get("redirect_uri", "")
    if not is_registered(key, redirect_uri):
        raise RefusedError("The redirect URI is not registered properly with DocuSign.")
    response_type = query.get("response_type", "")
    if response_type not in ("code", "token"):
        raise RefusedError("The response type must be code or token.")
    scopes = _scopes(query, "scope")
    if not scopes:
        raise RefusedError("No scope was asked for.")
    challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "plain")
    if len(challenge) > MAX_CHALLENGE or method not in ("plain", "S256"):
        raise RefusedError("The code challenge is not one of S256 or plain.")
    return Asked(
        key=key,
        redirect_uri=redirect_uri,
        response_type=response_type,
        scopes=scopes,
        admin_scopes=_scopes(query, "admin_consent_scope"),
        state=query.get("state", ""),
        login_hint=query.get("login_hint", ""),
        wants_login="login" in query.get("prompt", "").split(),
        code_challenge=challenge,
        code_challenge_method=method,
    )


def key_of(client_id: str) -> IntegrationKey | None:
    return IntegrationKey.objects.filter(guid=client_id.lower()).first()


def is_registered(key: IntegrationKey, redirect_uri: str) -> bool:
    """To the letter; on this machine any, unless the settings are stricter."""
    if redirect_uri in key.redirect_uris:
        return True
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        return False
    is_local = parts.scheme in ("http", "https") and parts.hostname in LOOPBACK
    return is_local and bool(settings.ACCEPT_ANY_LOCAL_REDIRECT_URI)


def _scopes(query: QueryDict, name: str) -> list[str]:
    scopes = query.get(name, "").replace("+", " ").split()
    if any(len(scope) > MAX_SCOPE for scope in scopes):
        raise RefusedError("A scope that was asked for is not known here.")
    return scopes
