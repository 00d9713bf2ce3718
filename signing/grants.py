"""Access tokens: one grant per lifetime, however many web and worker processes ask at once.

The grant lies in the shared cache, encrypted, together with the account it leads to. Whoever finds none (or one
about to die) takes a lock and asks Docusign; everyone else waits for that answer, be it a token or a failure.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from django.core.cache import cache
from django.utils import timezone

from .docusign import AccessToken, Account, DocusignConfig, DocusignError, UnavailableError
from .docusign.auth import get_user_info, request_access_token
from .health import Health
from .secretbox import decrypt, encrypt

LOCK_SECONDS = 120  # longer than a grant can take, so the lock outlives no holder but a killed one
WAIT_SECONDS = 30  # then the caller gives up: a person may be waiting
WAIT_STEP_SECONDS = 0.05
SAFETY_MARGIN = timedelta(seconds=60)  # a token about to die counts as dead


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token and the account it leads to."""

    access_token: AccessToken = field(repr=False)
    account: Account

    def is_fresh(self, now: datetime, *, margin: timedelta = SAFETY_MARGIN) -> bool:
        return self.access_token.expires_at - margin > now


class SharedGrants:
    """The access token source of the client, shared by all processes through the cache.

    `prove` makes one harmless API call with a new grant: after trouble, a token alone does not show that all is well.
    """

    def __init__(
        self, config: DocusignConfig, session: requests.Session, *, prove: Callable[[Grant], None] = lambda grant: None
    ) -> None:
        identity = _identity(config)
        self._config, self._session, self._prove = config, session, prove
        self.health = Health(identity)
        self.cache_key = f"docusign:grant:{identity}"
        self._lock = _Lock(f"{self.cache_key}:lock")

    def current(self) -> str:
        return self.grant().access_token.value

    def renew(self, refused: str) -> str:
        """A token other than `refused`: another process may have renewed it already."""
        return self._obtain(lambda grant: grant.access_token.value != refused).access_token.value

    def grant(self) -> Grant:
        """May call the OAuth host. Raises DocusignError, at once while an earlier failure is still fresh."""
        return self._obtain(lambda grant: True)

    def keep_fresh(self, remaining: timedelta) -> bool:
        """Ask for a new grant when less than `remaining` is left, or when trouble is due for another try.

        False when there was no need, or when it is too early.
        """
        now, cached, trouble = timezone.now(), self.cached(), self.health.trouble()
        if trouble is not None and not trouble.is_due(now):
            return False
        if trouble is None and cached and cached.is_fresh(now, margin=remaining):
            return False
        self.renew(cached.access_token.value if cached else "")
        return True

    def forget(self) -> None:
        cache.delete(self.cache_key)

    def cached(self) -> Grant | None:
        """The grant at hand, if it is fresh."""
        sealed = cache.get(self.cache_key)
        text = decrypt(sealed) if sealed else None
        grant = _load(text) if text else None
        return grant if grant and grant.is_fresh(timezone.now()) else None

    def _obtain(self, is_good_enough: Callable[[Grant], bool]) -> Grant:
        """The cached grant if good enough, else a new one: one process asks, the others wait for its answer."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            if found := self._settled(is_good_enough):
                return found
            if self._lock.acquire():
                try:
                    # Whoever held the lock a moment ago may have settled it.
                    return self._settled(is_good_enough) or self._request_grant()
                finally:
                    self._lock.release()
            if time.monotonic() > deadline:
                raise UnavailableError("another process is still waiting for an access token", outcome_unknown=False)
            time.sleep(WAIT_STEP_SECONDS)

    def _settled(self, is_good_enough: Callable[[Grant], bool]) -> Grant | None:
        """A grant, or the fresh failure of another caller (raised); None when someone must ask."""
        cached = self.cached()
        if cached and is_good_enough(cached):
            return cached
        trouble = self.health.trouble()
        if trouble and not trouble.is_due(timezone.now()):
            raise trouble.error
        return None

    def _request_grant(self) -> Grant:
        """Two calls to the OAuth host: token and userinfo; after trouble, one to the API as well."""
        try:
            access_token = request_access_token(self._session, self._config)
            user_info = get_user_info(self._session, self._config, access_token.value)
            grant = Grant(access_token=access_token, account=user_info.choose_account(self._config.account_id))
            if self.health.trouble():
                self._prove(grant)
        except DocusignError as error:
            self.health.note(error)
            raise
        lifetime = (access_token.expires_at - timezone.now()).total_seconds()
        cache.set(self.cache_key, encrypt(_dump(grant)), max(1, lifetime))
        self.health.clear()
        return grant


class _Lock:
    """A lock in the shared cache, released by nobody but its holder."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._holder = uuid.uuid4().hex

    def acquire(self) -> bool:
        # Reading first spares the waiting a write, and lets the database cache drop an expired lock.
        return cache.get(self._key) is None and cache.add(self._key, self._holder, LOCK_SECONDS)

    def release(self) -> None:
        if cache.get(self._key) == self._holder:
            cache.delete(self._key)


def _identity(config: DocusignConfig) -> str:
    """With any setting changed, neither an old grant nor an old failure is met again."""
    parts = (config.oauth_base_url, config.integration_key, config.user_id, config.account_id)
    keys = (config.private_key, config.next_private_key)
    return hashlib.sha256("|".join(parts + keys).encode()).hexdigest()[:32]


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
