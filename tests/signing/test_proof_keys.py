"""The keys that sign proof bundles: made once, kept encrypted, changed without losing what they have signed."""

from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import proof_keys
from signing.models import EnvelopeEvent, ProofKey

pytestmark = pytest.mark.django_db


def pem(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_a_key_is_made_once_and_its_private_half_lies_encrypted() -> None:
    row, private = proof_keys.current()
    assert proof_keys.current()[0] == row
    assert ProofKey.objects.count() == 1
    assert "PRIVATE KEY" not in row.sealed_private_key
    assert private.private_bytes_raw().hex() not in row.sealed_private_key


def test_it_is_read_after_the_secret_key_was_changed(settings: Settings) -> None:
    row, _private = proof_keys.current()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" + "y" * 50, [settings.SECRET_KEY]
    assert proof_keys.current()[0] == row


def test_a_key_that_cannot_be_read_any_more_is_replaced(settings: Settings) -> None:
    row, _private = proof_keys.current()
    settings.SECRET_KEY = "lost-" + "z" * 50
    assert proof_keys.current()[0] != row
    assert ProofKey.objects.filter(is_current=True).count() == 1
    assert ProofKey.objects.count() == 2


def test_the_settings_key_takes_over_and_stays_with_the_settings(settings: Settings) -> None:
    made, _private = proof_keys.current()
    settings.PROOF_PRIVATE_KEY = pem(Ed25519PrivateKey.generate())
    given, _private = proof_keys.current()
    assert given != made
    assert given.sealed_private_key == ""
    made.refresh_from_db()
    assert (made.is_current, made.retired_at is None) == (False, False)


def test_a_settings_key_may_come_back(settings: Settings) -> None:
    first, second = pem(Ed25519PrivateKey.generate()), pem(Ed25519PrivateKey.generate())
    ids = []
    for settings.PROOF_PRIVATE_KEY in (first, second, first):
        ids.append(proof_keys.current()[0].key_id)
    assert ids[0] == ids[2] != ids[1]
    assert ProofKey.objects.count() == 2
    assert ProofKey.objects.get(is_current=True).key_id == ids[0]


@pytest.mark.parametrize("what", ["rubbish", "another kind"])
def test_a_key_that_is_none_is_told_at_start(settings: Settings, what: str) -> None:
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    settings.PROOF_PRIVATE_KEY = what if what == "rubbish" else other.decode()
    assert "signing.E020" in [message.id for message in run_checks()]


def test_the_command_lists_and_rotates_and_the_portal_remembers(settings: Settings) -> None:
    old, _private = proof_keys.current()
    out = StringIO()
    call_command("proof_keys", "--rotate", stdout=out)
    new = ProofKey.objects.get(is_current=True)
    assert new != old
    assert [line.split()[0] for line in out.getvalue().splitlines()] == [new.key_id, old.key_id]
    event = EnvelopeEvent.objects.get(envelope=None, about=f"proof_key:{new.key_id}")
    assert event.data == {"what": "proof key", "name": new.key_id}


def test_a_settings_key_is_not_rotated_here(settings: Settings) -> None:
    settings.PROOF_PRIVATE_KEY = pem(Ed25519PrivateKey.generate())
    with pytest.raises(CommandError, match="change it there"):
        call_command("proof_keys", "--rotate")


def test_staff_see_the_public_half_and_nothing_else(connected: None, admin_browser: Browser) -> None:
    row, _private = proof_keys.current()
    listed = admin_browser.get("/admin/signing/proofkey/").content.decode()
    page = admin_browser.get(f"/admin/signing/proofkey/{row.pk}/change/").content.decode()
    assert row.key_id in listed
    assert "BEGIN PUBLIC KEY" in page
    assert row.sealed_private_key not in page
    assert admin_browser.post(f"/admin/signing/proofkey/{row.pk}/change/", {"key_id": "x"}).status_code == 403
    assert admin_browser.post(f"/admin/signing/proofkey/{row.pk}/delete/", {"post": "yes"}).status_code == 403
