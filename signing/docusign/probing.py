"""Questions that only the doctor asks: is there an OAuth host, what time is it there, would it grant?

Unlike a grant of the portal's, these tell apart how far a token request came. Docusign looks at an assertion in this
order: integration key, signature, times, user, consent (the errors of reference 1.4, each of which implies the former).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from .answers import json_object
from .auth import TIMEOUT_SECONDS, AccessToken, DocusignConfig, request_access_token
from .errors import DocusignError, UnavailableError

DEMO, PRODUCTION = "https://account-d.docusign.com", "https://account.docusign.com"
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class OAuthHost:
    """What the host tells of itself. `time`: by its own clock, to the second; None when it does not say."""

    is_oauth: bool
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """To one token request: a token, or why there is none."""

    access_token: AccessToken | None = None
    error: DocusignError | None = None

    @property
    def code(self) -> str:
        """The error's; empty while all is well."""
        return self.error.error_code if self.error else ""


def look_at(session: requests.Session, oauth_base_url: str) -> OAuthHost:
    """Raises UnavailableError with the reason."""
    host = urlsplit(oauth_base_url).netloc
    try:
        response = session.get(oauth_base_url + DISCOVERY, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        raise UnavailableError(f"the certificate of {host} was not accepted", outcome_unknown=False) from error
    except requests.RequestException as error:
        raise UnavailableError(f"{host} does not answer ({type(error).__name__})", outcome_unknown=False) from error
    return OAuthHost("token_endpoint" in json_object(response), _time_of(response))


def ask(session: requests.Session, config: DocusignConfig) -> Answer:
    """One token request with the first key alone."""
    try:
        return Answer(access_token=request_access_token(session, replace(config, next_private_key="")))
    except DocusignError as error:
        return Answer(error=error)


def other_environment(oauth_base_url: str) -> str:
    """Of demo, production; of production, demo; empty for a stand-in."""
    return {DEMO: PRODUCTION, PRODUCTION: DEMO}.get(oauth_base_url, "")


def _time_of(response: requests.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        return None
