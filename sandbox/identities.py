"""The account, user, integration key and key pair made at first start, and the file that tells a client of them."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from .models import Account, Consent, IntegrationKey, User

DEFAULT_SCOPES = ("signature", "impersonation")


def ensure_identities(oauth_base_url: str) -> Path:
    """Make what is missing and (re)write `docusign.env`; its path. Identities survive restarts and resets."""
    key_path = settings.DATA_DIR / "docusign-private-key.pem"
    if not IntegrationKey.objects.exists() or not key_path.exists():
        _make(key_path)
    return _write_env(key_path, oauth_base_url)


def grant_consent() -> None:
    """The first user allows the first integration key what JWT Grant needs."""
    user, key = User.objects.earliest("pk"), IntegrationKey.objects.earliest("pk")
    for scope in DEFAULT_SCOPES:
        Consent.objects.get_or_create(user=user, integration_key=key, scope=scope)


def _make(key_path: Path) -> None:
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _write_private(
        key_path,
        private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ),
    )
    public_pem = private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    account, _ = Account.objects.get_or_create(external_id="10000001", defaults={"name": "Sandbox Account"})
    User.objects.get_or_create(
        account=account, email="signing-service@sandbox.example", defaults={"name": "Signing Service"}
    )
    key, _ = IntegrationKey.objects.get_or_create(pk=1)
    key.public_keys = [public_pem.decode()]
    key.save()
    grant_consent()


def _write_env(key_path: Path, oauth_base_url: str) -> Path:
    user, key = User.objects.select_related("account").earliest("pk"), IntegrationKey.objects.earliest("pk")
    lines = {
        "DOCUSIGN_OAUTH_BASE_URL": oauth_base_url,
        "DOCUSIGN_INTEGRATION_KEY": key.guid,
        "DOCUSIGN_USER_ID": user.guid,
        "DOCUSIGN_ACCOUNT_ID": user.account.guid,
        "DOCUSIGN_PRIVATE_KEY_FILE": str(key_path),
    }
    path: Path = settings.DATA_DIR / "docusign.env"
    _write_private(path, "".join(f"{name}={value}\n" for name, value in lines.items()).encode())
    return path


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
