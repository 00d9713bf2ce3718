"""Bulk send as staff meet it: every page and door, in the order of the work."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from signing import tasks
from signing.bulk import batches, results
from signing.models import BulkBatch, Template
from tests.bulk import PEOPLE, make_checked, make_read, make_template, many, send_all, states
from tests.factories import make_staff
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

BAD = "Name,Email,Rent\nAnn,ann@example.com,1\n\"=cmd|'/c calc'!A1\",carl@,2\n"


def address(door: str, batch: BulkBatch) -> str:
    return reverse(f"admin:signing_bulkbatch_{door}", args=[batch.pk])


def page(browser: Browser, url: str) -> str:
    response = browser.get(url, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def downloaded(browser: Browser, url: str) -> list[list[str]]:
    response: Any = browser.get(url)
    assert "attachment" in response["Content-Disposition"]
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def upload(browser: Browser, template: Template, content: bytes = PEOPLE.encode(), **fields: Any) -> Any:
    file = SimpleUploadedFile("Tenants 2026.csv", content)
    data = {"template": template.pk, "file": file, "mode": "single", **fields}
    return browser.post("/admin/signing/bulkbatch/add/", data)


def test_an_upload_is_kept_and_read_by_a_worker(admin_browser: Browser) -> None:
    response = upload(admin_browser, make_template())
    batch = BulkBatch.objects.get()
    assert response["Location"] == address("change", batch)
    assert (batch.name, batch.file_name, batch.status) == ("Tenants 2026", "Tenants 2026.csv", "reading")
    assert "rows read so far" in page(admin_browser, address("change", batch))
    tasks.drive_bulk()
    tasks.drive_bulk_batch(batch.pk)
    assert "Which column fills what?" in page(admin_browser, address("change", batch))


def test_without_template_or_file_nothing_begins(admin_browser: Browser) -> None:
    make_template()
    response = admin_browser.post("/admin/signing/bulkbatch/add/", {})
    assert response.status_code == 422
    assert "Choose a template." in response.content.decode()
    assert "Choose a file." in response.content.decode()
    assert not BulkBatch.objects.exists()


def test_a_file_too_large_is_refused_at_its_field(admin_browser: Browser) -> None:
    response = upload(admin_browser, make_template(), b"x" * (10 * 2**20 + 1))
    assert "larger than 10.0" in response.content.decode()


def test_who_has_no_template_is_told_what_is_needed(admin_browser: Browser) -> None:
    assert "needs a template" in page(admin_browser, "/admin/signing/bulkbatch/add/")


def test_an_archived_template_is_not_offered(admin_browser: Browser) -> None:
    template = make_template()
    Template.objects.update(archived_at=template.created_at)
    assert upload(admin_browser, template).status_code == 422
    assert not BulkBatch.objects.exists()


def test_what_cannot_be_read_offers_another_file_and_another_encoding(admin_browser: Browser) -> None:
    batch = make_read("Name,Email\n")
    assert "could not be read" in page(admin_browser, address("change", batch))
    file = SimpleUploadedFile("better.csv", PEOPLE.encode())
    admin_browser.post(address("file", batch), {"file": file})
    tasks.drive_bulk_batch(batch.pk)
    assert "better.csv: 2 rows." in page(admin_browser, address("change", batch))
    admin_browser.post(address("encoding", batch), {"encoding": "cp1250"})
    tasks.drive_bulk_batch(batch.pk)
    assert "Central European" in page(admin_browser, address("change", batch))


def test_columns_are_chosen_beside_their_first_values(admin_browser: Browser) -> None:
    batch = make_read()
    shown = page(admin_browser, address("columns", batch))
    assert "What could be guessed is chosen already" in shown
    assert "ann@example.com" in shown
    response = admin_browser.post(address("columns", batch), {"t0": "0", "t1": "1", "t2": ""})
    assert response["Location"] == address("change", batch)
    batch.refresh_from_db()
    assert (batch.status, batch.mapping) == ("checking", {"name:1": [0], "email:1": [1]})


def test_what_is_needed_must_have_a_column(admin_browser: Browser) -> None:
    batch = make_read()
    response = admin_browser.post(address("columns", batch), {"t0": "0", "t1": "", "t2": "99"})
    assert response.status_code == 422
    assert "Choose the column that fills this." in response.content.decode()


def test_the_dry_run_shows_what_is_wrong_and_what_they_get(admin_browser: Browser) -> None:
    batch = make_checked(BAD, make_template(message="Dear {{Name}}"))
    shown = page(admin_browser, address("change", batch))
    for text in ("Send 1 envelope", "1 row", "Tenant, Email: Not an email address.", "Dear Ann"):
        assert text in shown
    only_bad = page(admin_browser, f"{address('change', batch)}?show=bad&edit=3")
    assert 'value="carl@"' in only_bad
    assert "ann@example.com" not in only_bad.split('id="rows"')[1]


def test_one_row_is_corrected_in_its_place(admin_browser: Browser) -> None:
    batch = make_checked(BAD)
    fixed = {"number": "3", "show": "bad", "c0": "Carl", "c1": "carl@example.com", "c2": "2"}
    response = admin_browser.post(address("row", batch), fixed)
    assert response["Location"] == f"{address('change', batch)}?show=bad#rows"
    assert states(batch) == ["ready", "ready"]
    admin_browser.post(address("row", batch), {"number": "3", "_leave_out": "1"})
    assert states(batch) == ["ready", "left_out"]


@pytest.mark.parametrize("number", ["", "x", "99", "-1"])
def test_a_row_that_is_not_there_cannot_be_corrected(admin_browser: Browser, number: str) -> None:
    batch = make_checked()
    response = admin_browser.post(address("row", batch), {"number": number}, follow=True)
    assert "can no longer be changed" in response.content.decode()


def test_rows_to_correct_can_be_downloaded_with_the_reasons(admin_browser: Browser) -> None:
    batch = make_checked(BAD)
    assert downloaded(admin_browser, address("bad_csv", batch)) == [
        ["Row", "Name", "Email", "Rent", "What is wrong"],
        ["3", "'=cmd|'/c calc'!A1", "carl@", "2", "Tenant, Email: Not an email address."],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "plain"])
def test_no_download_holds_a_formula(admin_browser: Browser, cell: str) -> None:
    batch = make_checked()
    batch.rows.filter(number=2).update(data=[cell, "ann@example.com", "1"])
    from_csv = downloaded(admin_browser, address("result_csv", batch))[1][1]
    response: Any = admin_browser.get(address("result_xlsx", batch))
    workbook = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    in_sheet = workbook.worksheets[0]["B2"]
    assert from_csv == in_sheet.value == ("plain" if cell == "plain" else f"'{cell}")
    assert in_sheet.data_type == "s"


def test_the_whole_way_by_the_doors(admin_browser: Browser, docusign: SandboxProcess) -> None:
    batch = make_checked(many(25))
    admin_browser.post(address("start", batch))
    batch.refresh_from_db()
    assert batch.status == "sending"
    assert "Pause" in page(admin_browser, address("change", batch))
    tasks.drive_bulk_batch(batch.pk)
    admin_browser.post(address("pause", batch))
    assert "Go on" in page(admin_browser, address("change", batch))
    admin_browser.post(address("start", batch))
    send_all(batch)
    assert "25 of 25 sent." in page(admin_browser, address("live", batch))
    result = downloaded(admin_browser, address("result_csv", batch))
    assert len(result) == 26
    envelope = batch.rows.get(number=2).envelope
    assert envelope
    assert result[1][:6] == ["2", "Person 1", "person1@example.com", "1", "Sent", ""]
    assert result[1][-1] == envelope.docusign_id


def test_the_bar_does_not_wait_for_the_next_wave(admin_browser: Browser, docusign: SandboxProcess) -> None:
    batch = make_checked()
    batches.start(batch)
    tasks.drive_bulk_batch(batch.pk)
    for row in batch.rows.all():
        tasks.send_envelope(row.envelope_id)
    assert "2 of 2 sent." in page(admin_browser, address("live", batch))


def test_a_cancelled_batch_leaves_the_rest_out(admin_browser: Browser) -> None:
    batch = make_checked()
    batches.start(batch)
    response = admin_browser.post(address("cancel", batch), follow=True)
    assert "nothing more is sent" in response.content.decode()
    assert states(batch) == ["left_out", "left_out"]


def test_what_was_not_sent_can_be_thrown_away_and_what_was_cannot(admin_browser: Browser) -> None:
    sent = make_checked()
    batches.start(sent)
    unsent = make_checked()
    for batch in (sent, unsent):
        admin_browser.post(address("discard", batch))
    assert list(BulkBatch.objects.all()) == [sent]


def test_the_list_tells_how_far_each_is(admin_browser: Browser) -> None:
    batch = make_checked()
    batches.start(batch)
    listed = page(admin_browser, "/admin/signing/bulkbatch/")
    assert "Leases" in listed
    assert "0 of 2 sent" in listed


def test_pages_need_no_more_questions_for_more_rows(admin_browser: Browser, django_assert_max_num_queries: Any) -> None:
    few, lots = make_checked(many(10)), make_checked(many(300))
    with django_assert_max_num_queries(40) as first:
        page(admin_browser, address("change", few))
    with django_assert_max_num_queries(40) as second:
        page(admin_browser, address("change", lots))
    assert len(second) <= len(first) + 1


DOORS = {
    "change": "view",
    "live": "view",
    "bad_csv": "view",
    "result_csv": "view",
    "result_xlsx": "view",
    "columns": "change",
    "file": "change",
    "encoding": "change",
    "row": "change",
    "start": "send",
    "pause": "change",
    "cancel": "change",
    "retry": "send",
    "discard": "delete",
}
LOOKING = {door for door, needed in DOORS.items() if needed == "view"}
RIGHTS: dict[str, list[str]] = {
    "none": [],
    "view": ["view_bulkbatch"],
    "change": ["view_bulkbatch", "change_bulkbatch"],
    "send": ["view_bulkbatch", "change_bulkbatch", "add_envelope"],
    "delete": ["view_bulkbatch", "change_bulkbatch", "delete_bulkbatch"],
}
SUFFICES = {"view": {"view", "change", "send", "delete"}, "change": {"change", "send", "delete"}}


@pytest.mark.parametrize("rights", RIGHTS)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_opens_to_those_who_may(door: str, rights: str) -> None:
    batch = make_checked()
    user = make_staff("eve", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=("see_all", *RIGHTS[rights])))
    browser = Browser()
    browser.force_login(user)
    url = address(door, batch)
    response = browser.get(url) if door in LOOKING or door == "columns" else browser.post(url, {})
    may = rights in SUFFICES.get(DOORS[door], {DOORS[door]})
    if response.streaming:
        assert list(response)  # read to the end, which closes it
    assert (response.status_code != 403) is may
    assert may or BulkBatch.objects.get().status == "ready"


def test_who_may_not_add_one_cannot_upload() -> None:
    user = make_staff("eve", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=("see_all", *RIGHTS["change"])))
    browser = Browser()
    browser.force_login(user)
    assert browser.get("/admin/signing/bulkbatch/add/").status_code == 403
    assert upload(browser, make_template()).status_code == 403


@pytest.mark.parametrize("door", sorted(set(DOORS) - LOOKING - {"columns"}))
def test_what_changes_something_is_no_link(admin_browser: Browser, door: str) -> None:
    assert admin_browser.get(address(door, make_checked())).status_code == 405


def test_strangers_see_no_door(db: None) -> None:
    batch = make_checked()
    for door in DOORS:
        assert Browser().get(address(door, batch)).status_code == 302


def test_a_large_result_leaves_line_by_line(admin_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "EXCEL_MAX_ROWS", 1)
    batch = make_checked()
    assert admin_browser.get(address("result_xlsx", batch))["Location"] == address("result_csv", batch)
