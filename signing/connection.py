"""Settings + cached access token → Client. The only builder of a Client.

One grant serves all web and worker processes for its lifetime: it lies encrypted in the shared cache together
with the account it found. A beat task renews it early; when absent it is fetched on the spot, by one process
at a time, so a dead beat slows the portal down and does not stop it.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache as memoize

import requests
from django.conf import settings
from django.core.cache import cache

from .docusign import (
    AccessToken,
    Account,
    Client,
    DocusignConfig,
    DocusignError,
    NotConfiguredError,
    UnavailableError,
)
from .docusign.auth import consent_url, get_user_info, request_access_token
from .docusign.client import new_session
from .secretbox import decrypt, encrypt

LOCK_SECONDS = 60  # longer than a grant can take, so the lock outlives no holder but a killed one
WAIT_SECONDS = 45
WAIT_STEP_SECONDS = 0.05
SAFETY_MARGIN = timedelta(seconds=60)  # a token about to die counts as dead
PROBLEM_TIMEOUT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token and the account it leads to."""

    access_token: AccessToken = field(repr=False)
    account: Account

    def is_fresh(self, now: datetime, *, margin: timedelta = SAFETY_MARGIN) -> bool:
        return self.access_token.expires_at - margin > now


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
    )


def connect() -> Client:
    """A client of the configured account. May call the OAuth host. Raises DocusignError."""
    source = CachedGrants(config_from_settings())
    return Client(account=source.grant().account, access_tokens=source, session=_session())


def renew_early() -> bool:
    """Replace the cached grant if it is about to run out; False when it is still good. May call Docusign."""
    source = CachedGrants(config_from_settings())
    return source.renew_if_older_than(timedelta(seconds=settings.DOCUSIGN_TOKEN_RENEW_SECONDS))


def consent_link() -> str:
    """Where the service user grants consent; the redirect URI must be registered with the integration key."""
    return consent_url(config_from_settings(), f"{settings.PORTAL_BASE_URL}/docusign/consent/")


def last_problem() -> str:
    """Why the last grant failed, as a sentence for staff; empty when the last one succeeded."""
    try:
        config = config_from_settings()
    except NotConfiguredError as error:
        return error.staff_message
    return str(cache.get(CachedGrants(config).problem_key, ""))


class CachedGrants:
    """The access token source of the client, shared by all processes through the cache."""

    def __init__(self, config: DocusignConfig) -> None:
        self._config = config
        identity = "|".join((config.oauth_base_url, config.integration_key, config.user_id, config.account_id))
        self.cache_key = f"docusign:grant:{hashlib.sha256(identity.encode()).hexdigest()[:32]}"
        self._lock_key = f"{self.cache_key}:lock"
        self.problem_key = f"{self.cache_key}:problem"

    def current(self) -> str:
        return self.grant().access_token.value

    def renew(self, refused: str) -> str:
        """A token other than `refused`: another process may have renewed it already."""
        return self._obtain(lambda grant: grant.access_token.value != refused).access_token.value

    def grant(self) -> Grant:
        return self._obtain(lambda grant: True)

    def renew_if_older_than(self, remaining: timedelta) -> bool:
        cached = self._cached()
        if cached and cached.is_fresh(datetime.now(UTC), margin=remaining):
            return False
        self._obtain(lambda grant: grant.is_fresh(datetime.now(UTC), margin=remaining))
        return True

    def _obtain(self, is_good_enough: Callable[[Grant], bool]) -> Grant:
        """The cached grant if fresh and good enough, else a new one: one process asks, the others wait for it."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            cached = self._cached()
            if cached and cached.is_fresh(datetime.now(UTC)) and is_good_enough(cached):
                return cached
            if cache.add(self._lock_key, 1, LOCK_SECONDS):
                try:
                    return self._request_grant()
                finally:
                    cache.delete(self._lock_key)
            if time.monotonic() > deadline:
                raise UnavailableError("another process is still waiting for an access token", outcome_unknown=False)
            time.sleep(WAIT_STEP_SECONDS)

    def _request_grant(self) -> Grant:
        """Two calls to the OAuth host: token and userinfo. The outcome is remembered for the staff's banner."""
        session = _session()
        try:
            access_token = request_access_token(session, self._config)
            user_info = get_user_info(session, self._config, access_token.value)
            account = user_info.choose_account(self._config.account_id)
        except DocusignError as error:
            cache.set(self.problem_key, error.staff_message, PROBLEM_TIMEOUT_SECONDS)
            raise
        cache.delete(self.problem_key)
        grant = Grant(access_token=access_token, account=account)
        lifetime = (access_token.expires_at - datetime.now(UTC)).total_seconds()
        cache.set(self.cache_key, encrypt(_dump(grant)), max(1, lifetime))
        return grant

    def _cached(self) -> Grant | None:
        sealed = cache.get(self.cache_key)
        text = decrypt(sealed) if sealed else None
        return _load(text) if text else None


@memoize
def _session() -> requests.Session:
    """One pool of connections per process. Sessions are safe to share here: no cookies, no per-call state."""
    return new_session()


def _dump(grant: Grant) -> str:
    account = grant.account
    return json.dumps(
        {
            "access_token": grant.access_token.value,
            "expires_at": grant.access_token.expires_at.isoformat(),
            "account": [account.account_id, account.name, account.base_uri, account.is_default],
        }
    )


def _load(text: str) -> Grant:
    data = json.loads(text)
    account_id, name, base_uri, is_default = data["account"]
    return Grant(
        access_token=AccessToken(data["access_token"], datetime.fromisoformat(data["expires_at"])),
        account=Account(account_id=account_id, name=name, base_uri=base_uri, is_default=is_default),
    )
