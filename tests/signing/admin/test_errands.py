"""Long work from the list: asked for, done by a worker in turns, shown, taken away, cancelled."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from signing import errands, tasks
from signing.errands import queue
from signing.errands.exports import safe
from signing.models import Envelope, Errand, OutgoingMail, Recipient
from tests.clock import travel
from tests.deeds import send
from tests.factories import make_draft, make_sent, make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def begin(browser: Browser, deed: str, *envelopes: Envelope, **data: str) -> Errand:
    selected = [str(envelope.pk) for envelope in envelopes]
    response = browser.post("/admin/signing/envelope/many/", {"deed": deed, "selected": selected, **data})
    errand = Errand.objects.latest("pk")
    assert response["Location"] == f"/admin/signing/envelope/errands/{errand.pk}/"
    return errand


def finish(errand: Errand) -> Errand:
    tasks.run_errand(errand.pk)
    errand.refresh_from_db()
    return errand


def taken(browser: Browser, errand: Errand) -> bytes:
    response = browser.get(f"/admin/signing/envelope/errands/{errand.pk}/file/")
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_an_export_holds_all_that_the_filter_shows(admin_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.errands.exports.AT_ONCE", 2)
    for number in range(5):
        make_draft(subject=f"Draft {number}")
    make_sent()
    errand = finish(begin(admin_browser, "csv", filter_status="draft"))
    text = taken(admin_browser, errand).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Subject"] for row in rows] == [f"Draft {number}" for number in reversed(range(5))]
    assert rows[0]["Recipients"] == "Ann Bee <ann@example.com>; Carl Dee <carl@example.com>"
    assert (errand.state, errand.done) == ("done", 5)


def test_a_sheet_opens_and_runs_no_formula(admin_browser: Browser) -> None:
    make_draft(subject='=HYPERLINK("http://evil.example","click")')
    errand = finish(begin(admin_browser, "xlsx"))
    sheet = load_workbook(io.BytesIO(taken(admin_browser, errand))).active
    cell = sheet["B2"]
    assert cell.data_type == "s"
    assert cell.value == '\'=HYPERLINK("http://evil.example","click")'


@given(st.text(max_size=30))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not safe(text).startswith(FORMULAS)


def test_chosen_envelopes_come_as_a_zip_with_a_folder_each(admin_browser: Browser) -> None:
    first, second = make_draft(subject="One: a/b"), make_draft(subject="Two")
    archive = zipfile.ZipFile(io.BytesIO(taken(admin_browser, finish(begin(admin_browser, "zip", first, second)))))
    assert archive.namelist() == [
        f"{first.pk} One a b/as sent/01 Agreement.pdf",
        f"{second.pk} Two/as sent/01 Agreement.pdf",
    ]


def test_many_are_reminded_and_those_who_cannot_be_are_named(admin_browser: Browser) -> None:
    waiting, draft = make_sent(), make_draft(subject="Only a draft")
    errand = finish(begin(admin_browser, "remind", waiting, draft, note="Please."))
    assert OutgoingMail.objects.get(kind="reminder").note == "Please."
    assert errand.problems == [[draft.pk, "Only a draft", "It is not waiting for anyone."]]
    page = admin_browser.get(f"/admin/signing/envelope/errands/{errand.pk}/").content.decode()
    assert "Only a draft" in page


def test_many_are_voided_with_one_reason_in_the_name_of_who_asked(
    admin_browser: Browser, docusign: SandboxProcess
) -> None:
    one, two = send(), send(make_draft(subject="Second"))
    errand = finish(begin(admin_browser, "void", one, two, reason="Superseded."))
    assert (errand.state, errand.done, errand.problems) == ("done", 2, [])
    for envelope in (one, two):
        envelope.refresh_from_db()
        assert (envelope.status, envelope.voided_reason) == ("voided", "Superseded.")
        assert envelope.events.get(kind="void_asked").actor_name == "Dana Field"


def test_void_asks_for_a_reason_and_nothing_chosen_is_said(admin_browser: Browser) -> None:
    envelope = make_sent()
    for data, sentence in (
        ({"deed": "void", "selected": [envelope.pk]}, "Say why they are voided"),
        ({"deed": "remind"}, "Choose some envelopes first"),
        ({"deed": "remind", "selected": range(501)}, "At most 500 at once"),
    ):
        assert sentence in admin_browser.post("/admin/signing/envelope/many/", data, follow=True).content.decode()
    assert not Errand.objects.exists()


def test_a_long_errand_is_done_in_turns(admin_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = [make_draft() for _ in range(3)]
    errand = begin(admin_browser, "remind", *drafts)
    monkeypatch.setattr(queue, "SLICE_SECONDS", -1)
    for done in (1, 2, 3):
        assert errands.run(errand.pk).goes_on
        errand.refresh_from_db()
        assert (errand.state, errand.done) == ("queued", done)
    assert not errands.run(errand.pk).goes_on
    errand.refresh_from_db()
    assert (errand.state, len(errand.problems)) == ("done", 3)


def test_a_killed_worker_s_errand_is_found_again(admin_browser: Browser) -> None:
    errand = begin(admin_browser, "csv")
    assert errands.unfinished(timezone.now()) == [errand.pk]
    Errand.objects.update(state="running", lease_until=timezone.now() + queue.LEASE)
    assert errands.unfinished(timezone.now()) == []
    assert finish(errand).state == "running"  # somebody else is at it
    with travel(queue.LEASE + timedelta(seconds=1)):
        assert errands.unfinished(timezone.now()) == [errand.pk]
        assert finish(errand).state == "done"


def test_a_cancelled_errand_is_not_begun(admin_browser: Browser) -> None:
    errand = begin(admin_browser, "csv")
    admin_browser.post(f"/admin/signing/envelope/errands/{errand.pk}/cancel/")
    assert finish(errand).state == "cancelled"


def test_a_cancelled_errand_stops_when_it_next_tells_how_far_it_is(
    admin_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.errands.progress.TELL_EVERY_SECONDS", -1)
    monkeypatch.setattr("signing.errands.exports.AT_ONCE", 1)
    for _ in range(3):
        make_draft()
    errand = begin(admin_browser, "csv")
    rows = queue.exports.with_facts

    def cancelled_meanwhile(ids: list[int]) -> list[Envelope]:
        errands.cancel(errand)
        return rows(ids)

    monkeypatch.setattr("signing.errands.exports.with_facts", cancelled_meanwhile)
    finish(errand)
    assert (errand.state, errand.file.name) == ("cancelled", "")


def test_the_bar_is_fed_by_a_small_answer(admin_browser: Browser) -> None:
    errand = begin(admin_browser, "remind", make_draft(), make_draft())
    url = f"/admin/signing/envelope/errands/{errand.pk}/state/"
    assert admin_browser.get(url).json() == {
        "state": "queued",
        "words": "Waiting for a worker",
        "done": 0,
        "percent": 0,
    }
    finish(errand)
    assert admin_browser.get(url).json()["percent"] == 100


def test_an_errand_is_its_askers_alone(admin_browser: Browser) -> None:
    errand = finish(begin(admin_browser, "csv"))
    other = Browser()
    other.force_login(make_staff("robin"))
    for tail in ("", "state/", "file/"):
        assert other.get(f"/admin/signing/envelope/errands/{errand.pk}/{tail}").status_code == 404
    assert other.post(f"/admin/signing/envelope/errands/{errand.pk}/cancel/").status_code == 404


def test_trouble_with_docusign_ends_an_errand_with_its_sentence(admin_browser: Browser, staff: User) -> None:
    envelope = make_sent()
    errand = finish(begin(admin_browser, "void", envelope, reason="x"))
    assert errand.state == "failed"
    assert "not connected to Docusign" in errand.error


def test_old_errands_go_with_their_files(admin_browser: Browser) -> None:
    errand = finish(begin(admin_browser, "csv"))
    path = errand.file.path
    with travel(timedelta(days=8)):
        tasks.prune()
    assert not Errand.objects.exists()
    with pytest.raises(FileNotFoundError), open(path):
        pass
    assert Recipient.objects.count() == 0
