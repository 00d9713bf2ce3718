"""Who there is: what the first start makes, the file that tells a client of it, and what tests add (`seed`)."""

import os
import secrets
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from .models import Account, Consent, IntegrationKey, Membership, User, new_guid
from .oauth import permission

DEFAULT_SCOPES = ("signature", "impersonation")
MAX_PUBLIC_KEYS = 5
PRIVATE_KEY_FILE = "docusign-private-key.pem"
FIRST_USERS = (  # email, name, whether an administrator; only the first has consented
    ("signing-service@sandbox.example", "Signing Service", True),
    ("alex@sandbox.example", "Alex Sender", False),
)
Json = dict[str, Any]


def ensure_identities(oauth_base_url: str) -> Path:
    """Make what is missing and (re)write `docusign.env`; its path. Identities survive restarts and resets."""
    key_path = settings.DATA_DIR / PRIVATE_KEY_FILE
    if not IntegrationKey.objects.exists() or not key_path.exists():
        _make_first(key_path)
    return _write_env(key_path, oauth_base_url)


def grant_consent(*, for_everyone: bool = False) -> None:
    """The service user allows the first integration key what JWT Grant needs; or an administrator does for all."""
    user = None if for_everyone else User.objects.earliest("pk")
    permission.allow(user, IntegrationKey.objects.earliest("pk"), DEFAULT_SCOPES)


def withdraw_consent() -> None:
    """Everyone's. Access tokens already issued live on, refresh tokens do not (reference 1.6)."""
    Consent.objects.all().delete()


def reset() -> None:
    """As after the first start: whoever was seeded or invited since is gone, with whatever they own.

    Call it once the envelopes are gone, and inside a transaction.
    """
    account, key = Account.objects.earliest("pk"), IntegrationKey.objects.earliest("pk")
    Account.objects.exclude(pk=account.pk).delete()
    IntegrationKey.objects.exclude(pk=key.pk).delete()
    kept = list(User.objects.order_by("pk")[: len(FIRST_USERS)])
    User.objects.exclude(pk__in=[user.pk for user in kept]).delete()
    for user, (email, name, is_admin) in zip(kept, FIRST_USERS, strict=True):
        user.email, user.name, user.is_active = email, name, True
        user.save()
        values = {"is_admin": is_admin, "is_default": True, "status": "Active", "data": {}}
        Membership.objects.update_or_create(account=account, user=user, defaults=values)
    key.public_keys, key.redirect_uris = [_first_public_key()], []
    key.save()
    withdraw_consent()
    grant_consent()


def seed(data: Json) -> Json:
    """Add accounts, users, integration keys and consents, or change those whose ids are known; what they are now.

    ```
    {"accounts": [{"accountId"?, "externalId"?, "accountName"?, "organizationId"?}],
     "users": [{"userId"?, "userName", "email", "memberships": [{"accountId", "isDefault"?, "isAdmin"?, "status"?}]}],
     "integrationKeys": [{"integrationKey"?, "name"?, "clientSecret"?, "redirectUris"?, "publicKeys"?}],
     "consents": [{"integrationKey", "userId" (null: for everyone), "scopes"?}]}
    ```
    `accountId` in a membership is a GUID or the external number; without memberships a user joins the first account.
    An integration key seeded without public keys gets a key pair: the answer has its `privateKey` (PEM).
    Raises ValueError, a sentence saying which entry is wrong; then nothing has changed.
    """
    with transaction.atomic():
        return {
            "accounts": _seed_each(data, "accounts", _seed_account),
            "users": _seed_each(data, "users", _seed_user),
            "integrationKeys": _seed_each(data, "integrationKeys", _seed_key),
            "consents": _seed_each(data, "consents", _seed_consent),
        }


def _seed_each(data: Json, name: str, deed: Callable[[Json], Json]) -> list[Json]:
    items = data.get(name) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"{name} must be an array of objects")
    return [deed(item) for item in items]


def _seed_account(item: Json) -> Json:
    guid = _guid(item, "accountId")
    account = Account.objects.filter(guid=guid).first() or Account(guid=guid)
    account.name = _text(item, "accountName") or account.name or "Seeded account"
    account.organization_id = _text(item, "organizationId") or account.organization_id
    account.external_id = _text(item, "externalId") or account.external_id or _next_external_id()
    if Account.objects.exclude(guid=guid).filter(external_id=account.external_id).exists():
        raise ValueError(f"another account has the externalId {account.external_id}")
    account.save()
    return {"accountId": guid, "externalId": account.external_id, "accountName": account.name}


def _seed_user(item: Json) -> Json:
    guid = _guid(item, "userId")
    user = User.objects.filter(guid=guid).first() or User(guid=guid)
    user.name = _text(item, "userName") or user.name
    user.email = _text(item, "email") or user.email
    if not user.name or "@" not in user.email:
        raise ValueError("a user needs userName and email")
    user.is_active = bool(item.get("isActive", True))
    user.save()
    memberships = item.get("memberships")
    if memberships is None and not user.memberships.exists():
        memberships = [{"accountId": Account.objects.earliest("pk").guid}]
    _seed_each({"memberships": memberships}, "memberships", lambda part: _seed_membership(user, part))
    return {"userId": guid, "userName": user.name, "email": user.email}


def _seed_membership(user: User, item: Json) -> Json:
    wanted = _text(item, "accountId").lower()
    account = Account.objects.filter(Q(guid=wanted) | Q(external_id=wanted)).first()
    if account is None:
        raise ValueError(f"there is no account {wanted}")
    others = user.memberships.exclude(account=account)
    is_default = bool(item.get("isDefault", not others.exists()))
    if is_default:
        others.update(is_default=False)
    values = {"is_default": is_default, "is_admin": bool(item.get("isAdmin", False))}
    Membership.objects.update_or_create(
        account=account, user=user, defaults=values | {"status": _text(item, "status") or "Active"}
    )
    return item


def _seed_key(item: Json) -> Json:
    guid = _guid(item, "integrationKey")
    key = IntegrationKey.objects.filter(guid=guid).first() or IntegrationKey(guid=guid, secret=new_guid())
    key.name = _text(item, "name") or key.name
    key.secret = _text(item, "clientSecret") or key.secret
    key.redirect_uris = _texts(item, "redirectUris") or key.redirect_uris
    key.public_keys = _texts(item, "publicKeys") or key.public_keys
    answer = {"integrationKey": guid, "name": key.name, "clientSecret": key.secret}
    if not key.public_keys:
        private_pem, public_pem = make_key_pair()
        key.public_keys = [public_pem]
        answer["privateKey"] = private_pem
    if len(key.public_keys) > MAX_PUBLIC_KEYS:
        raise ValueError(f"an integration key has at most {MAX_PUBLIC_KEYS} key pairs")
    key.save()
    return answer


def _seed_consent(item: Json) -> Json:
    key = IntegrationKey.objects.filter(guid=_text(item, "integrationKey").lower()).first()
    user_id = item.get("userId")
    user = User.objects.filter(guid=str(user_id).lower()).first() if user_id else None
    if key is None or (user_id and user is None):
        raise ValueError("a consent needs the integrationKey and userId of ones that exist")
    scopes = _texts(item, "scopes") or list(DEFAULT_SCOPES)
    permission.allow(user, key, scopes)
    return {"integrationKey": key.guid, "userId": user.guid if user else None, "scopes": scopes}


def _guid(item: Json, name: str) -> str:
    given = _text(item, name)
    try:
        return str(uuid.UUID(given)) if given else new_guid()
    except ValueError:
        raise ValueError(f"{name} must be a GUID") from None


def _text(item: Json, name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str | int | None) or len(str(value)) > 100:
        raise ValueError(f"{name} must be a string of at most 100 characters")
    return "" if value is None else str(value)


def _texts(item: Json, name: str) -> list[str]:
    values = item.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} must be an array of strings")
    return values


def _next_external_id() -> str:
    return str(10_000_001 + Account.objects.count())


def make_key_pair() -> tuple[str, str]:
    """Private and public key, as PEM."""
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public_pem = private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private_pem.decode(), public_pem.decode()


def _first_public_key() -> str:
    """That of the private key which the first start handed out."""
    private_pem = (settings.DATA_DIR / PRIVATE_KEY_FILE).read_bytes()
    public_key = serialization.load_pem_private_key(private_pem, password=None).public_key()
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return public_key.public_bytes(encoding, form).decode()


def _make_first(key_path: Path) -> None:
    """An account, an administrator who has consented, an ordinary member who has not, an integration key."""
    private_pem, public_pem = make_key_pair()
    _write_private(key_path, private_pem)
    account, _ = Account.objects.get_or_create(external_id="10000001", defaults={"name": "Sandbox Account"})
    for email, name, is_admin in FIRST_USERS:
        user, _ = User.objects.get_or_create(email=email, defaults={"name": name})
        Membership.objects.get_or_create(account=account, user=user, defaults={"is_admin": is_admin})
    key, _ = IntegrationKey.objects.get_or_create(pk=1, defaults={"secret": secrets.token_hex(16)})
    key.public_keys = [public_pem]
    key.save()
    grant_consent()


def _write_env(key_path: Path, oauth_base_url: str) -> Path:
    user, key = User.objects.earliest("pk"), IntegrationKey.objects.earliest("pk")
    lines = {
        "DOCUSIGN_OAUTH_BASE_URL": oauth_base_url,
        "DOCUSIGN_INTEGRATION_KEY": key.guid,
        "DOCUSIGN_CLIENT_SECRET": key.secret,  # of the Authorization Code Grant only
        "DOCUSIGN_USER_ID": user.guid,
        "DOCUSIGN_ACCOUNT_ID": Account.objects.earliest("pk").guid,
        "DOCUSIGN_PRIVATE_KEY_FILE": str(key_path),
    }
    path: Path = settings.DATA_DIR / "docusign.env"
    _write_private(path, "".join(f"{name}={value}\n" for name, value in lines.items()))
    return path


def _write_private(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
