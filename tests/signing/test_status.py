"""News from Docusign: applied once, never backwards, from wherever it comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.robot import Robot
from signing import status, tasks, voiding
from signing.docusign import EnvelopeSnapshot, RecipientSnapshot
from signing.links import find_link, link_token_of, link_url
from signing.models import Envelope, EnvelopeStatus, LinkState, MailKind, OutgoingMail, RecipientStatus
from tests.deeds import decline, open_ceremony, send, sign
from tests.factories import make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def told_of(recipient_id: str, name: str, recipient_status: str, **times: Any) -> RecipientSnapshot:
    return RecipientSnapshot(
        recipient_id=recipient_id,
        name=name,
        email=f"{name.split()[0].lower()}@example.com",
        client_user_id="",
        status=recipient_status,
        routing_order=1,
        sent_at=times.get("sent_at"),
        delivered_at=times.get("delivered_at"),
        signed_at=times.get("signed_at"),
        declined_at=times.get("declined_at"),
        declined_reason=times.get("declined_reason", ""),
    )


def snapshot(envelope: Envelope, envelope_status: str, ann: str, carl: str, **fields: Any) -> EnvelopeSnapshot:
    base = EnvelopeSnapshot(
        docusign_id=envelope.docusign_id or "",
        status=envelope_status,
        transaction_id="",
        last_modified_at=NOON,
        status_changed_at=NOON,
        sent_at=None,
        completed_at=None,
        declined_at=None,
        voided_at=None,
        voided_reason="",
        recipients=(told_of("1", "Ann Bee", ann), told_of("2", "Carl Dee", carl)),
    )
    return replace(base, **fields)


def states(envelope: Envelope) -> tuple[str, str, str]:
    envelope.refresh_from_db()
    ann, carl = (r.status for r in envelope.recipients.order_by("number"))
    return envelope.status, ann, carl


def test_a_snapshot_moves_envelope_and_recipients() -> None:
    envelope = make_sent()
    assert status.apply_snapshot(snapshot(envelope, "delivered", "delivered", "created")) == envelope.pk
    assert states(envelope) == ("delivered", "delivered", "created")


def test_the_same_news_twice_changes_nothing_the_second_time() -> None:
    envelope = make_sent()
    news = snapshot(envelope, "sent", "completed", "sent", sent_at=NOON)
    assert status.apply_snapshot(news) == envelope.pk
    updated_at = Envelope.objects.get(pk=envelope.pk).updated_at
    assert status.apply_snapshot(news) is None
    assert Envelope.objects.get(pk=envelope.pk).updated_at == updated_at


def test_news_that_arrives_late_is_ignored() -> None:
    envelope = make_sent()
    status.apply_snapshot(snapshot(envelope, "sent", "completed", "sent"))
    late = snapshot(envelope, "delivered", "delivered", "created", last_modified_at=NOON - timedelta(seconds=1))
    assert status.apply_snapshot(late) is None
    assert states(envelope) == ("sent", "completed", "sent")


@pytest.mark.parametrize("terminal", ["completed", "declined", "voided"])
@pytest.mark.parametrize("told", ["sent", "delivered", "completed", "declined", "voided"])
def test_a_terminal_status_is_never_left(terminal: str, told: str) -> None:
    envelope = make_sent(status=terminal)
    status.apply_snapshot(snapshot(envelope, told, "sent", "created", last_modified_at=NOON + timedelta(days=1)))
    assert states(envelope)[0] == terminal


def test_someone_who_has_signed_stays_signed() -> None:
    envelope = make_sent(recipient_statuses=("completed", "sent"))
    status.apply_snapshot(snapshot(envelope, "sent", "delivered", "sent"))
    assert states(envelope)[1] == "completed"


def test_a_status_nobody_told_us_about_is_kept_out(caplog: pytest.LogCaptureFixture) -> None:
    envelope = make_sent()
    status.apply_snapshot(snapshot(envelope, "teleported", "sent", "created"))
    assert states(envelope)[0] == "sent"
    assert "teleported" in caplog.text


def test_of_two_snapshots_of_the_same_moment_the_one_in_which_more_has_happened_is_the_news() -> None:
    envelope = make_sent()
    status.apply_snapshot(snapshot(envelope, "sent", "completed", "sent"))
    assert status.apply_snapshot(snapshot(envelope, "delivered", "delivered", "created")) is None
    assert states(envelope) == ("sent", "completed", "sent")


def test_news_is_dated_by_the_latest_moment_it_speaks_of() -> None:
    """Messages may lack `lastModifiedDateTime`, and it may not cover recipients."""
    envelope = make_sent()
    signed_at = NOON + timedelta(minutes=5)
    signed = (told_of("1", "Ann Bee", "completed", signed_at=signed_at), told_of("2", "Carl Dee", "sent"))
    status.apply_snapshot(snapshot(envelope, "sent", "", "", last_modified_at=None, recipients=signed))
    between = snapshot(envelope, "delivered", "delivered", "created", last_modified_at=NOON + timedelta(minutes=1))
    assert status.apply_snapshot(between) is None
    assert states(envelope) == ("sent", "completed", "sent")


def test_what_contradicts_a_terminal_status_is_kept_out_and_shown_as_drift() -> None:
    envelope = make_sent(status="completed", recipient_statuses=("completed", "completed"))
    told = snapshot(envelope, "voided", "completed", "completed", last_modified_at=NOON + timedelta(days=1))
    assert status.apply_snapshot(told) is None
    envelope.refresh_from_db()
    assert (envelope.status, envelope.drift) == ("completed", [["", "completed", "voided"]])


def test_drift_is_gone_once_docusign_agrees() -> None:
    envelope = make_sent()
    status.apply_snapshot(snapshot(envelope, "teleported", "sent", "created"))
    assert Envelope.objects.get().drift == [["", "sent", "teleported"]]
    later = NOON + timedelta(seconds=1)
    status.apply_snapshot(snapshot(envelope, "sent", "sent", "created", last_modified_at=later))
    assert Envelope.objects.get().drift == []


def test_someone_added_at_docusign_is_taken_in_and_gets_no_mail_from_us() -> None:
    envelope = make_sent()
    eve = replace(told_of("49364587", "Eve Fox", "sent", sent_at=NOON), routing_order=1)
    told = snapshot(envelope, "sent", "sent", "created")
    assert status.apply_snapshot(replace(told, recipients=(*told.recipients, eve))) == envelope.pk
    added = recipient_of(envelope, 49364587)
    assert (added.name, added.email, added.status, added.is_embedded) == ("Eve Fox", "eve@example.com", "sent", False)
    assert not OutgoingMail.objects.filter(recipient=added).exists()
    assert Envelope.objects.get().drift == []


def test_an_embedded_signer_added_at_docusign_gets_a_link_of_their_own() -> None:
    envelope = make_sent()
    eve = replace(told_of("3", "Eve Fox", "sent"), client_user_id="c-3")
    told = snapshot(envelope, "sent", "sent", "created")
    status.apply_snapshot(replace(told, recipients=(*told.recipients, eve)))
    assert link_url(recipient_of(envelope, 3)).startswith("http://portal.test/sign/")
    assert OutgoingMail.objects.filter(recipient__number=3, kind=MailKind.INVITATION).count() == 1


@pytest.mark.parametrize("recipient_id", ["", "0", "-1", "2147483648", "cc-1", "f3b0c1d2-0000-4000-8000-000000000000"])
def test_a_recipient_id_that_no_row_can_hold_does_not_stop_the_rest(recipient_id: str) -> None:
    envelope = make_sent()
    told = snapshot(envelope, "sent", "completed", "sent")
    status.apply_snapshot(replace(told, recipients=(*told.recipients, told_of(recipient_id, "Eve Fox", "sent"))))
    assert states(envelope) == ("sent", "completed", "sent")
    assert [recipient_id, "absent", "sent"] in Envelope.objects.get().drift


def test_what_is_longer_than_our_columns_is_cut() -> None:
    envelope = make_sent()
    told = snapshot(envelope, "voided", "sent", "created", voided_reason="r" * 900)
    long = replace(told.recipients[0], name="n" * 900, email="e" * 900, declined_reason="d" * 900)
    status.apply_snapshot(replace(told, recipients=(long, told.recipients[1])))
    envelope.refresh_from_db()
    envelope.full_clean(exclude=["created_by", "owner"])
    assert recipient_of(envelope, 1).name == "n" * 100


def test_an_envelope_docusign_does_not_know_is_marked() -> None:
    envelope = make_sent()
    status.note_unknown({envelope.docusign_id or ""})
    assert Envelope.objects.get().drift == [["", "sent", "absent"]]


def test_news_of_an_envelope_that_is_not_ours_is_ignored() -> None:
    envelope = make_sent()
    foreign = replace(snapshot(envelope, "completed", "completed", "completed"), docusign_id="not-ours")
    assert status.apply_snapshot(foreign) is None


def test_a_name_changed_at_docusign_is_taken_over() -> None:
    envelope = make_sent()
    renamed = replace(told_of("1", "Ann Bee", "delivered"), name="Ann B. Bee")
    status.apply_snapshot(replace(snapshot(envelope, "sent", "sent", "created"), recipients=(renamed,)))
    assert recipient_of(envelope, 1).name == "Ann B. Bee"


def test_the_next_signer_is_invited_when_their_turn_comes() -> None:
    envelope = make_sent()
    status.apply_snapshot(snapshot(envelope, "sent", "completed", "sent"))
    invited = OutgoingMail.objects.filter(envelope=envelope, recipient__number=2, kind=MailKind.INVITATION)
    assert invited.count() == 1


def test_every_docusign_status_has_a_place_in_our_choices() -> None:
    wire = {"created", "sent", "delivered", "signed", "completed", "declined", "voided", "correct", "processing"}
    assert wire <= set(EnvelopeStatus.values)
    assert {"created", "sent", "delivered", "signed", "completed", "declined", "autoresponded", "faxpending"} == set(
        RecipientStatus.values
    )


def test_opening_the_ceremony_shows_as_opened(docusign: SandboxProcess) -> None:
    envelope = send()
    requests.get(open_ceremony(recipient_of(envelope, 1)), timeout=10)
    tasks.refresh_envelope(envelope.pk)
    assert states(envelope) == ("delivered", "delivered", "created")


def test_a_whole_journey_ends_completed(docusign: SandboxProcess) -> None:
    envelope = send()
    sign(envelope, 1)
    assert states(envelope) == ("sent", "completed", "sent")
    sign(envelope, 2)
    assert states(envelope) == ("completed", "completed", "completed")
    assert envelope.completed_at is not None


def test_declining_ends_it_for_everyone_and_keeps_the_reason(docusign: SandboxProcess) -> None:
    envelope = send()
    decline(envelope, 1, "Wrong address in clause 2")
    assert states(envelope) == ("declined", "declined", "created")
    assert recipient_of(envelope, 1).declined_reason == "Wrong address in clause 2"


def test_voiding_reaches_docusign_and_comes_back(docusign: SandboxProcess) -> None:
    envelope = send()
    voiding.void(envelope, reason="Sent by mistake")
    assert states(envelope)[0] == "voided"
    assert envelope.voided_reason == "Sent by mistake"


def test_polling_asks_nothing_when_nothing_is_open(docusign: SandboxProcess) -> None:
    tasks.poll_envelopes()
    assert docusign.requests() == []


def test_polling_finds_what_a_closed_browser_tab_did_not_tell(docusign: SandboxProcess) -> None:
    envelope = send()
    Robot().sign(open_ceremony(recipient_of(envelope, 1)))  # and never returns
    tasks.poll_envelopes()
    assert states(envelope) == ("sent", "completed", "sent")


def test_a_refused_poll_changes_nothing_and_raises_nothing(docusign: SandboxProcess) -> None:
    envelope = send()
    docusign.fail_next(method="GET", errorCode="HOURLY_APIINVOCATION_LIMIT_EXCEEDED")
    tasks.poll_envelopes()
    assert states(envelope)[0] == "sent"


def corrected(envelope: Envelope, **fields: Any) -> EnvelopeSnapshot:
    """As told when the first signer's name or address has another value at Docusign."""
    told = snapshot(envelope, "sent", "sent", "created")
    ann = replace(told.recipients[0], client_user_id=recipient_of(envelope, 1).client_user_id)
    return replace(told, recipients=(replace(ann, **fields), told.recipients[1]))


def test_a_corrected_address_closes_the_link_that_went_to_the_former_one() -> None:
    envelope = make_sent()
    old = link_token_of(recipient_of(envelope, 1))
    status.apply_snapshot(corrected(envelope, email="ann.bee@example.com"))
    link = find_link(old)
    assert link is not None
    assert link.state == LinkState.REPLACED
    mail = OutgoingMail.objects.get(kind=MailKind.FRESH_LINK)
    assert mail.to_email == "ann.bee@example.com"


def test_a_corrected_name_leaves_the_link_as_it_is() -> None:
    envelope = make_sent()
    old = link_token_of(recipient_of(envelope, 1))
    status.apply_snapshot(corrected(envelope, name="Ann Bee-Jones"))
    assert link_token_of(recipient_of(envelope, 1)) == old


def test_someone_else_without_a_client_user_id_signs_by_docusigns_own_mail() -> None:
    envelope = make_sent()
    told = corrected(envelope, client_user_id="", name="Dora Fry", email="dora@example.com", status="sent")
    status.apply_snapshot(told)
    recipient = recipient_of(envelope, 1)
    assert not recipient.is_embedded
    assert not OutgoingMail.objects.filter(recipient=recipient).exists()
