"""Example envelopes in different states, made through the real flow: sent by the worker, signed over HTTP.

Run by `python -m demo` with the portal's environment while everything is up. Does nothing when there are
envelopes already.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import django
import requests

django.setup()

from django.conf import settings  # noqa: E402  (models need the set-up above, here and below)
from django.contrib.auth import get_user_model  # noqa: E402
from django.db.models import F, Model  # noqa: E402
from django.utils import timezone  # noqa: E402

from sandbox.robot import Robot  # noqa: E402
from signing import authoring, owning, sending, tasks, voiding  # noqa: E402
from signing.acting import Actor, acting  # noqa: E402
from signing.authoring import FollowUp, SignerInput, TabInput  # noqa: E402
from signing.links import link_url  # noqa: E402
from signing.models import (  # noqa: E402
    Envelope,
    EnvelopeEvent,
    EnvelopeStatus,
    MailState,
    OutgoingMail,
    Recipient,
    TabKind,
)

from . import reuse, turning_back  # noqa: E402
from .pdfs import draw_agreement  # noqa: E402

WAIT_SECONDS = 60
# The times that are ours; all others come from Docusign.
OUR_TIMES: dict[type[Model], list[str]] = {
    Envelope: ["created_at"],
    EnvelopeEvent: ["at"],
    OutgoingMail: ["created_at", "sent_at"],
}

CLAUSES = (
    (
        "Services",
        "Northwind Consulting advises the client on the matters described in the project plan, with the care of an "
        "experienced professional, and reports on its progress at the end of every month.",
    ),
    (
        "Fees",
        "The client pays the fees agreed in the project plan within thirty days of each invoice. Travel is charged "
        "at cost and only if agreed beforehand.",
    ),
    (
        "Confidentiality",
        "Both parties keep what they learn about each other to themselves, during this agreement and for three "
        "years after it, unless the law requires otherwise.",
    ),
    (
        "Ownership",
        "The results belong to the client once they are paid for. General methods and know-how stay with Northwind "
        "Consulting.",
    ),
    (
        "End",
        "Either party may end this agreement with four weeks' notice in writing. Work done until then is paid.",
    ),
)


def main() -> int:
    if Envelope.objects.exists():
        return 0
    seed()
    return 0


def seed() -> None:
    """What a desk has after some weeks: every state, and what needs a hand."""
    with acting(Actor(lambda: get_user_model().objects.get(username="demo"))):
        with days_ago(24):
            members = [
                send(f"Membership form, {name}", ((name, 1),)) for name in ("Eva Lund", "Paul Adler", "Rosa Vidal")
            ]
        for member, days in zip(members, (23, 22, 19), strict=True):
            with days_ago(days):
                all_sign(member)
        with days_ago(13):
            expiring()
            wrong = send("Supplier agreement, first version", (("Nora Weiss", 1),))
            voiding.void(wrong, reason="Clause 4 was wrong; a new version follows.")
            hana = send("Membership form, Hana Sato", (("Hana Sato", 1),))
        with days_ago(11):
            all_sign(hana)
        with days_ago(8):
            board = send(
                "Board resolution", (("Priya Shah", 1), ("Tom Becker", 1), ("Sam Okafor", 1), ("Leo Martin", 2))
            )
            sign(board, 2)
            wait_until(board, lambda row: row.recipients.get(number=2).status == "completed")
            owning.reassign(board, get_user_model().objects.get(username="robin"))
        with days_ago(5):
            send("Lease of the archive", (("Grace Lindqvist", 1),))
            piano = send("Loan of the piano", (("Yusuf Demir", 1),))
        with days_ago(4):
            all_sign(piano)
        with days_ago(1):
            bounced = send("Volunteer agreement", (("Ines Costa", 1),))
            OutgoingMail.objects.filter(envelope=bounced).update(
                state=MailState.BOUNCED, error="550 5.1.1 The mailbox does not exist."
            )
        today()
    tasks.renew_tallies()


def today() -> None:
    nda = send("Mutual non-disclosure agreement", (("Ada Moreno", 1), ("Jon Park", 1)))
    consulting = send("Consulting agreement", (("Priya Shah", 1), ("Tom Becker", 2)))
    send("Office lease, second amendment", (("Grace Lindqvist", 1), ("Sam Okafor", 2)))
    release = send("Photo release", (("Leo Martin", 1),))
    send("Supplier agreement", (("Nora Weiss", 1), ("Ben Ito", 2)))

    all_sign(nda)
    sign(consulting, 1)
    decline(release, 1, "The second photo must not be used.")
    wait_until(consulting, lambda row: row.recipients.get(number=2).status == "sent")
    wait_until(release, lambda row: row.status == EnvelopeStatus.DECLINED)
    draft("Employment contract", (("Mia Chen", 1),))
    user = get_user_model().objects.get(username="demo")
    reuse.make_form(user, reuse.make_template(user))


def expiring() -> None:
    """One of three has signed, and in two days it is too late."""
    envelope = draft("Grant agreement 2026", (("Omar Haddad", 1), ("Julia Novak", 1), ("Ada Moreno", 2)))
    authoring.save_follow_up(envelope, FollowUp(3, 7, 15, True))
    send_now(envelope)
    sign(envelope, 1)
    wait_until(envelope, lambda row: row.recipients.get(number=1).status == "completed")


def all_sign(envelope: Envelope) -> None:
    for recipient in envelope.recipients.all():
        sign(envelope, recipient.number)
    wait_until(envelope, lambda row: row.status == EnvelopeStatus.COMPLETED and row.completed_documents.count() == 2)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What happens within it happened so long ago: the sandbox's clock is turned back, and our own rows follow it."""
    last = {
        model: model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in OUR_TIMES
    }
    turn_clock(set=(timezone.now() - timedelta(days=days)).isoformat())
    try:
        yield
    finally:
        turn_clock(reset=True)
    with turning_back.evidence(last[EnvelopeEvent]):
        for model, columns in OUR_TIMES.items():
            back = {column: F(column) - timedelta(days=days) for column in columns}
            model._default_manager.filter(pk__gt=last[model]).update(**back)


def turn_clock(**to: object) -> None:
    requests.post(f"{settings.DOCUSIGN_OAUTH_BASE_URL}/_sandbox/clock", json=to, timeout=30).raise_for_status()


def draft(title: str, people: Sequence[tuple[str, int]]) -> Envelope:
    user = get_user_model().objects.get(username="demo")
    envelope = authoring.create_draft(
        user,
        subject=title,
        message="Please read it through and sign. Call me if anything is unclear.\n\nDana",
    )
    content = draw_agreement(title, [name for name, _ in people], CLAUSES)
    authoring.add_document(envelope, filename=f"{title}.pdf", content=content)
    signers = [
        SignerInput(
            name=name,
            email=f"{name.lower().replace(' ', '.')}@example.com",
            routing_order=order,
            tabs=(
                TabInput(kind=TabKind.SIGN_HERE, anchor=f"/sn{number}/"),
                TabInput(kind=TabKind.DATE_SIGNED, anchor=f"/dt{number}/"),
            ),
        )
        for number, (name, order) in enumerate(people, start=1)
    ]
    authoring.replace_signers(envelope, signers)
    return envelope


def send(title: str, people: Sequence[tuple[str, int]]) -> Envelope:
    envelope = draft(title, people)
    send_now(envelope)
    return envelope


def send_now(envelope: Envelope) -> None:
    sending.claim_for_sending(envelope)
    tasks.ring_for_sending(envelope.pk)
    wait_until(envelope, lambda row: row.is_open)


def sign(envelope: Envelope, number: int) -> None:
    recipient = envelope.recipients.get(number=number)
    _come_back(Robot().sign(_open_ceremony(recipient), signature=recipient.name))


def decline(envelope: Envelope, number: int, reason: str) -> None:
    _come_back(Robot().decline(_open_ceremony(envelope.recipients.get(number=number)), reason))


def _open_ceremony(recipient: Recipient) -> str:
    """What the browser does on "Review and sign": the portal answers with the way to the ceremony."""
    response = requests.post(f"{link_url(recipient)}start/", allow_redirects=False, timeout=30)
    response.raise_for_status()
    return response.headers["Location"]


def _come_back(return_url: str) -> None:
    requests.get(return_url, timeout=30).raise_for_status()


def wait_until(envelope: Envelope, is_so: Callable[[Envelope], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        envelope.refresh_from_db()
        if is_so(envelope):
            return
        time.sleep(0.2)
    raise SystemExit(f"“{envelope}” did not get on: it is still {envelope.status} ({envelope.last_error}).")


if __name__ == "__main__":
    sys.exit(main())
