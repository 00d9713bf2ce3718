"""Settings + shared grant → Client: the only builder of a Client. And what staff should know about the connection."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache as memoize

import requests
from django.conf import settings
from django.utils import timezone

from . import budget
from .docusign import (
    Client,
    CredentialsRefusedError,
    DocusignConfig,
    NotConfiguredError,
    RateLimitedError,
    RateLimits,
)
from .docusign.answers import limits_whole_account
from .docusign.auth import consent_url
from .docusign.client import new_session
from .grants import Grant, SharedGrants
from .health import Trouble
from .models import SendingIdentity

CONSENT_STATE = "docusign_consent_state"  # in a session: what the consent page that was opened there will bring back


def config_from_settings() -> DocusignConfig:
    """Raises NotConfiguredError naming the missing settings."""
    required = ("DOCUSIGN_INTEGRATION_KEY", "DOCUSIGN_USER_ID", "DOCUSIGN_PRIVATE_KEY")
    missing = [name for name in required if not getattr(settings, name)]
    if missing:
        raise NotConfiguredError(f"set {', '.join(missing)} and restart it.")
    return DocusignConfig(
        integration_key=settings.DOCUSIGN_INTEGRATION_KEY,
        user_id=settings.DOCUSIGN_USER_ID,
        private_key=settings.DOCUSIGN_PRIVATE_KEY,
        oauth_base_url=settings.DOCUSIGN_OAUTH_BASE_URL,
        account_id=settings.DOCUSIGN_ACCOUNT_ID,
        next_private_key=settings.DOCUSIGN_PRIVATE_KEY_NEXT,
    )


def config_of(identity: SendingIdentity) -> DocusignConfig:
    """The same integration, acting for this user (reference 1.7: `sub` is the sender). Raises NotConfiguredError."""
    config = config_from_settings()
    return replace(config, user_id=identity.docusign_user_id, account_id=config.account_id or identity.account_id)


def connect(identity: SendingIdentity | None = None, *, urgent: bool = False) -> Client:
    """A client of the configured account. May call the OAuth host. Raises DocusignError.

    `identity`: acts for that user instead of the service account; whether it is in force, `signing.identities` asks.
    `urgent`: a person waits in front of a page. Such calls are never kept back to spare Docusign's limits.
    """
    grants = shared_grants(identity)
    account = grants.grant().account
    watcher = _Watcher(grants, account.account_id, urgent)
    return Client(account=account, access_tokens=grants, session=session(), watcher=watcher)


def shared_grants(identity: SendingIdentity | None = None) -> SharedGrants:
    """Each user's grant and trouble are their own: none of the others waits for them. Raises NotConfiguredError."""
    config = config_of(identity) if identity else config_from_settings()
    return SharedGrants(config, session(), prove=_prove)


def keep_fresh() -> bool:
    """For the beat: renew the grant before it runs out, and try again after trouble once it is time. True = asked.

    May call Docusign; raises DocusignError.
    """
    return shared_grants().keep_fresh(timedelta(seconds=settings.DOCUSIGN_TOKEN_RENEW_SECONDS))


def forget(identity: SendingIdentity) -> None:
    """Throw this user's access token and troubles away. Calls nobody."""
    try:
        grants = shared_grants(identity)
    except NotConfiguredError:
        return
    grants.forget()
    grants.health.clear()


def try_at_once() -> None:
    """Someone may have just mended it: the next caller finds out. Calls nobody."""
    try:
        shared_grants().health.try_at_once()
    except NotConfiguredError:
        return  # mended by settings and a restart alone


def is_paused() -> bool:
    """Whether background work should rest: there is trouble and no token to work with. Calls nobody."""
    try:
        grants = shared_grants()
    except NotConfiguredError:
        return True
    return grants.cached() is None and grants.health.trouble() is not None


def trouble() -> Trouble | None:
    """What staff should know, or None while all is well. Calls nobody."""
    try:
        found = shared_grants().health.trouble()
    except NotConfiguredError as error:
        now = timezone.now()
        return Trouble(error=error, failures=1, since=now, retry_at=now)
    return found if found and found.is_worth_telling else None


def consent_link(*, state: str = "", for_everyone: bool = False) -> str:
    """Where the service user grants consent, or an administrator for all users.

    The redirect URI must be registered with the integration key. Raises NotConfiguredError.
    """
    return consent_url(config_from_settings(), consent_return_url(), state=state, for_everyone=for_everyone)


def consent_return_url() -> str:
    """The redirect URI, to the letter."""
    return f"{settings.PORTAL_BASE_URL}/docusign/consent/"


def client_for(grant: Grant) -> Client:
    """A client by this very grant: no renewal, and no consequences for anyone else."""
    prover = _Prover(grant)
    return Client(account=grant.account, access_tokens=prover, session=session(), watcher=prover)


def _prove(grant: Grant) -> None:
    """Do token, user and account hold at the API? Calls Docusign once; raises DocusignError."""
    client_for(grant).check()


@dataclass(frozen=True, slots=True)
class _Watcher:
    """Passes on what the client hears: limits to the budget, refused credentials to the connection's health."""

    grants: SharedGrants
    account_id: str
    urgent: bool

    def before_call(self) -> None:
        if not self.urgent:
            budget.before_background_call(self.account_id)

    def after_answer(self, limits: RateLimits) -> None:
        budget.read_answer(self.account_id, limits)

    def rate_limited(self, error: RateLimitedError) -> None:
        if limits_whole_account(error):
            budget.wait_until(self.account_id, error.retry_at)

    def refused(self, error: CredentialsRefusedError) -> None:
        """The account may have moved, so the next grant looks it up anew (reference 1.5)."""
        self.grants.health.note(error)
        self.grants.forget()


@dataclass(frozen=True, slots=True)
class _Prover:
    """The token source and watcher of a single call: no renewal, no consequences."""

    grant: Grant

    def current(self) -> str:
        return self.grant.access_token.value

    def renew(self, refused: str) -> str:
        return self.current()

    def before_call(self) -> None: ...

    def after_answer(self, limits: RateLimits) -> None: ...

    def rate_limited(self, error: RateLimitedError) -> None: ...

    def refused(self, error: CredentialsRefusedError) -> None: ...


@memoize
def session() -> requests.Session:
    """One pool of connections per process. Sessions are safe to share here: no cookies, no per-call state."""
    return new_session()
