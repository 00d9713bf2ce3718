"""Mail scanners, link previews and prefetchers open every link, and some submit every form. They burn nothing."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from signing import linking
from signing.authoring import SignerInput, TabInput
from signing.ceremony import gate_of
from signing.gate import Gate
from signing.links import find_link
from signing.models import Envelope, MailState, OutgoingMail, Recipient, TabKind, Verification
from tests.deeds import open_ceremony, path_of, send
from tests.factories import make_draft, make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

# Who they say they are, when they say it at all.
DISGUISES: tuple[dict[str, str], ...] = (
    {},
    {"HTTP_SEC_PURPOSE": "prefetch;prerender", "HTTP_PURPOSE": "prefetch"},
    {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) BingPreview/1.0b"},
)
TAILS = (
    "",
    "return/?event=signing_complete",
    "return/",
    "state/",
    "document/",
    "code/",
    "fresh-link/",
    "copy/",
    "host/",
    "start/",
)


def sent(**fields: Any) -> Recipient:
    return recipient_of(make_sent(**fields), 1)


def changed(**columns: Any) -> Recipient:
    recipient = sent()
    Recipient.objects.filter(pk=recipient.pk).update(**columns)
    return recipient


def old_link_of(recipient: Recipient) -> str:
    old = path_of(recipient)
    linking.replace(recipient)
    OutgoingMail.objects.update(state=MailState.SENT, created_at=timezone.now() - timedelta(hours=1))
    return old


STATES: dict[Gate, Callable[[], Recipient]] = {
    Gate.READY: sent,
    Gate.HOST: lambda: changed(kind="in_person_signer", host_name="Hal Host", host_email="hal@example.com"),
    Gate.WAITING: lambda: recipient_of(make_sent(), 2),
    Gate.SIGNED: lambda: sent(recipient_statuses=("completed", "sent")),
    Gate.COMPLETED: lambda: sent(status="completed", recipient_statuses=("completed", "completed")),
    Gate.DECLINED: lambda: sent(status="declined", recipient_statuses=("declined", "created")),
    Gate.VOIDED: lambda: sent(status="voided"),
    Gate.PREPARING: lambda: sent(status="correct"),
    Gate.EXPIRED: lambda: changed(link_expires_at=timezone.now()),
    Gate.REVOKED: lambda: changed(link_revoked_at=timezone.now()),
    Gate.DELEGATED: lambda: changed(client_user_id=""),
    Gate.VIEWED: lambda: changed(kind="certified_delivery", status="completed"),
    Gate.COPY: lambda: changed(kind="carbon_copy", status="completed"),
}


class Forms(HTMLParser):
    """The forms of a page, as a bot sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.actions: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.actions.append(values["action"] or "")


def scan(path: str) -> None:
    """Opens everything there is under a link, in every disguise, and submits whatever form comes up."""
    for disguise in DISGUISES:
        bot = Browser(**disguise)  # type: ignore[arg-type]
        for tail in TAILS:
            bot.head(path + tail)
            page = bot.get(path + tail)
            if page.streaming or not page["Content-Type"].startswith("text/html"):
                continue
            for action in Forms(page.content.decode()).actions:
                bot.post(action, {"code": "000000"})
        bot.post(f"{path}start/")
        bot.post(f"{path}fresh-link/")
        bot.post(f"{path}copy/")


def what_matters() -> list[Any]:
    """Who stands where, and which links there are. Not: mails that were asked for, a session that was opened."""
    return [
        *Envelope.objects.order_by("pk").values("status", "sent_at", "completed_at", "declined_at", "voided_at"),
        *Recipient.objects.order_by("pk").values("status", "signed_at", "declined_at", "link_revoked_at", "email"),
    ]


def gate_at(path: str) -> Gate:
    link = find_link(path.split("/")[2])
    assert link is not None
    return gate_of(link)


def test_the_states_below_are_all_that_rows_can_make() -> None:
    of_the_moment = {Gate.OPENED, Gate.UNREACHABLE}
    assert {*STATES, Gate.REPLACED} == set(Gate) - of_the_moment


@pytest.mark.parametrize("gate", sorted(set(STATES) - {Gate.READY}))  # that one, with a Docusign behind it, below
def test_a_scanner_changes_nothing_that_matters(gate: Gate) -> None:
    path = path_of(STATES[gate]())
    assert gate_at(path) == gate
    before = what_matters()
    scan(path)
    assert what_matters() == before
    assert gate_at(path) == (Gate.REPLACED if gate == Gate.EXPIRED else gate)  # a new one lies in the mailbox


@pytest.mark.parametrize("gate", sorted(set(STATES) - {Gate.EXPIRED}))
def test_a_scanner_sends_no_mail(gate: Gate) -> None:
    scan(path_of(STATES[gate]()))
    assert not OutgoingMail.objects.exists()


def test_a_scanner_of_an_expired_link_sends_one_mail_with_a_link_that_works() -> None:
    recipient = STATES[Gate.EXPIRED]()
    scan(path_of(recipient))
    assert OutgoingMail.objects.count() == 1
    recipient.refresh_from_db()
    assert gate_at(path_of(recipient)) == Gate.READY


def test_a_scanner_of_a_replaced_link_leaves_the_newest_one_as_it_is() -> None:
    recipient = sent()
    old = old_link_of(recipient)
    recipient.refresh_from_db()
    newest = path_of(recipient)
    scan(old)
    recipient.refresh_from_db()
    assert path_of(recipient) == newest
    assert (gate_at(old), gate_at(newest)) == (Gate.REPLACED, Gate.READY)


def test_after_a_scanner_that_presses_the_button_the_signer_goes_in_as_ever(docusign: SandboxProcess) -> None:
    envelope = send()
    recipient = recipient_of(envelope, 1)
    before = what_matters()
    scan(path_of(recipient))
    assert what_matters() == before
    first, second = open_ceremony(recipient), open_ceremony(recipient)
    assert "/Signing/" in first
    assert first != second


def test_a_scanner_gets_no_code_right_and_leaves_the_signer_one_that_works(docusign: SandboxProcess) -> None:
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
    ann = SignerInput("Ann Bee", "ann@example.com", 1, tabs, verification=Verification.EMAIL_CODE)
    recipient = recipient_of(send(make_draft(signers=[ann])), 1)
    before = what_matters()
    Browser().post(f"{path_of(recipient)}start/")
    assert what_matters() == before
    assert "Enter the code" in Browser().post(f"{path_of(recipient)}start/", follow=True).content.decode()
    assert OutgoingMail.objects.filter(kind="code").count() == 1


def test_only_looking_calls_nobody(docusign: SandboxProcess) -> None:
    recipient = recipient_of(send(), 1)
    before = len(docusign.requests())
    for tail in TAILS:
        Browser().get(path_of(recipient) + tail)
        Browser().head(path_of(recipient) + tail)
    assert len(docusign.requests()) == before
