"""Every state of a signer's link leads to one page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.template.loader import get_template

from signing.gate import ENTERABLE, Gate, GateFacts, gate_for
from signing.models import EnvelopeStatus, LinkState, RecipientKind, RecipientStatus
from signing.models.envelope import TERMINAL_STATUSES

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(seconds=1)
REPLACED: dict[str, Any] = {"link_state": LinkState.REPLACED}
REVOKED: dict[str, Any] = {"link_state": LinkState.REVOKED}
DELEGATED: dict[str, Any] = {"is_delegated": True}
CUT_OFF: dict[str, Any] = {"is_connected": False}
OPENED: dict[str, Any] = {"was_just_opened": True}
UNHOSTED: dict[str, Any] = {"lacks_host": True}
VIEWER: dict[str, Any] = {"kind": RecipientKind.CERTIFIED_DELIVERY}
COPIED: dict[str, Any] = {"kind": RecipientKind.CARBON_COPY}


def facts(
    envelope: str, recipient: str, *, before: bool = False, expires: datetime | None = LATER, **others: Any
) -> GateFacts:
    return GateFacts(
        envelope_status=envelope,
        recipient_status=recipient,
        has_unfinished_before=before,
        link_expires_at=expires,
        now=NOW,
        **others,
    )


def all_facts() -> Iterator[GateFacts]:
    flags = (True, False)
    kinds = (RecipientKind.SIGNER, RecipientKind.CERTIFIED_DELIVERY, RecipientKind.CARBON_COPY)
    combined = product(
        EnvelopeStatus.values,
        RecipientStatus.values,
        flags,
        (None, EARLIER, LATER),
        LinkState,
        flags,
        flags,
        flags,
        flags,
        kinds,
    )
    for envelope, recipient, before, expires, link_state, delegated, connected, opened, unhosted, kind in combined:
        yield facts(
            envelope,
            recipient,
            before=before,
            expires=expires,
            link_state=link_state,
            is_delegated=delegated,
            is_connected=connected,
            was_just_opened=opened,
            lacks_host=unhosted,
            kind=kind,
        )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(facts("sent", "sent"), Gate.READY, id="their turn"),
        pytest.param(facts("delivered", "delivered"), Gate.READY, id="opened before, not finished"),
        pytest.param(facts("sent", "created", before=True), Gate.WAITING, id="someone before them is not done"),
        pytest.param(facts("sent", "sent", **VIEWER), Gate.READY, id="a viewer's turn"),
        pytest.param(facts("sent", "completed", **VIEWER), Gate.VIEWED, id="a viewer has seen it"),
        pytest.param(facts("completed", "completed", **VIEWER), Gate.COMPLETED, id="all is done, for a viewer"),
        pytest.param(facts("sent", "created", before=True, **COPIED), Gate.COPY, id="a copy, before its time"),
        pytest.param(facts("sent", "completed", **COPIED), Gate.COPY, id="a copy, others still sign"),
        pytest.param(facts("correct", "completed", **COPIED), Gate.PREPARING, id="a copy, being corrected"),
        pytest.param(facts("completed", "completed", **COPIED), Gate.COMPLETED, id="a copy, all is done"),
        pytest.param(facts("voided", "completed", **COPIED), Gate.VOIDED, id="a copy of what was voided"),
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
        pytest.param(facts("sent", "sent", **REPLACED), Gate.REPLACED, id="a newer link was given out"),
        pytest.param(facts("completed", "completed", **REVOKED), Gate.REVOKED, id="staff took the link back"),
        pytest.param(facts("voided", "sent", **REPLACED), Gate.REPLACED, id="a stranger's link tells no end"),
        pytest.param(facts("sent", "sent", **DELEGATED), Gate.DELEGATED, id="someone else signs"),
        pytest.param(facts("completed", "completed", **DELEGATED), Gate.DELEGATED, id="someone else has signed"),
        pytest.param(facts("sent", "sent", **CUT_OFF), Gate.UNREACHABLE, id="no connection to Docusign"),
        pytest.param(facts("sent", "created", before=True, **CUT_OFF), Gate.WAITING, id="no connection, none needed"),
        pytest.param(facts("delivered", "delivered", **OPENED), Gate.OPENED, id="open in another window"),
        pytest.param(facts("sent", "sent", **UNHOSTED), Gate.HOST, id="the host has not confirmed"),
        pytest.param(facts("sent", "sent", **OPENED, **UNHOSTED), Gate.HOST, id="the host of an open one has not"),
        pytest.param(facts("sent", "sent", **CUT_OFF, **UNHOSTED), Gate.HOST, id="nor while there is no connection"),
        pytest.param(facts("sent", "created", before=True, **UNHOSTED), Gate.WAITING, id="no host needed yet"),
        pytest.param(facts("sent", "completed", **OPENED), Gate.SIGNED, id="signed in another window"),
    ],
)
def test_the_gate_opens_only_for_whose_turn_it_is(given: GateFacts, expected: Gate) -> None:
    assert gate_for(given) == expected


def test_every_combination_leads_to_exactly_one_page() -> None:
    pages = {gate_for(given) for given in all_facts()}
    assert pages == set(Gate)  # and so no page is without its case
    for gate in pages:
        get_template(f"signing/{gate}.html")


def test_nobody_enters_out_of_turn_or_too_late_or_by_a_link_that_no_longer_counts() -> None:
    for given in all_facts():
        if gate_for(given) in ENTERABLE:
            assert given.envelope_status in (EnvelopeStatus.SENT, EnvelopeStatus.DELIVERED)
            assert given.recipient_status not in ("signed", "completed", "declined")
            assert given.link_state == LinkState.CURRENT
            assert given.link_expires_at != EARLIER
            assert not given.is_delegated
            assert not given.lacks_host


def test_the_documents_are_only_behind_a_link_that_counts() -> None:
    for given in all_facts():
        if gate_for(given) == Gate.COMPLETED:
            assert (given.link_state, given.is_delegated) == (LinkState.CURRENT, False)
            assert given.link_expires_at != EARLIER


def test_no_combination_of_states_lets_anyone_into_a_finished_envelope() -> None:
    for given in all_facts():
        if given.envelope_status in TERMINAL_STATUSES:
            assert gate_for(given) not in ENTERABLE
