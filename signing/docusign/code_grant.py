"""Authorization Code Grant with PKCE: who is it that granted consent? Source: reference 1.3 and 1.6, RFC 7636.

The portal works by JWT Grant. A code is exchanged once, to learn from userinfo which user pressed Accept; the tokens
that come with it are thrown away. Docusign does not say in one place whether PKCE and the client secret go together,
so either may be left out.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests

from .auth import SCOPES, DocusignConfig, UserInfo, ask, get_user_info
from .errors import NotConfiguredError

VERIFIER_BYTES = 48  # 64 characters; RFC 7636 asks for 43 to 128


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What is sent along to Docusign and must be met again on return. An empty `verifier`: without PKCE."""

    redirect_uri: str
    state: str
    verifier: str = field(default="", repr=False)


def new_request(redirect_uri: str, *, uses_pkce: bool) -> CodeRequest:
    verifier = secrets.token_urlsafe(VERIFIER_BYTES) if uses_pkce else ""
    return CodeRequest(redirect_uri=redirect_uri, state=secrets.token_urlsafe(32), verifier=verifier)


def authorize_url(
    config: DocusignConfig, request: CodeRequest, *, login_hint: str = "", asks_anew: bool = False
) -> str:
    """The consent page. `asks_anew`: Docusign asks who they are, whoever is signed in there."""
    query = {
        "response_type": "code",
        "scope": SCOPES,
        "client_id": config.integration_key,
        "redirect_uri": request.redirect_uri,
        "state": request.state,
    }
    if request.verifier:
        query |= {"code_challenge": challenge_of(request.verifier), "code_challenge_method": "S256"}
    if login_hint:
        query["login_hint"] = login_hint
    if asks_anew:
        query["prompt"] = "login"
    return f"{config.oauth_base_url}/oauth/auth?{urlencode(query)}"


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def find_grantor(
    session: requests.Session, config: DocusignConfig, request: CodeRequest, code: str, *, client_secret: str = ""
) -> UserInfo:
    """Who granted. Two calls to the OAuth host. Raises DocusignError."""
    if not client_secret and not request.verifier:
        raise NotConfiguredError("without PKCE, DOCUSIGN_CLIENT_SECRET is needed.")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": request.redirect_uri}
    if request.verifier:
        form["code_verifier"] = request.verifier
    options: dict[str, object] = {}
    if client_secret:
        options["auth"] = (config.integration_key, client_secret)
    else:
        form["client_id"] = config.integration_key
    url = f"{config.oauth_base_url}/oauth/token"
    answer = ask(session, "POST", url, "access_token", data=form, **options)
    return get_user_info(session, config, str(answer["access_token"]))
