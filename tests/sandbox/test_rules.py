"""The state machine: who is asked when, and what that makes of the envelope."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.rules import Party, ask_next, envelope_status, is_in_sequence

SIGNERS, COPIES = "signers", "carbonCopies"


def parties(*given: tuple[str, int, str]) -> list[Party]:
    return [Party(key, kind, order, status) for key, (kind, order, status) in enumerate(given)]


def statuses(people: list[Party]) -> list[str]:
    return [party.status for party in people]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            parties((SIGNERS, 1, "created"), (SIGNERS, 2, "created")), ["sent", "created"], id="one after the other"
        ),
        pytest.param(parties((SIGNERS, 1, "created"), (SIGNERS, 1, "created")), ["sent", "sent"], id="equal orders"),
        pytest.param(
            parties((SIGNERS, 1, "completed"), (SIGNERS, 7, "created")), ["completed", "sent"], id="a gap in the order"
        ),
        pytest.param(
            parties((SIGNERS, 1, "delivered"), (SIGNERS, 2, "created")),
            ["delivered", "created"],
            id="who has opened it is not asked again",
        ),
        pytest.param(
            parties((COPIES, 1, "created"), (SIGNERS, 2, "created")), ["completed", "sent"], id="a copy holds up nobody"
        ),
        pytest.param(
            parties((SIGNERS, 1, "completed"), (COPIES, 2, "created")), ["completed", "completed"], id="a last copy"
        ),
    ],
)
def test_the_lowest_unfinished_order_is_asked(before: list[Party], after: list[str]) -> None:
    assert statuses(ask_next(before)) == after


@pytest.mark.parametrize(
    ("people", "status"),
    [
        (parties((SIGNERS, 1, "sent"), (SIGNERS, 2, "created")), "sent"),
        (parties((SIGNERS, 1, "delivered"), (SIGNERS, 2, "created")), "delivered"),
        (parties((SIGNERS, 1, "delivered"), (SIGNERS, 1, "sent")), "sent"),
        (parties((SIGNERS, 1, "completed"), (SIGNERS, 2, "sent")), "sent"),
        (parties((SIGNERS, 1, "completed"), (SIGNERS, 2, "completed")), "completed"),
        (parties((SIGNERS, 1, "completed"), (SIGNERS, 2, "declined")), "declined"),
    ],
)
def test_the_envelope_follows_its_recipients(people: list[Party], status: str) -> None:
    assert envelope_status(people) == status


people_of_any_order = st.lists(
    st.tuples(st.sampled_from([SIGNERS, SIGNERS, COPIES]), st.integers(1, 4)), min_size=1, max_size=7
).map(lambda rows: parties(*((kind, order, "created") for kind, order in rows)))


@given(people_of_any_order, st.randoms(use_true_random=False))
def test_whoever_signs_when_everyone_gets_their_turn_and_nobody_before_it(people: list[Party], random: object) -> None:
    people = ask_next(people)
    for _ in range(len(people) + 1):
        asked = [party for party in people if party.status in ("sent", "delivered")]
        assert all(is_in_sequence(party, people) for party in asked)
        if not asked:
            break
        signing = random.choice(asked)  # type: ignore[attr-defined]
        people = ask_next([replace(p, status="completed") if p.key == signing.key else p for p in people])
    assert envelope_status(people) == "completed"


@given(people_of_any_order)
def test_asking_twice_changes_nothing(people: list[Party]) -> None:
    once = ask_next(people)
    assert ask_next(once) == once
