"""A chain that anybody touched says so, and where: property tests of the pure format."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from signing.verify.chain import FIRST, Link, Wrong, digest, event_hash, event_of, faults

NAME = "envelope:7"
SHORT = st.text(max_size=8)
DETAILS = st.fixed_dictionaries({"actor": SHORT, "ip": SHORT, "data": st.dictionaries(SHORT, SHORT, max_size=2)})


def chained(all_details: list[dict[str, Any]], name: str = NAME) -> list[Link]:
    links: list[Link] = []
    for number, details in enumerate(all_details, start=1):
        event = event_of(
            number=number,
            at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number),
            kind="edited",
            actor_kind="user",
            about="",
            details_digest=digest(details),
        )
        previous = links[-1].hash if links else FIRST
        links.append(Link(event, previous, event_hash(previous, name, event), details))
    return links


CHAINS = st.lists(DETAILS, min_size=2, max_size=9).map(chained)


def found(links: list[Link], name: str = NAME) -> set[tuple[int, Wrong]]:
    return {(fault.number, fault.wrong) for fault in faults(name, links)}


@given(CHAINS)
def test_an_untouched_chain_holds(links: list[Link]) -> None:
    assert found(links) == set()


@given(CHAINS, st.data())
def test_erased_details_leave_a_chain_whole(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = Link(links[at].event, links[at].previous_hash, links[at].hash, None)
    assert found(links) == set()


@given(CHAINS, st.data())
def test_a_changed_event_is_named_and_no_other(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    column = data.draw(st.sampled_from(["at", "kind", "actor_kind", "about", "details_digest"]))
    event = dict(links[at].event) | {column: links[at].event[column] + "x"}
    links[at] = Link(event, links[at].previous_hash, links[at].hash, links[at].details)
    assert found(links) == {(at + 1, Wrong.CHANGED)}


@given(CHAINS, st.data())
def test_changed_details_are_named(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    old = links[at]
    details = data.draw(DETAILS.filter(lambda other: other != old.details))
    links[at] = Link(old.event, old.previous_hash, old.hash, details)
    assert found(links) == {(at + 1, Wrong.CHANGED)}


@given(CHAINS, st.data())
def test_a_changed_hash_is_named(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    old = links[at]
    if data.draw(st.booleans()):
        links[at] = Link(old.event, "f" * 64, old.hash, old.details)
    else:
        links[at] = Link(old.event, old.previous_hash, "f" * 64, old.details)
    assert found(links) == {(at + 1, Wrong.CHANGED)}


@given(CHAINS, st.data())
def test_a_dropped_event_is_named_unless_it_was_the_last(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    assert found(links) == {(at + 1, Wrong.MISSING)}


@given(CHAINS, DETAILS, st.data())
def test_an_event_put_in_place_of_another_is_named(
    links: list[Link], details: dict[str, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(links) - 2))
    old = links[at]
    event = dict(old.event) | {"kind": "forged", "details_digest": digest(details)}
    links[at] = Link(event, old.previous_hash, event_hash(old.previous_hash, NAME, event), details)
    assert found(links) == {(at + 1, Wrong.INSERTED)}


@given(CHAINS, DETAILS, st.data())
def test_an_inserted_event_is_named_and_those_it_moved(
    links: list[Link], details: dict[str, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    previous = links[at].previous_hash
    event = dict(links[at].event) | {"kind": "forged", "details_digest": digest(details)}
    forged = Link(event, previous, event_hash(previous, NAME, event), details)
    later = [
        Link(dict(link.event) | {"number": link.number + 1}, link.previous_hash, link.hash, link.details)
        for link in links[at:]
    ]
    moved = {(link.number, Wrong.MOVED) for link in later}
    assert moved <= found([*links[:at], forged, *later])


@given(CHAINS, st.data())
def test_two_of_one_number_are_told(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    links.insert(at, links[at])
    assert (at + 1, Wrong.INSERTED) in found(links)


@given(CHAINS, st.data())
def test_events_that_changed_places_are_named_with_the_number_they_had(links: list[Link], data: st.DataObject) -> None:
    one, other = sorted(data.draw(st.lists(st.integers(0, len(links) - 1), min_size=2, max_size=2, unique=True)))
    first, second = links[one], links[other]
    links[one] = Link(dict(second.event) | {"number": one + 1}, second.previous_hash, second.hash, second.details)
    links[other] = Link(dict(first.event) | {"number": other + 1}, first.previous_hash, first.hash, first.details)
    assert {(one + 1, Wrong.MOVED), (other + 1, Wrong.MOVED)} <= found(links)


@given(CHAINS)
def test_a_chain_passed_off_as_anothers_is_wrong_from_its_first_event(links: list[Link]) -> None:
    assert (1, Wrong.CHANGED) in found(links, "envelope:8")


def test_the_format_is_a_promise() -> None:
    """Proofs that lie in people's archives were made with it: these values never change."""
    details = {"actor": "Žofie", "ip": "127.0.0.1", "data": {"b": [1, "ß"], "a": None}, "salt": "0" * 32}
    event = event_of(
        number=1,
        at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
        kind="drafted",
        actor_kind="user",
        about="recipient:2",
        details_digest=digest(details),
    )
    assert event["at"] == "2026-03-01T08:30:00.000000Z"
    assert event["details_digest"] == "318a787515d65c4ef967d810736f161d8d6b6b826d48ef57adbbdd237591e5a8"
    assert event_hash(FIRST, NAME, event) == "be5a54d7e7442bad11a82762c3573c6377f8d58b2a93c5a8890ad0cb188187ab"
