"""A whole journey, watched: what its log lines say at DEBUG, and what lies in the database afterwards."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from portal.logs import Masked
from sandbox.robot import Robot
from signing import archive, tasks
from signing.authoring import SignerInput, TabInput
from signing.connection import connect
from signing.links import link_token_of
from signing.models import Envelope, EnvelopeStatus, MailKind, OutgoingMail, TabKind, Verification
from signing.privacy import erasing
from signing.privacy.subjects import Subject
from tests.connect import message as connect_message
from tests.connect import post, signature, summary
from tests.deeds import open_ceremony, path_of, send
from tests.factories import make_draft, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)

ACCESS_CODE, SMTP_PASSWORD, CONNECT_KEY = "Blue-42-Heron", "smtp-hunter2", "connect-key-8c1f-secret"
PEOPLE = ("Ann Bee", "ann@example.com", "Carl Dee", "carl@example.com", "dana@northwind.example")


class Seen:
    """What must not be found anywhere: collected on the way."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def add(self, name: str, value: str) -> None:
        assert len(value) >= 6, name
        self.secrets[name] = value

    def found_in(self, text: str) -> list[str]:
        return [name for name, secret in self.secrets.items() if secret in text]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything at DEBUG, as the portal's handler writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: "/Signing/" not in record.getMessage())  # the robot's browser, not ours
    handler.setFormatter(Masked("{asctime} {levelname} {name}: {message}", style="{"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def deliver_all() -> None:
    for mail_id in OutgoingMail.objects.filter(state="queued").values_list("pk", flat=True):
        tasks.deliver_mail(mail_id)


def journey(docusign: SandboxProcess, settings: Settings) -> Seen:
    """Two signers, one with an access code, one with a code by mail; mail that fails; pages not found; news."""
    settings.EMAIL_HOST_PASSWORD, settings.DOCUSIGN_CONNECT_KEYS = SMTP_PASSWORD, [CONNECT_KEY]
    seen = Seen()
    seen.add("SMTP password", SMTP_PASSWORD)
    seen.add("Connect key", CONNECT_KEY)
    seen.add("access code", ACCESS_CODE)
    seen.add("SECRET_KEY", settings.SECRET_KEY)
    seen.add("private key", "".join(docusign.private_key.splitlines()[3:5]))
    envelope = send(make_draft(signers=_signers()))
    seen.add("access token", connect()._access_tokens.current())
    for recipient in envelope.recipients.all():
        seen.add(f"link {recipient.number}", link_token_of(recipient))
    _mail_fails_then_works(settings)
    view_url = open_ceremony(recipient_of(envelope, 1))
    seen.add("recipient view", max(re.findall(r"[\w-]+", view_url), key=len))
    Robot(access_code=ACCESS_CODE).sign(view_url, signature="Ann Bee")
    tasks.refresh_envelope(envelope.pk)
    deliver_all()
    _sign_with_code(envelope, seen)
    Browser().get(f"/sign/{'x' * 43}/")
    Browser().get(f"{path_of(recipient_of(envelope, 1))}no-such-page/")
    archive.fetch_documents(envelope.pk)
    deliver_all()
    body = connect_message(envelope, "envelope-completed", summary(envelope, "completed", "completed", "completed"))
    assert post(body, signature(body, CONNECT_KEY)).status_code == 200
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.COMPLETED
    return seen


def _signers() -> list[SignerInput]:
    first, second = ((TabInput(TabKind.SIGN_HERE, anchor=f"/sn{n}/"),) for n in (1, 2))
    return [
        SignerInput(
            "Ann Bee", "ann@example.com", 1, first, verification=Verification.ACCESS_CODE, access_code=ACCESS_CODE
        ),
        SignerInput("Carl Dee", "carl@example.com", 2, second, verification=Verification.EMAIL_CODE),
    ]


def _mail_fails_then_works(settings: Settings) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    deliver_all()
    settings.EMAIL_BACKEND = works
    OutgoingMail.objects.filter(state="queued").update(due_at="2020-01-01T00:00Z")
    deliver_all()


def _sign_with_code(envelope: Envelope, seen: Seen) -> None:
    path, browser = path_of(recipient_of(envelope, 2)), Browser()
    browser.post(f"{path}code/new/")
    OutgoingMail.objects.filter(kind=MailKind.CODE).update(due_at="2020-01-01T00:00Z")
    deliver_all()
    codes = [re.search(r"\b\d{6}\b", str(message.body)) for message in mail.outbox]
    code = [found[0] for found in codes if found][-1]
    seen.add("code by mail", code)
    browser.post(f"{path}code/", {"code": code})
    response = browser.post(f"{path}start/")
    Robot().sign(str(response["Location"]), signature="Carl Dee")
    tasks.refresh_envelope(envelope.pk)


def every_column() -> Iterator[tuple[str, str]]:
    """All tables there are, those without a model as well."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (our own tables)
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield (
                        f"{table}.{name}",
                        bytes(value).decode("latin-1") if isinstance(value, memoryview | bytes) else str(value),
                    )


def test_no_log_line_of_a_journey_names_a_person_or_opens_anything(
    docusign: SandboxProcess, settings: Settings, log: io.StringIO
) -> None:
    seen = journey(docusign, settings)
    erasing.erase(Subject("ann@example.com"), with_documents=True)
    text = log.getvalue()
    assert "attempt 1 failed" in text  # the mail server was down
    assert "Not Found: /sign/…" in text
    assert seen.found_in(text) == []
    assert [person for person in PEOPLE if person in text] == []


def test_no_column_of_the_database_holds_a_secret_after_a_journey(docusign: SandboxProcess, settings: Settings) -> None:
    seen = journey(docusign, settings)
    six_digits = seen.secrets.pop(
        "code by mail"
    )  # any number may hold six digits by chance: looked for as a whole word
    leaks = []
    for column, text in every_column():
        leaks += [(column, name) for name in seen.found_in(text)]
        if re.search(rf"(?<![\w.:-]){six_digits}(?![\w.:-])", text) and "_at" not in column:
            leaks.append((column, "code by mail"))
    assert leaks == []


def test_the_tables_are_all_looked_at(db: None) -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert {model._meta.db_table for model in apps.get_models()} <= tables
