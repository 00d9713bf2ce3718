"""What the checks look at, found out once and only when a check asks.

Nothing here goes through the shared grant: the doctor asks Docusign anew, or it would only see what the cache holds.
"""

import uuid
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.core.cache import cache

from signing.connection import client_for
from signing.docusign import Account, Client, DocusignConfig, DocusignError, NotConfiguredError, UserInfo, probing
from signing.docusign.auth import get_user_info
from signing.docusign.client import new_session
from signing.docusign.keys import load_private_key, require_strength
from signing.docusign.probing import Answer, OAuthHost
from signing.grants import Grant

KEY_SETTINGS = ("DOCUSIGN_PRIVATE_KEY", "DOCUSIGN_PRIVATE_KEY_NEXT")
# How far a token request came: the check that speaks about each error, in the order Docusign looks at an assertion.
STAGES = ("environment", "integration_key", "private_key", "clock", "user_id", "consent")
STAGE_OF = {
    "issuer_not_found": "integration_key",
    "invalid_client": "integration_key",
    "no_valid_keys_or_signatures": "private_key",
    "expired_grant": "clock",
    "user_not_found": "user_id",
    "invalid_subject": "user_id",
    "consent_required": "consent",
    "invalid_scope": "consent",
}  # any other: the host
PROBE_KEY = "signing:doctor"


class Patient:
    """One examination of the portal, with what was found out so far."""

    def __init__(self) -> None:
        self.session = new_session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    @cached_property
    def oauth_host(self) -> OAuthHost | DocusignError:
        try:
            return probing.look_at(self.session, settings.DOCUSIGN_OAUTH_BASE_URL)
        except DocusignError as error:
            return error

    @cached_property
    def host_is_named_well(self) -> bool:
        """Scheme and host, nothing else, and not one of Docusign's API hosts."""
        parts = urlsplit(settings.DOCUSIGN_OAUTH_BASE_URL)
        is_origin = parts.scheme in ("http", "https") and bool(parts.netloc) and not (parts.path or parts.query)
        return is_origin and not (parts.hostname or "").endswith("docusign.net")

    @cached_property
    def keys(self) -> dict[str, RSAPrivateKey | str]:
        """By the name of its setting: the key, or why it cannot be used. None without the first one."""
        if not settings.DOCUSIGN_PRIVATE_KEY:
            return {}
        return {name: _read(name) for name in KEY_SETTINGS if getattr(settings, name)}

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """To one token request for each key that can be used. Empty where something else must be mended first."""
        is_ready = self.host_is_named_well and is_guid(settings.DOCUSIGN_INTEGRATION_KEY) and settings.DOCUSIGN_USER_ID
        if not is_ready or not isinstance(self.oauth_host, OAuthHost) or not self.oauth_host.is_oauth:
            return {}
        return {name: probing.ask(self.session, self.config(name)) for name in self._usable_keys()}

    @cached_property
    def best(self) -> Answer | None:
        """That of the key which came furthest; None when nobody could be asked."""
        return max(self.answers.values(), key=lambda answer: reached(answer), default=None)

    @cached_property
    def reached_elsewhere(self) -> int:
        """How far the same settings come at Docusign's other environment; -1 when nothing of them is known there.

        Only asked once something failed here: demo and production are mixed up so easily.
        """
        other = probing.other_environment(settings.DOCUSIGN_OAUTH_BASE_URL)
        if not other:
            return -1
        there = [probing.ask(self.session, self.config(name, other)) for name in self._usable_keys()]
        return max((reached(answer) for answer in there if not answer.error or answer.code in STAGE_OF), default=-1)

    @cached_property
    def user_info(self) -> UserInfo | DocusignError | None:
        """None while there is no access token."""
        if self.best is None or self.best.access_token is None:
            return None
        try:
            return get_user_info(self.session, self.config(), self.best.access_token.value)
        except DocusignError as error:
            return error

    @cached_property
    def account(self) -> Account | DocusignError | None:
        """None while the user is not known."""
        if not isinstance(self.user_info, UserInfo):
            return None
        try:
            return self.user_info.choose_account(settings.DOCUSIGN_ACCOUNT_ID)
        except DocusignError as error:
            return error

    @cached_property
    def client(self) -> Client | None:
        """Of the account that was found, by the token just granted; its calls have no consequences for the portal."""
        if not isinstance(self.account, Account) or self.best is None or self.best.access_token is None:
            return None
        return client_for(Grant(self.best.access_token, self.account))

    @cached_property
    def api_error(self) -> DocusignError | None:
        """Why the API does not serve this user in this account. Ask only when there is a client."""
        try:
            if self.client is not None:
                self.client.check()
        except DocusignError as error:
            return error
        return None

    @cached_property
    def cache_works(self) -> bool:
        """Written, read, and a lock that only one gets: what tokens, limits and signs of life need."""
        key, value = f"{PROBE_KEY}:{uuid.uuid4().hex}", uuid.uuid4().hex
        try:
            cache.set(key, value, 60)
            is_kept = cache.get(key) == value and not cache.add(key, "another", 60)
            cache.delete(key)
            return is_kept and cache.get(key) is None
        except Exception:  # noqa: BLE001  (whatever the backend raises: it does not work)
            return False

    def config(self, key_name: str = KEY_SETTINGS[0], oauth_base_url: str = "") -> DocusignConfig:
        return DocusignConfig(
            integration_key=settings.DOCUSIGN_INTEGRATION_KEY,
            user_id=settings.DOCUSIGN_USER_ID,
            private_key=getattr(settings, key_name),
            oauth_base_url=oauth_base_url or settings.DOCUSIGN_OAUTH_BASE_URL,
            account_id=settings.DOCUSIGN_ACCOUNT_ID,
        )

    def _usable_keys(self) -> list[str]:
        return [name for name, key in self.keys.items() if not isinstance(key, str)]


def stage(answer: Answer) -> str:
    """The check that the request stopped at; empty when it was granted."""
    if answer.error is None:
        return ""
    return STAGE_OF.get(answer.code) or STAGES[0]


def reached(answer: Answer) -> int:
    return STAGES.index(stage(answer)) if answer.error else len(STAGES)


def is_guid(text: str) -> bool:
    try:
        return len(text) == len(str(uuid.UUID(text)))
    except ValueError:
        return False


def _read(name: str) -> RSAPrivateKey | str:
    try:
        key = load_private_key(getattr(settings, name), name)
        require_strength(key, name)
    except NotConfiguredError as error:
        return error.message
    return key
