"""The law of news: whatever is lost on the way, doubled or overtaken, the rows end as Docusign's last word says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing import authoring, status
from signing.authoring import SignerInput, TabInput
from signing.docusign import EnvelopeSnapshot, RecipientSnapshot
from signing.models import Envelope, TabKind
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TAB = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
SIGNERS = [  # the first two together, then the third
    SignerInput(f"Signer {n}", f"s{n}@example.com", order, TAB) for n, order in ((1, 1), (2, 1), (3, 2))
]
DONE = ("completed", "declined")


class Docusign:
    """An envelope over there; `history` holds a snapshot after each thing that happened."""

    def __init__(self) -> None:
        self.now = self.status_changed_at = NOON
        self.status = "sent"
        self.ends: dict[str, Any] = {}
        self.signers = [
            RecipientSnapshot(
                recipient_id=str(number),
                name=signer.name,
                email=signer.email,
                client_user_id="",
                status="sent" if signer.routing_order == 1 else "created",
                routing_order=signer.routing_order,
                sent_at=NOON if signer.routing_order == 1 else None,
                delivered_at=None,
                signed_at=None,
                declined_at=None,
                declined_reason="",
            )
            for number, signer in enumerate(SIGNERS, start=1)
        ]
        self.history: list[EnvelopeSnapshot] = []
        self._tell(with_modified=True)

    def happen(self, seconds: int, what: str, who: int, with_modified: bool) -> None:
        if self.status in ("completed", "declined", "voided"):
            return
        self.now += timedelta(seconds=seconds)
        signer = self.signers[who]
        if what == "void":
            self._end("voided", voided_reason="Enough")
        elif what == "open" and signer.status == "sent":
            self._change(who, status="delivered", delivered_at=self.now)
        elif what == "sign" and signer.status in ("sent", "delivered"):
            opened_at = signer.delivered_at or self.now
            self._change(who, status="completed", delivered_at=opened_at, signed_at=self.now)
        elif what == "decline" and signer.status in ("sent", "delivered"):
            self._change(who, status="declined", declined_at=self.now, declined_reason="No")
            self._end("declined")
        else:
            return
        self._move_on()
        self._tell(with_modified)

    def _change(self, who: int, **facts: Any) -> None:
        self.signers[who] = replace(self.signers[who], **facts)

    def _end(self, ended: str, **facts: Any) -> None:
        self.ends = {f"{ended}_at": self.now, **facts}
        self._become(ended)

    def _become(self, now_is: str) -> None:
        if now_is != self.status:
            self.status, self.status_changed_at = now_is, self.now

    def _move_on(self) -> None:
        """The third signer's turn, or the end; else sent or delivered, by those whose turn it is."""
        if self.status in ("declined", "voided"):
            return
        if all(signer.status in DONE for signer in self.signers):
            self._end("completed")
            return
        if self.signers[2].status == "created" and all(signer.status in DONE for signer in self.signers[:2]):
            self._change(2, status="sent", sent_at=self.now)
        active = [signer for signer in self.signers if signer.status in ("sent", "delivered")]
        self._become("delivered" if all(signer.status == "delivered" for signer in active) else "sent")

    def _tell(self, with_modified: bool) -> None:
        facts: dict[str, Any] = dict.fromkeys(("completed_at", "declined_at", "voided_at")) | {"voided_reason": ""}
        self.history.append(
            EnvelopeSnapshot(
                docusign_id="",
                status=self.status,
                transaction_id="",
                last_modified_at=self.now if with_modified else None,
                status_changed_at=self.status_changed_at,
                sent_at=NOON,
                recipients=tuple(self.signers),
                **(facts | self.ends),
            )
        )


@st.composite
def histories(draw: st.DrawFn) -> list[EnvelopeSnapshot]:
    """Several things may happen in the same second, and not every snapshot says when it was modified."""
    docusign = Docusign()
    steps = st.tuples(
        st.integers(0, 2),
        st.sampled_from(["open", "sign", "sign", "decline", "void"]),
        st.integers(0, 2),
        st.booleans(),
    )
    for step in draw(st.lists(steps, min_size=1, max_size=14)):
        docusign.happen(*step)
    return docusign.history


def rows(docusign_id: str) -> tuple[Any, ...]:
    columns = (
        "status",
        "sent_at",
        "completed_at",
        "declined_at",
        "voided_at",
        "voided_reason",
        "last_modified_at",
        "drift",
    )
    of_recipients = ("number", "status", "name", "email", "sent_at", "delivered_at", "signed_at", "declined_at")
    envelope = Envelope.objects.filter(docusign_id=docusign_id)
    return envelope.values_list(*columns).get(), tuple(
        envelope.get().recipients.order_by("number").values_list(*of_recipients, "declined_reason")
    )


def sent(docusign_id: str) -> str:
    """As sending leaves the rows."""
    user = User.objects.filter(username="dana").first() or make_staff()
    envelope = authoring.create_draft(user)
    authoring.replace_signers(envelope, SIGNERS)
    Envelope.objects.filter(pk=envelope.pk).update(status="sent", docusign_id=docusign_id, sent_at=NOON)
    envelope.recipients.filter(routing_order=1).update(status="sent", sent_at=NOON)
    return docusign_id


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), history=histories())
def test_any_order_with_any_repetitions_ends_in_the_same_rows(
    data: st.DataObject, history: list[EnvelopeSnapshot]
) -> None:
    Envelope.objects.all().delete()
    repeated = history + data.draw(st.lists(st.sampled_from(history), max_size=6))
    shuffled = data.draw(st.permutations(repeated))
    for docusign_id, told in ((sent("in-order"), history), (sent("shuffled"), shuffled)):
        for snapshot in told:
            status.apply_snapshot(replace(snapshot, docusign_id=docusign_id))
    assert rows("shuffled") == rows("in-order")
    assert rows("in-order")[0][0] == history[-1].status
    assert [row[1] for row in rows("in-order")[1]] == [signer.status for signer in history[-1].recipients]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), history=histories())
def test_only_the_last_word_matters_whatever_else_is_lost(data: st.DataObject, history: list[EnvelopeSnapshot]) -> None:
    Envelope.objects.all().delete()
    *others, last = history
    some = data.draw(st.lists(st.sampled_from(others), max_size=5)) if others else []
    for snapshot in data.draw(st.permutations([*some, last])):
        status.apply_snapshot(replace(snapshot, docusign_id="lossy" if Envelope.objects.exists() else sent("lossy")))
    envelope, signers = rows("lossy")
    assert envelope[0] == last.status
    assert [row[1] for row in signers] == [signer.status for signer in last.recipients]
