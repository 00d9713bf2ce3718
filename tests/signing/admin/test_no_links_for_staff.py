"""Staff cannot sign for others: everything that staff can see or have is gone through, and holds no usable link.

A world with all that links and recipient views are made for, and a superuser who opens every page of the admin, follows
every link, presses every button, takes every export and reads every log, every message to a worker and every row.
"""

import base64
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import product
from pathlib import Path
from smtplib import SMTPDataError
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core import mail as mailbox
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from portal.logs import HideLinks, Masked, hide_links_of_servers, logging_config
from signing import linking, tasks, voiding
from signing.authoring import SignerInput, TabInput
from signing.links import link_token_of
from signing.models import Envelope, Errand, OutgoingMail, Recipient, RecipientKind, TabKind, Verification
from tests.connect import KEY, message, post, summary
from tests.deeds import confirm_host, decline, open_ceremony, path_of, send, sign
from tests.factories import CARL, make_draft, recipient_of
from tests.sandbox_process import SandboxProcess
from tests.signing.templates.making import make_form

pytestmark = pytest.mark.django_db

SIGN = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
HOST: dict[str, Any] = {"host_name": "Signing Service", "host_email": "signing-service@sandbox.example"}
NEVER_PRESSED = ("logout", "i18n")
TOO_MANY = 4000  # pages: the walk would never end
EXPORTS = ("csv", "xlsx", "zip")


@dataclass
class Findings:
    """Secrets, and where they were met."""

    secrets: set[str]
    met: list[str] = field(default_factory=list)
    looked_at: int = 0

    def look(self, where: str, content: str | bytes) -> None:
        self.looked_at += 1
        text = content if isinstance(content, str) else content.decode("utf-8", errors="replace")
        self.met += [f"{where}: {secret[:12]}…" for secret in self.secrets if secret in text]


class QuotingMailServer(BaseEmailBackend):
    """Refuses what it gets, and says which address in the mail it did not like. Such servers exist."""

    def send_messages(self, email_messages: Any) -> int:
        address = re.search(r"https?://\S+/sign/\S+", email_messages[0].body)
        assert address
        raise SMTPDataError(554, f"5.7.1 Rejected, unwanted address: {address[0]}".encode())


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What our handler writes, with everything said by everyone down to DEBUG."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(Masked())
    names = ("", "django", "django.request", "django.server", "django.template", "signing", "urllib3", "celery")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield kept
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def deliver_all() -> None:
    for mail_id in OutgoingMail.objects.filter(state="queued").values_list("pk", flat=True):
        tasks.deliver_mail(mail_id)


def make_world(docusign: SandboxProcess, settings: Settings, staff: User) -> set[str]:
    """Links opened, used, replaced, expired and mailed in vain, ceremonies under way, codes given; those secrets."""
    settings.DOCUSIGN_CONNECT_KEYS = [KEY]
    under_way, done, host, ended = send(), send(signers=[CARL]), send(signers=[in_person()]), send(signers=[CARL])
    open_ceremony(recipient_of(under_way, 1))
    sign(done, 1)
    tasks.fetch_documents(done.pk)
    decline(ended, 1, "Not like this")
    confirm_host(recipient_of(host, 1))
    open_ceremony(recipient_of(host, 1))
    voided = send()
    secrets = {link_token_of(recipient) for recipient in Recipient.objects.exclude(link_digest=None)}
    voiding.void(voided, reason="A mistake")
    linking.replace(recipient_of(under_way, 1))
    Recipient.objects.filter(envelope=ended).update(link_expires_at=timezone.now())
    asked = send(signers=[SignerInput("Ann Bee", "ann@example.com", 1, SIGN, verification=Verification.EMAIL_CODE)])
    Browser().post(f"{path_of(recipient_of(asked, 1))}start/")
    make_form()
    Browser().post("/forms/visitors/", {"name": "Vic Tor", "email": "vic@example.com", "agree": "on"})
    post(message(under_way, "recipient-delivered", summary(under_way, "delivered", "delivered", "created")))
    deliver_all()
    settings.EMAIL_BACKEND = f"{__name__}.QuotingMailServer"
    linking.replace(recipient_of(under_way, 2))
    deliver_all()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_draft()
    _fail_in_front_of_a_signer(docusign, recipient_of(under_way, 1))
    secrets |= {link_token_of(recipient) for recipient in Recipient.objects.exclude(link_digest=None)}
    return secrets | _views(docusign) | _codes()


def in_person() -> SignerInput:
    return SignerInput("Gus Guest", "", 1, SIGN, kind=RecipientKind.IN_PERSON_SIGNER, **HOST)


def _fail_in_front_of_a_signer(docusign: SandboxProcess, recipient: Recipient) -> None:
    """What is logged as an error, with the address of the page."""
    docusign.fail_next(path_contains="/views/recipient", status=400, errorCode="INVALID_REQUEST_PARAMETER")
    Browser(raise_request_exception=False).post(f"{path_of(recipient)}start/")
    Browser().get(f"{path_of(recipient)}nothing-here/")
    Browser().put(path_of(recipient))
    Browser().get(f"/sign/{'x' * 43}/")


def _views(docusign: SandboxProcess) -> set[str]:
    calls = docusign.requests("POST", "/views/recipient")
    urls = {call["response"]["url"] for call in calls if "url" in (call.get("response") or {})}
    assert urls, calls[:1]
    return urls | {url.partition("?")[2] for url in urls}


def _codes() -> set[str]:
    found = (re.search(r"^\s*(\d{6})\s*$", str(mail.body), re.MULTILINE) for mail in mailbox.outbox)
    return {match[1] for match in found if match}


def admin_patterns(patterns: list[Any] | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from admin_patterns(pattern.url_patterns, address)
        elif address.startswith("/admin/"):
            yield address, pattern


def addresses_of(route: str) -> list[str]:
    """The route with every number of an envelope in it, and a few of everything else."""
    slots = re.findall(r"<(?:\w+:)?(\w+)>", route)
    envelopes = list(Envelope.objects.values_list("pk", flat=True))
    values = [envelopes if name in ("envelope_id", "object_id") else (1, 2) for name in slots]
    made = []
    for chosen in product(*values):
        words = iter(chosen)
        made.append(re.sub(r"<[^>]+>", lambda _slot, words=words: str(next(words)), route))  # type: ignore[misc]
    return made


def body_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def contents(where: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """An archive's files, one by one; sheets are archives, too."""
    yield where, body
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        for name in archive.namelist():
            yield from contents(f"{where} {name}", archive.read(name))


def examine(findings: Findings, where: str, response: HttpResponseBase) -> bytes:
    body = body_of(response)
    for place, content in contents(where, body):
        findings.look(place, content)
        findings.look(place, unescape(content.decode("utf-8", errors="replace")))
    findings.look(f"{where} (headers)", str(dict(response.items())))
    return body


def links_in(page: bytes) -> set[str]:
    """What stands in the page as an address of the admin, wherever it stands."""
    return {
        unescape(found).partition("#")[0]
        for found in re.findall(r"[\"'](/admin/[^\"'\s<>]*)[\"']", page.decode(errors="replace"))
    }


def walk(browser: Browser, findings: Findings, begin: set[str]) -> set[str]:
    """GET everything that can be reached."""
    waiting, seen = list(begin), set(begin)
    while waiting:
        address = waiting.pop()
        if any(word in address for word in NEVER_PRESSED):
            continue
        response = browser.get(address)
        found = examine(findings, f"GET {address}", response)
        if "text/html" not in response.get("Content-Type", ""):
            continue
        new = {
            a
            for a in links_in(found)
            if not urlsplit(a).query or urlsplit(a).path not in {urlsplit(s).path for s in seen}
        }
        waiting += new - seen
        seen |= new
        assert len(seen) < TOO_MANY
    return seen


def take_exports(browser: Browser, findings: Findings) -> None:
    chosen = [str(pk) for pk in Envelope.objects.values_list("pk", flat=True)]
    for kind in EXPORTS:
        browser.post("/admin/signing/envelope/many/", {"deed": kind, "selected": chosen})
        errand = Errand.objects.latest("pk")
        tasks.run_errand(errand.pk)
        response = browser.get(f"/admin/signing/envelope/errands/{errand.pk}/file/")
        assert response.status_code == 200
        examine(findings, f"export {kind}", response)


def rows() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            yield table, " ".join(map(str, cursor.fetchall()))


def messages_to_workers() -> Iterator[str]:
    for file in (Path(django_settings.DATA_DIR) / "queue" / "messages").glob("*.msg"):
        text = file.read_text()
        yield text
        body = json.loads(text).get("body", "")
        yield base64.b64decode(body).decode() if body else ""


def test_nothing_gives_staff_a_link_or_a_recipient_view(
    docusign: SandboxProcess,
    settings: Settings,
    staff: User,
    log: io.StringIO,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    browser = Browser(raise_request_exception=False)
    with django_capture_on_commit_callbacks(execute=True):
        findings = Findings(make_world(docusign, settings, staff))
    assert len(findings.secrets) > 12
    assert "/sign/" in log.getvalue()  # there was something to hide
    browser.force_login(staff)
    logging.getLogger("django.template").setLevel(logging.INFO)  # of the signers' pages it has told; it takes minutes
    routes = {address for route, _pattern in admin_patterns() for address in addresses_of(route) if "(" not in address}
    walk(browser, findings, routes | {"/admin/"})
    take_exports(browser, findings)
    for address in sorted(routes):
        if not any(word in address for word in NEVER_PRESSED):
            examine(findings, f"POST {address}", browser.post(address))
    for table, text in rows():
        findings.look(f"table {table}", text)
    for text in messages_to_workers():
        findings.look("a message to a worker", text)
    findings.look("the log", log.getvalue())
    assert findings.met == []
    assert findings.looked_at > 500


def test_the_walk_would_find_a_link(docusign: SandboxProcess, settings: Settings, staff: User) -> None:
    """Where a page does show one, it is met: the demo's view of a mail."""
    settings.MAIL_PREVIEW = True
    envelope = send()
    findings = Findings({link_token_of(recipient_of(envelope, 1))})
    browser = Browser()
    browser.force_login(staff)
    walk(browser, findings, {"/admin/signing/outgoingmail/"})
    assert len({where.partition(":")[0] for where in findings.met}) == 1


def test_every_logger_with_a_handler_of_its_own_hides_links() -> None:
    config = logging_config("DEBUG")
    assert config["formatters"][config["handlers"]["console"]["formatter"]]["()"] == "portal.logs.Masked"
    own = {name: part["handlers"] for name, part in config["loggers"].items() if part.get("handlers")}
    assert set().union(*own.values()) <= {"console"}
    hide_links_of_servers()
    for name in ("gunicorn.error", "gunicorn.access"):
        assert any(isinstance(found, HideLinks) for found in logging.getLogger(name).filters)
