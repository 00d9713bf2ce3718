"""The keys that sign proof bundles: one signs now; of those that did before, the public half is kept for ever."""

import logging

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import ProofKey
from .secretbox import decrypt, encrypt
from .verify.manifest import key_id_of, pem_of

logger = logging.getLogger(__name__)


def current() -> tuple[ProofKey, Ed25519PrivateKey]:
    """The key that signs now: the settings' own, else one of ours, made when it is first needed."""
    given = given_key()
    if given is not None:
        return _row_of(given), given
    row = ProofKey.objects.filter(is_current=True).first()
    private = _unsealed(row) if row else None
    if row is not None and private is not None:
        return row, private
    if row is not None:
        logger.warning("the private half of proof key %s is not here or cannot be read: another is made", row.key_id)
    return _make(row)


def rotate() -> ProofKey:
    """From now on another key signs. What was signed with the former one stays provable by its public half."""
    if given_key() is not None:
        raise ImproperlyConfigured("The key comes from PROOF_PRIVATE_KEY: change it there.")
    row, _private = _make(ProofKey.objects.filter(is_current=True).first())
    return row


def given_key() -> Ed25519PrivateKey | None:
    """PROOF_PRIVATE_KEY. Raises ImproperlyConfigured when it is none."""
    if not settings.PROOF_PRIVATE_KEY:
        return None
    try:
        key = load_pem_private_key(settings.PROOF_PRIVATE_KEY.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured("PROOF_PRIVATE_KEY cannot be read: a PEM without a password is needed.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("PROOF_PRIVATE_KEY is of another kind: openssl genpkey -algorithm ed25519")
    return key


def _row_of(key: Ed25519PrivateKey) -> ProofKey:
    """The settings' key as a row, also when it comes back after another."""
    key_id = key_id_of(key.public_key())
    row = ProofKey.objects.filter(key_id=key_id).first()
    if row is not None and row.is_current:
        return row
    with transaction.atomic():
        _retire_current()
        row, _made = ProofKey.objects.update_or_create(
            key_id=key_id,
            defaults={"public_key": pem_of(key.public_key()).decode(), "is_current": True, "retired_at": None},
        )
    return row


def _make(former: ProofKey | None) -> tuple[ProofKey, Ed25519PrivateKey]:
    """In place of `former`. Of two processes that do it at once, one makes the key and the other takes it."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    try:
        with transaction.atomic():
            if former is not None:
                _retire_current()
            row = ProofKey.objects.create(
                key_id=key_id_of(public), public_key=pem_of(public).decode(), sealed_private_key=encrypt(_pem(private))
            )
    except IntegrityError:
        row = ProofKey.objects.get(is_current=True)
        other = _unsealed(row)
        if other is None:
            raise
        return row, other
    return row, private


def _retire_current() -> None:
    now = timezone.now()
    ProofKey.objects.filter(is_current=True).update(is_current=False, retired_at=now, sealed_private_key="")


def _unsealed(row: ProofKey) -> Ed25519PrivateKey | None:
    pem = decrypt(row.sealed_private_key) if row.sealed_private_key else None
    key = load_pem_private_key(pem.encode(), password=None) if pem else None
    return key if isinstance(key, Ed25519PrivateKey) else None


def _pem(private: Ed25519PrivateKey) -> str:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
