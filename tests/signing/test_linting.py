"""What is found before sending: a table of rules, over rows that were never saved."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.lettering import undrawable
from signing.linting import Composition, Severity, composition_of, has_errors, lint
from signing.models import Document, Envelope, Recipient, RecipientKind, Tab, TabKind
from tests.factories import make_draft

A4 = [[595.0, 842.0]]
Change = Callable[[dict[str, Any]], object]


def recipient(pk: int = 1, **columns: Any) -> Recipient:
    defaults = {"number": pk, "name": f"P {pk}", "email": f"p{pk}@example.com", "kind": RecipientKind.SIGNER}
    return Recipient(pk=pk, **(defaults | columns))


def tab(pk: int = 1, of: int = 1, **columns: Any) -> Tab:
    defaults = {"kind": TabKind.SIGN_HERE, "document_id": 1, "page": 1, "x": 100, "y": 100 * pk}
    return Tab(pk=pk, recipient_id=of, **(defaults | columns))


def anchored(pk: int = 1, of: int = 1, anchor: str = "/sn1/", **columns: Any) -> Tab:
    return Tab(pk=pk, recipient_id=of, anchor=anchor, kind=columns.pop("kind", TabKind.SIGN_HERE), **columns)


def document(pk: int = 1, **columns: Any) -> Document:
    return Document(pk=pk, **({"number": pk, "name": "Lease", "page_sizes": A4} | columns))


def sound() -> dict[str, Any]:
    """A composition in which nothing is found."""
    return {
        "envelope": Envelope(subject="Lease", reminder_delay_days=3, expire_after_days=120),
        "documents": [document()],
        "recipients": [recipient(1), recipient(2, routing_order=2)],
        "tabs": [tab(1, 1), tab(2, 2), anchored(3, 1)],
        "anchor_counts": {"/sn1/": 1},
    }


def codes(**changes: Any) -> list[str]:
    return [finding.code for finding in lint(Composition(**(sound() | changes)))]


def with_tabs(*tabs: Tab) -> dict[str, Any]:
    return {"tabs": [tab(1, 1), tab(2, 2), *tabs]}


def with_person(**columns: Any) -> dict[str, Any]:
    return {"recipients": [recipient(1, **columns), recipient(2, routing_order=2)]}


def radios(*chosen: str, options: tuple[str, ...] = ("a", "b")) -> dict[str, Any]:
    buttons = [
        tab(10 + n, kind=TabKind.RADIO, group="g", options=[option], value=value, y=300 + 30 * n)
        for n, (value, option) in enumerate(zip(chosen, options, strict=False))
    ]
    return with_tabs(*buttons)


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("no_documents", {"documents": [], "tabs": [anchored(1, 1), anchored(2, 2)]}),
        ("nobody_acts", {"recipients": [], "tabs": []}),
        ("nobody_acts", {"recipients": [recipient(kind=RecipientKind.CARBON_COPY)], "tabs": []}),
        ("no_name", with_person(name=" ")),
        ("no_email", with_person(email="")),
        ("no_host", with_person(kind=RecipientKind.IN_PERSON_SIGNER, host_name="Hal")),
        ("no_access_code", with_person(verification="access_code")),
        ("code_without_link", with_person(verification="email_code", delivery="docusign")),
        ("duplicate", {"recipients": [recipient(1), recipient(2, name="p 1", email="P1@example.com")]}),
        ("no_signature", {"tabs": [tab(1, 1)]}),
        ("no_signature", {"tabs": [tab(1, 1), tab(2, 2, kind=TabKind.DATE_SIGNED)]}),
        ("anchor_missing", with_tabs(anchored(3, 1, "/nowhere/"))),
        ("no_page", with_tabs(tab(3, page=2))),
        ("off_page", with_tabs(tab(3, x=595))),
        ("off_page", with_tabs(tab(3, y=9000))),
        ("empty_list", with_tabs(tab(3, kind=TabKind.LIST))),
        ("locked_empty", with_tabs(tab(3, kind=TabKind.TEXT, locked=True))),
        ("two_chosen", radios("a", "b")),
        ("same_choice", radios("", "", options=("a", "a"))),
        ("same_choice", radios("", "", options=("", "a"))),
        ("no_subject", {"envelope": Envelope(subject=" ")}),
    ],
)
def test_these_are_errors(code: str, changes: dict[str, Any]) -> None:
    findings = lint(Composition(**(sound() | changes)))
    assert [finding.code for finding in findings if finding.severity == Severity.ERROR] == [code]
    assert has_errors(findings)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("image_only", {"textless": {1: [1]}}),
        ("undrawable_name", with_person(name="Ann 🦊")),
        ("shared_address", {"recipients": [recipient(1), recipient(2, email="p1@example.com")]}),
        ("idle_fields", {"recipients": [recipient(1), recipient(2, kind=RecipientKind.CARBON_COPY)]}),
        ("anchor_often", {"anchor_counts": {"/sn1/": 11}}),
        ("over_edge", with_tabs(tab(3, x=590))),
        ("too_small", with_tabs(tab(3, kind=TabKind.TEXT, width=100, height=8))),
        ("overlap", with_tabs(tab(3, 2, x=110, y=105))),
        ("value_too_long", with_tabs(tab(3, kind=TabKind.TEXT, value="long", max_length=3))),
        ("single_choice", radios("")),
        ("late_reminder", {"envelope": Envelope(subject="x", reminder_delay_days=9, expire_after_days=9)}),
    ],
)
def test_these_are_warnings(code: str, changes: dict[str, Any]) -> None:
    findings = lint(Composition(**(sound() | changes)))
    assert [finding.code for finding in findings] == [code]
    assert not has_errors(findings)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tabs": [tab(1, 1, kind=TabKind.APPROVE), tab(2, 2)]}, id="an approver approves"),
        pytest.param(with_tabs(tab(3, y=136)), id="fields that touch"),
        pytest.param(with_tabs(tab(3, y=130)), id="a little overlap"),
        pytest.param(with_tabs(tab(3, kind=TabKind.DATE_SIGNED, width=30, height=9)), id="small and never touched"),
        pytest.param(radios("a", ""), id="one of two chosen"),
        pytest.param({"recipients": [recipient(1), recipient(2, email="P1@example.com", routing_order=2)]}, id="twice"),
        pytest.param({"recipients": [recipient(1), recipient(2)], "tabs": [tab(1), tab(2, 2)]}, id="at the same time"),
        pytest.param(
            with_person(
                kind=RecipientKind.IN_PERSON_SIGNER, email="", host_name="Hal Host", host_email="hal@example.com"
            ),
            id="a host instead of an address",
        ),
    ],
)
def test_nothing_is_said_of(changes: dict[str, Any]) -> None:
    assert codes(**changes) == []


def test_templates_need_neither_names_nor_subject() -> None:
    roles = [recipient(1, name="", email="", role_name="Tenant"), recipient(2, name="", email="", role_name="Landlord")]
    assert codes(envelope=Envelope(status="template"), recipients=roles) == []


def test_errors_come_first() -> None:
    findings = lint(Composition(**(sound() | {"textless": {1: [1]}} | with_person(email=""))))
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING]


def test_a_finding_names_its_place() -> None:
    (finding,) = lint(Composition(**(sound() | with_tabs(tab(7, 2, page=9)))))
    assert (finding.recipient_number, finding.tab_id, finding.step) == (2, 7, "fields")


def test_of_each_kind_only_so_many_are_said() -> None:
    assert len(lint(Composition(**(sound() | with_tabs(*(tab(n, page=9) for n in range(3, 2000))))))) == 20


def test_runs_of_pages_are_said_in_short() -> None:
    (finding,) = lint(Composition(**(sound() | {"textless": {1: [1, 2, 3, 7]}})))
    assert "pages 1–3, 7" in finding.text


@pytest.mark.parametrize(
    "name",
    [
        "Ann Bee",
        "Łukasz Żółć",
        "Νίκος",
        "Юлія",
        "محمد",
        "דנה",
        "अनिता",
        "สมชาย",
        "王小明",
        "山田 太郎",
        "김민수",
        "O’Neil-Smith 3rd.",
    ],
)
def test_these_names_can_be_drawn(name: str) -> None:
    assert undrawable(name) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ann 🦊🦊", "🦊"), ("ᏣᎳᎩ", "Ꮳ Ꮃ Ꭹ"), ("A\x07b", "U+0007"), ("A\ue000", "U+E000"), ("ქეთი", "ქ ე თ ი")],
)
def test_these_cannot_all_be_drawn(name: str, letters: str) -> None:
    assert undrawable(name) == letters


@pytest.mark.django_db
def test_what_the_documents_say_is_looked_up_and_remembered(django_assert_num_queries: Any) -> None:
    envelope = make_draft()
    first = composition_of(envelope)
    assert first.anchor_counts == {"/sn1/": 1, "/sn2/": 1}
    for stored in envelope.documents.all():
        stored.file.storage.delete(stored.file.name)
    assert composition_of(envelope) == first


any_text = st.text(max_size=6)
small = st.one_of(st.none(), st.integers(0, 3000))
documents = st.lists(
    st.builds(
        document,
        pk=st.integers(1, 3),
        page_sizes=st.lists(st.lists(st.floats(1, 3000), min_size=2, max_size=2), max_size=2),
    ),
    max_size=3,
)
recipients = st.lists(
    st.builds(
        recipient,
        pk=st.integers(1, 4),
        name=any_text,
        email=any_text,
        kind=st.sampled_from(RecipientKind),
        verification=st.sampled_from(["none", "access_code", "email_code"]),
        delivery=st.sampled_from(["portal", "docusign"]),
        routing_order=st.integers(1, 3),
    ),
    max_size=5,
)
tabs = st.lists(
    st.builds(
        tab,
        pk=st.integers(1, 50),
        of=st.integers(1, 5),
        kind=st.sampled_from(TabKind),
        anchor=any_text,
        document_id=st.one_of(st.none(), st.integers(1, 4)),
        page=small,
        x=small,
        y=small,
        width=small,
        height=small,
        value=any_text,
        group=any_text,
        options=st.lists(any_text, max_size=3),
        max_length=small,
        locked=st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(documents, recipients, tabs, st.dictionaries(any_text, st.integers(0, 20)), any_text)
def test_no_rows_make_it_crash_and_every_finding_can_be_read(
    documents: list[Document], recipients: list[Recipient], tabs: list[Tab], counts: dict[str, int], subject: str
) -> None:
    textless = {d.number: [1] for d in documents}
    findings = lint(Composition(Envelope(subject=subject), documents, recipients, tabs, counts, textless))
    assert all(finding.text and "%(" not in finding.text for finding in findings)
    assert [f.severity for f in findings] == sorted((f.severity for f in findings), key=lambda s: s != Severity.ERROR)
