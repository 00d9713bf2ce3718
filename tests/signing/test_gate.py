"""Every state of a signer's link leads to one page."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from signing.gate import Gate, GateFacts, gate_for
from signing.models import EnvelopeStatus, RecipientStatus
from signing.models.envelope import TERMINAL_STATUSES

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(seconds=1)


def facts(envelope: str, recipient: str, *, before: bool = False, expires: datetime | None = LATER) -> GateFacts:
    return GateFacts(
        envelope_status=envelope,
        recipient_status=recipient,
        has_unfinished_before=before,
        link_expires_at=expires,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(facts("sent", "sent"), Gate.READY, id="their turn"),
        pytest.param(facts("delivered", "delivered"), Gate.READY, id="opened before, not finished"),
        pytest.param(facts("sent", "created", before=True), Gate.WAITING, id="someone before them is not done"),
        pytest.param(facts("sent", "created"), Gate.READY, id="turn came, news of it has not"),
        pytest.param(facts("delivered", "completed"), Gate.SIGNED, id="done, others pending"),
        pytest.param(facts("delivered", "signed"), Gate.SIGNED, id="done, being processed"),
        pytest.param(facts("completed", "completed"), Gate.COMPLETED, id="everyone done"),
        pytest.param(facts("declined", "declined"), Gate.DECLINED, id="declined by them"),
        pytest.param(facts("declined", "sent"), Gate.DECLINED, id="declined by someone else"),
        pytest.param(facts("sent", "declined"), Gate.DECLINED, id="declined, envelope not told yet"),
        pytest.param(facts("voided", "sent"), Gate.VOIDED, id="voided"),
        pytest.param(facts("voided", "completed"), Gate.VOIDED, id="voided after they signed"),
        pytest.param(facts("draft", "created"), Gate.PREPARING, id="not sent"),
        pytest.param(facts("sending", "created"), Gate.PREPARING, id="being sent"),
        pytest.param(facts("correct", "sent"), Gate.PREPARING, id="being corrected at Docusign"),
        pytest.param(facts("sent", "sent", expires=EARLIER), Gate.EXPIRED, id="link expired"),
        pytest.param(facts("sent", "sent", expires=NOW), Gate.EXPIRED, id="link expires this very moment"),
        pytest.param(facts("sent", "sent", expires=None), Gate.READY, id="link without expiry"),
        pytest.param(facts("completed", "completed", expires=EARLIER), Gate.EXPIRED, id="documents behind a dead link"),
        pytest.param(facts("voided", "sent", expires=EARLIER), Gate.VOIDED, id="voided says more than expired"),
    ],
)
def test_the_gate_opens_only_for_whose_turn_it_is(given: GateFacts, expected: Gate) -> None:
    assert gate_for(given) == expected


def test_no_combination_of_states_lets_anyone_into_a_finished_envelope() -> None:
    for envelope, recipient, before, expires in product(
        TERMINAL_STATUSES, RecipientStatus.values, (True, False), (None, EARLIER, LATER)
    ):
        assert gate_for(facts(envelope, recipient, before=before, expires=expires)) != Gate.READY


def test_every_combination_of_states_has_a_page() -> None:
    for envelope, recipient, before, expires in product(
        EnvelopeStatus.values, RecipientStatus.values, (True, False), (None, EARLIER, LATER)
    ):
        assert gate_for(facts(envelope, recipient, before=before, expires=expires)) in Gate
