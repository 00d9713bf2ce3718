"""The list of envelopes: what it says, finds, filters and counts, and what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signing import authoring, listing
from signing.authoring import SignerInput, TabInput
from signing.listing import Filter
from signing.models import Envelope, OutgoingMail, Recipient, SavedView, TabKind
from tests.factories import make_draft, make_sent, make_staff

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/signing/envelope/"


def page(browser: Browser, query: str = "") -> str:
    response = browser.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def subjects(browser: Browser, query: str = "") -> list[str]:
    return re.findall(r'<td class="sp-list__subject"><a href="[^"]+">([^<]+)</a>', page(browser, query))


def sent(subject: str, **fields: Any) -> Envelope:
    number = Envelope.objects.count() + 1
    envelope = make_sent(docusign_id=f"{number:08}-2222-3333-4444-555555555555", **fields)
    authoring.finding.index(envelope)
    Envelope.objects.filter(pk=envelope.pk).update(subject=subject)
    envelope.refresh_from_db()
    authoring.finding.index(envelope)
    return envelope


def bulk(count: int, staff: User) -> None:
    Envelope.objects.bulk_create(
        Envelope(created_by=staff, owner=staff, subject=f"Envelope {n}", status="draft") for n in range(count)
    )
    rows = Envelope.objects.filter(recipients=None)
    Recipient.objects.bulk_create(
        Recipient(envelope=row, number=number, name=f"Person {number}", email="p@example.com")
        for row in rows
        for number in (1, 2)
    )


def test_each_person_has_a_line_with_state_and_age(admin_browser: Browser) -> None:
    envelope = sent("Lease", recipient_statuses=("completed", "sent"))
    now = timezone.now()
    envelope.recipients.filter(number=1).update(signed_at=now - timedelta(days=4))
    envelope.recipients.filter(number=2).update(sent_at=now - timedelta(days=3, hours=2))
    text = page(admin_browser)
    assert "signed 4 days ago" in text
    assert "waiting 3 days, not opened" in text


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("consult", True),
        ("agreement CONSULTING", True),
        ("bee ann", True),
        ("carl@example.com", True),
        ("Agreement", True),
        ("00000001-2222-3333-4444-555555555555", True),
        ("00000001-2222", True),
        ("sulting", False),
        ("consulting zebra", False),
        ("99999999-2222", False),
        ("#999", False),
    ],
)
def test_search_goes_by_beginnings_of_words_and_by_ids(admin_browser: Browser, question: str, found: bool) -> None:
    sent("Consulting agreement")
    assert subjects(admin_browser, f"q={question.replace('#', '%23')}") == (["Consulting agreement"] if found else [])


def test_search_finds_our_own_number(admin_browser: Browser) -> None:
    envelope = sent("Lease")
    assert subjects(admin_browser, f"q=%23{envelope.pk}") == ["Lease"]
    assert subjects(admin_browser, f"q={envelope.pk}") == ["Lease"]


def test_search_knows_neither_case_nor_accents_and_finds_characters_without_spaces(admin_browser: Browser) -> None:
    tabs = (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),)
    make_draft(subject="Überlassung 業務委託契約書", signers=[SignerInput("José Núñez", "j@example.com", 1, tabs)])
    for question in ("uber", "jose nunez", "契約"):
        assert len(subjects(admin_browser, f"q={question}")) == 1, question


def test_a_changed_draft_is_found_by_its_new_words_alone(admin_browser: Browser) -> None:
    draft = make_draft(subject="First title")
    authoring.save_text(draft, subject="Second title", message="")
    assert subjects(admin_browser, "q=first") == []
    assert subjects(admin_browser, "q=second") == ["Second title"]


def test_common_words_alone_are_looked_for_in_the_latest_envelopes(
    admin_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.finding.RARE", 1)
    for subject in ("Lease of the hall", "Lease of the barn", "Sale of the barn", "Sale of the hall"):
        sent(subject)
    assert subjects(admin_browser, "q=lease+barn") == ["Lease of the barn"]


def test_filters_stand_in_the_address_and_combine(admin_browser: Browser, staff: User) -> None:
    robin = make_staff("robin")
    mine, theirs = sent("Mine"), sent("Theirs")
    Envelope.objects.filter(pk=theirs.pk).update(owner=robin)
    make_draft(subject="Draft")
    assert subjects(admin_browser, "owner=me&status=waiting") == ["Mine"]
    assert subjects(admin_browser, f"owner={robin.pk}") == ["Theirs"]
    assert subjects(admin_browser, "status=draft") == ["Draft"]
    assert subjects(admin_browser, "status=waiting&sort=oldest") == ["Mine", "Theirs"]
    assert subjects(admin_browser, "on=ANN@example.com") == ["Theirs", "Mine"]
    assert subjects(admin_browser, "on=carl@example.com") == []
    today = timezone.localdate()
    assert len(subjects(admin_browser, f"since={today}&until={today}")) == 3
    assert subjects(admin_browser, f"until={today - timedelta(days=1)}") == []
    assert mine.pk


def test_what_needs_attention_is_chosen_for_one_reason_or_any(admin_browser: Browser) -> None:
    sent("Fine", synced_at=timezone.now())
    bounced = sent("Bounced", synced_at=timezone.now())
    OutgoingMail.objects.create(
        envelope=bounced, kind="invitation", to_email="x@example.com", state="bounced", due_at=timezone.now()
    )
    drifted = sent("Drifted", synced_at=timezone.now())
    Envelope.objects.filter(pk=drifted.pk).update(drift=[["", "sent", "voided"]])
    assert subjects(admin_browser, "attention=mail_bounced") == ["Bounced"]
    assert subjects(admin_browser, "attention=any") == ["Drifted", "Bounced"]
    assert "Address refused" in page(admin_browser)


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-13-45",
        "owner=somebody",
        "template=-1",
        "attention=no+such",
        "after=abc",
        "status=,,",
        "sort=x",
        "q=%00",
        "on=%00",
        "owner=99999999999999999999999",
        "q=" + "x" * 5000,
    ],
)
def test_nonsense_in_the_address_is_no_error(admin_browser: Browser, query: str) -> None:
    sent("Lease")
    page(admin_browser, query)


def test_tabs_count_what_they_show(admin_browser: Browser) -> None:
    sent("Waiting one")
    make_draft()
    text = page(admin_browser)
    assert re.search(r"Waiting\s+<b>1</b>", text)
    assert re.search(r"Drafts\s+<b>1</b>", text)
    assert re.search(r"Completed\s+<b>0</b>", text)


def test_counting_stops_at_a_bound(admin_browser: Browser, staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("signing.listing", "signing.admin.envelope_list"):
        monkeypatch.setattr(f"{module}.COUNT_UP_TO", 2)
    bulk(4, staff)
    assert re.search(r"Drafts\s+<b>2\+</b>", page(admin_browser))


def test_pages_go_on_where_the_last_one_ended_and_back(
    admin_browser: Browser, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    bulk(8, staff)
    for query in ("", "sort=oldest"):
        seen, pages = [], []
        while True:
            text = page(admin_browser, query)
            found = re.findall(r"<td class=\"sp-list__subject\"><a href=\"[^\"]+\">([^<]+)</a>", text)
            pages.append((query, found))
            seen += found
            older = re.search(r'rel="next" href="\?([^"]+)"', text)
            if not older:
                break
            query = older[1].replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == 8
        newer = re.search(r'rel="prev" href="\?([^"]+)"', text)
        assert newer
        assert subjects(admin_browser, newer[1].replace("&amp;", "&")) == pages[-2][1]


def test_the_list_takes_the_same_queries_for_ten_and_for_sixty_rows(
    admin_browser: Browser, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 100)
    counts = []
    for more in (10, 50):
        bulk(more, staff)
        page(admin_browser)  # caches are warm
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text = page(admin_browser)
        counts.append(len(queries))
    assert text.count('name="selected"') == 60
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_no_query_of_the_list_counts_or_skips_rows_of_the_whole_table(admin_browser: Browser, staff: User) -> None:
    bulk(3, staff)
    with CaptureQueriesContext(connection) as queries:
        page(admin_browser, "q=envelope&owner=me&attention=any")
        page(admin_browser)
    for query in queries.captured_queries:
        sql = query["sql"]
        assert "OFFSET" not in sql
        assert "COUNT(" not in sql or "AS bounded" in sql, sql


def test_a_filter_survives_the_way_through_the_address() -> None:
    chosen = Filter.of({"q": "a&b", "status": "waiting", "owner": "me", "since": "2026-01-01"})
    from django.http import QueryDict

    assert Filter.of(QueryDict(chosen.query()).dict()) == chosen


def save(browser: Browser, **data: str) -> str:
    return browser.post(f"{ADDRESS}views/", data, follow=True).content.decode()


def test_a_view_is_saved_offered_replaced_and_forgotten(admin_browser: Browser) -> None:
    sent("Lease")
    assert "Saved as “Mine that wait”" in save(
        admin_browser, name=" Mine  that wait ", filter_status="waiting", filter_owner="me"
    )
    assert '<a href="?status=waiting&amp;owner=me"' in page(admin_browser)
    save(admin_browser, name="Mine that wait", filter_owner="me")
    view = SavedView.objects.get()
    assert view.query == "owner=me"
    save(admin_browser, forget=str(view.pk))
    assert not SavedView.objects.exists()


def test_a_view_is_its_makers_alone(admin_browser: Browser) -> None:
    other = make_staff("robin")
    view = SavedView.objects.create(user=other, name="Robins", query="owner=me")
    assert "Robins" not in page(admin_browser)
    save(admin_browser, forget=str(view.pk))
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_templates_are_not_in_the_list(admin_browser: Browser, staff: User) -> None:
    Envelope.objects.create(created_by=staff, owner=staff, subject="Template's content", status="template")
    assert subjects(admin_browser) == []
