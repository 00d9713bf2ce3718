"""Each thing broken in turn, before a real sandbox: the doctor names it, and nothing else fails."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
import requests
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection as database
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from signing import connection, doctor
from signing.doctor import Status
from signing.docusign import DocusignError
from signing.models import ConnectMessage
from tests.clock import Clock
from tests.keys import private_pem, public_pem, rsa_key, useless_forms
from tests.sandbox_process import ROOT, SandboxProcess

from .portals import NOBODY, failed, findings, show_life

LAST_MIGRATION = sorted(path.stem for path in (ROOT / "signing" / "migrations").glob("0*.py"))[-1]


def run(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("docusign", "doctor", *options, stdout=out, no_color=True)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_where_nothing_is_wrong_nothing_fails(portal: SandboxProcess) -> None:
    found = findings()
    assert [check.name for check in doctor.CHECKS] == list(found)
    assert {name: finding for name, finding in found.items() if finding.status != Status.OK}.keys() == {
        "environment",  # a warning: it is a sandbox, and named plainly
        "connect_configuration",  # not used
    }
    assert "sandbox that stands in for Docusign" in found["environment"].sentence


@dataclass
class Room:
    """What a fault may lay hands on."""

    sandbox: SandboxProcess
    settings: Settings
    clock: Clock
    folder: Path = field(default=Path())

    def set(self, **values: object) -> None:
        for name, value in values.items():
            setattr(self.settings, name, value)

    def travel(self, **time: float) -> None:
        self.clock.advance(**time)
        show_life()

    def set_rights(self, **rights: str) -> None:
        user_id = self.sandbox.config["DOCUSIGN_USER_ID"]
        headers = {"Authorization": f"Bearer {connection.shared_grants().current()}"}
        address = f"{self.sandbox.api_url}/users/{user_id}/settings"
        requests.put(address, json=rights, headers=headers, timeout=10).raise_for_status()

    def refuse_grants(self, **fault: str | int) -> None:
        self.sandbox.fail_next(target="oauth", path_contains="/oauth/token", status=400, **fault)

    def forget_migration(self) -> None:
        MigrationRecorder(database).record_unapplied("signing", LAST_MIGRATION)

    def fill_folder(self) -> None:
        blocked = self.folder / "a-file"
        blocked.write_text("no folder")
        backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": blocked}}
        self.set(STORAGES=self.settings.STORAGES | {"default": backend})


def pasted(form: str) -> Callable[[Room], object]:
    return lambda room: room.set(DOCUSIGN_PRIVATE_KEY=useless_forms(rsa_key())[form][0])


def with_(**values: object) -> Callable[[Room], object]:
    return lambda room: room.set(**values)


# what is broken → the check that says so, and words of what it says or advises
FAULTS: dict[str, tuple[Callable[[Room], object], str, str]] = {
    "no integration key": (with_(DOCUSIGN_INTEGRATION_KEY=""), "integration_key", "is not set"),
    "a garbled integration key": (with_(DOCUSIGN_INTEGRATION_KEY="abc-123"), "integration_key", "not a GUID"),
    "a stranger's integration key": (with_(DOCUSIGN_INTEGRATION_KEY=NOBODY), "integration_key", "does not exist"),
    "no private key": (with_(DOCUSIGN_PRIVATE_KEY=""), "private_key", "is not set"),
    **{
        f"instead of the private key: {form}": (pasted(form), "private_key", words)
        for form, (_text, words) in useless_forms(rsa_key()).items()
        if form in ("public key", "encrypted PKCS#8", "words")  # all of them: tests/signing/docusign/test_keys.py
    },
    "a short key": (with_(DOCUSIGN_PRIVATE_KEY=private_pem(rsa_key(9, 1024))), "private_key", "1024 bits"),
    "another key": (with_(DOCUSIGN_PRIVATE_KEY=private_pem(rsa_key(3))), "private_key", "does not belong"),
    "two other keys": (
        with_(DOCUSIGN_PRIVATE_KEY=private_pem(rsa_key(3)), DOCUSIGN_PRIVATE_KEY_NEXT=private_pem(rsa_key(4))),
        "private_key",
        "does not belong",
    ),
    "a broken next key": (with_(DOCUSIGN_PRIVATE_KEY_NEXT="x"), "private_key", "DOCUSIGN_PRIVATE_KEY_NEXT is not a"),
    "no user id": (with_(DOCUSIGN_USER_ID=""), "user_id", "is not set"),
    "an email for a user id": (with_(DOCUSIGN_USER_ID="ann@example.com"), "user_id", "is an email address"),
    "a garbled user id": (with_(DOCUSIGN_USER_ID="1234567"), "user_id", "not a GUID"),
    "a stranger's user id": (with_(DOCUSIGN_USER_ID=NOBODY), "user_id", "not an active user"),
    "a closed user": (
        lambda room: room.sandbox.seed(users=[{"userId": room.sandbox.config["DOCUSIGN_USER_ID"], "isActive": False}]),
        "user_id",
        "not an active user",
    ),
    "the API's host": (
        with_(DOCUSIGN_OAUTH_BASE_URL="https://demo.docusign.net"),
        "environment",
        "host of Docusign's API",
    ),
    "a host without scheme": (
        with_(DOCUSIGN_OAUTH_BASE_URL="account-d.docusign.com"),
        "environment",
        "scheme and host",
    ),
    "a host with a path": (with_(DOCUSIGN_OAUTH_BASE_URL="https://x.test/oauth"), "environment", "scheme and host"),
    "a dead host": (with_(DOCUSIGN_OAUTH_BASE_URL="http://127.0.0.1:9"), "environment", "cannot be reached"),
    "somebody else's host": (
        lambda room: room.set(DOCUSIGN_OAUTH_BASE_URL=room.settings.PORTAL_BASE_URL),
        "environment",
        "does not answer like Docusign",
    ),
    "an OAuth host in trouble": (
        lambda room: room.refuse_grants(errorCode="internal_server_error", message="x"),
        "environment",
        "status.docusign.com",
    ),
    "a clock that is slow": (lambda room: room.travel(minutes=-20), "clock", "seconds behind"),
    "a clock that is fast": (lambda room: room.travel(minutes=6), "clock", "seconds ahead of"),
    "a clock so slow that grants are refused": (
        lambda room: room.refuse_grants(errorCode="invalid_grant", message="expired_grant"),
        "clock",
        "time server",
    ),
    "no consent": (lambda room: room.sandbox.revoke_consent(), "consent", "private window"),
    "a scope that is not allowed": (
        lambda room: room.refuse_grants(errorCode="invalid_grant", message="invalid_scope"),
        "consent",
        "signature and impersonation",
    ),
    "an account number": (with_(DOCUSIGN_ACCOUNT_ID="10000001"), "account", "short number"),
    "a stranger's account": (with_(DOCUSIGN_ACCOUNT_ID=NOBODY), "account", "does not belong to account"),
    "a membership that the API does not know": (
        lambda room: room.sandbox.fail_next(errorCode="USER_LACKS_MEMBERSHIP"),
        "account",
        "not a member of the configured",
    ),
    "an integration key that is switched off": (
        lambda room: room.sandbox.fail_next(errorCode="PARTNER_AUTHENTICATION_FAILED", status=401),
        "account",
        "Go-Live",
    ),
    "a used-up hour": (lambda room: room.sandbox.fail_next(throttle=True), "account", "slow down"),
    "a user who may not send": (lambda room: room.set_rights(canSendEnvelope="false"), "permissions", "send envelopes"),
    "a user who may not use the API": (
        lambda room: room.set_rights(canSendAPIRequests="false"),
        "permissions",
        "use the API",
    ),
    "an address that leads nowhere": (with_(PORTAL_BASE_URL="http://127.0.0.1:9"), "address", "cannot reach"),
    "an address that leads to somebody else": (
        lambda room: room.set(PORTAL_BASE_URL=room.sandbox.base_url),
        "address",
        "somebody else answers",
    ),
    "a host name that the portal does not answer to": (with_(ALLOWED_HOSTS=["other.test"]), "address", "ALLOWED_HOSTS"),
    "an address that redirects": (
        lambda room: room.set(PORTAL_BASE_URL=f"{room.settings.PORTAL_BASE_URL}/admin"),
        "address",
        "redirects",
    ),
    "Connect without a key": (with_(DOCUSIGN_CONNECT_KEYS=[]), "connect", "without a key"),
    "messages larger than are taken": (with_(CONNECT_MAX_BYTES=10), "connect", "did not arrive"),
    "no Connect configuration": (with_(DOCUSIGN_CONNECT="account"), "connect_configuration", "docusign connect"),
    "a mail server that is not there": (with_(EMAIL_PORT=9), "mail", "does not let the portal in"),
    "a mail server without a secret entrance": (with_(EMAIL_USE_TLS=True), "mail", "does not let the portal in"),
    "a sender without an address": (with_(DEFAULT_FROM_EMAIL="Signing Portal"), "mail", "no address"),
    "a folder that takes no files": (lambda room: room.fill_folder(), "storage", "DATA_DIR/files"),
    "a database that is behind": (lambda room: room.forget_migration(), "database", LAST_MIGRATION),
    "a cache of its own in each process": (
        with_(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}),
        "cache",
        "not shared",
    ),
    "a dead Redis": (
        with_(CACHES={"default": {"BACKEND": "portal.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:9"}}),
        "cache",
        "not found there again",
    ),
    "a dead broker": (with_(CELERY_BROKER_URL="redis://127.0.0.1:9/0"), "broker", "does not answer"),
    "no worker": (lambda room: cache.delete("signing:heartbeat:worker"), "worker", "celery -A portal worker"),
    "no beat": (lambda room: cache.delete("signing:heartbeat:beat"), "beat", "celery -A portal beat"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_broken_is_named_and_nothing_else_fails(
    portal: SandboxProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    break_it, check, words = FAULTS[name]
    break_it(Room(portal, settings, Clock(monkeypatch), tmp_path))
    found = findings()
    assert failed(found) == [check]
    assert words in f"{found[check].sentence} {found[check].remedy}"
    assert found[check].remedy
    if name == "a database that is behind":
        MigrationRecorder(database).record_applied("signing", LAST_MIGRATION)


def test_every_check_can_fail() -> None:
    assert {check.name for check in doctor.CHECKS} - {check for _fault, check, _words in FAULTS.values()} == {
        "time_zone"
    }


WARNINGS: dict[str, tuple[Callable[[Room], object], str, str]] = {
    "a clock a little fast": (lambda room: room.travel(seconds=60), "clock", "seconds ahead of"),
    "nobody set a time zone": (with_(TIME_ZONE="UTC"), "time_zone", "Europe/Berlin"),
    "mails to the log": (with_(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"), "mail", "EMAIL_URL"),
    "links shown to staff": (with_(MAIL_PREVIEW=True), "mail", "MAIL_PREVIEW=0"),
    "no Bulk Send": (lambda room: room.set_rights(bulkSend="false"), "permissions", "Bulk Send"),
    "rights that cannot be read": (
        lambda room: room.sandbox.fail_next(path_contains="/settings", errorCode="USER_LACKS_PERMISSIONS"),
        "permissions",
        "could not be read",
    ),
    "a next key that is not known yet": (
        with_(DOCUSIGN_PRIVATE_KEY_NEXT=private_pem(rsa_key(3))),
        "private_key",
        "Keep the old pair",
    ),
    "a first key that is not known any more": (
        lambda room: room.set(
            DOCUSIGN_PRIVATE_KEY=private_pem(rsa_key(3)), DOCUSIGN_PRIVATE_KEY_NEXT=room.sandbox.private_key
        ),
        "private_key",
        "the change is over",
    ),
    "the same key twice": (
        lambda room: room.set(DOCUSIGN_PRIVATE_KEY_NEXT=room.sandbox.private_key),
        "private_key",
        "are the same",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_what_works_but_not_for_long_is_a_warning(
    portal: SandboxProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    break_it, check, words = WARNINGS[name]
    break_it(Room(portal, settings, Clock(monkeypatch)))
    found = findings()
    assert failed(found) == []
    assert found[check].status == Status.WARNING
    assert words in f"{found[check].sentence} {found[check].remedy}"


def test_two_keys_that_are_both_known_are_in_order(portal: SandboxProcess, settings: Settings) -> None:
    settings.DOCUSIGN_PRIVATE_KEY_NEXT = private_pem(rsa_key(2))
    first = private_pem(rsa_key(1))
    settings.DOCUSIGN_PRIVATE_KEY = first
    portal.use_public_keys(public_pem(rsa_key(1)), public_pem(rsa_key(2)))
    found = findings("docusign")["private_key"]
    assert found.status == Status.OK
    assert "the old pair can be deleted" in found.sentence


def test_the_test_messages_leave_no_trace_that_connect_was_heard(portal: SandboxProcess) -> None:
    assert findings("reaching")["connect"].status == Status.OK
    assert not ConnectMessage.objects.exists()


def test_where_consent_lacks_both_links_ask_for_both_scopes(portal: SandboxProcess) -> None:
    portal.revoke_consent()
    links = {link.kind: link.url for link in findings("docusign")["consent"].links}
    assert "&scope=signature+impersonation&" in links["user"]
    assert "&scope=openid&admin_consent_scope=signature+impersonation&" in links["everyone"]


def test_no_finding_shows_a_secret(portal: SandboxProcess, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "mailer", "mail-secret"
    _code, text = run("--json")
    key_lines = settings.DOCUSIGN_PRIVATE_KEY.split("\n")[1:-2]
    for secret in (*key_lines, *settings.DOCUSIGN_CONNECT_KEYS, "mail-secret", settings.SECRET_KEY):
        assert secret not in text


def test_the_command_ends_well_where_nothing_failed(portal: SandboxProcess) -> None:
    code, text = run()
    assert code == 0
    assert "Nothing failed." in text


def test_the_command_ends_with_1_and_the_remedy_where_something_failed(portal: SandboxProcess) -> None:
    portal.revoke_consent()
    code, text = run()
    assert code == 1
    assert "failed   Consent:" in text
    assert connection.consent_link() in text


def test_the_command_speaks_json_for_programs(portal: SandboxProcess, settings: Settings) -> None:
    settings.DOCUSIGN_USER_ID = "ann@example.com"
    code, text = run("--json")
    told = json.loads(text)
    assert (code, told["is_well"]) == (1, False)
    assert [entry["check"] for entry in told["findings"] if entry["status"] == "failed"] == ["user_id"]


def test_what_waited_for_the_connection_goes_on_once_the_doctor_finds_it_mended(portal: SandboxProcess) -> None:
    portal.revoke_consent()
    for _attempt in range(5):  # the waiting time has grown
        connection.shared_grants().health.note(connection_error())
    portal.grant_consent()
    findings("docusign")
    connection.connect().check()


def connection_error() -> DocusignError:
    try:
        connection.connect()
    except DocusignError as error:
        return error
    raise AssertionError("it should have failed")
