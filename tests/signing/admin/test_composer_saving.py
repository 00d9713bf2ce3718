"""The composer saves by itself: what it answers, and what happens when two change the same draft."""

from typing import Any

import pytest
from django.test import Client as Browser

from signing import authoring
from signing.models import Envelope, EnvelopeStatus, Tab
from tests.composing import (
    ADD,
    autosave,
    change_url,
    document_rows,
    first_step,
    pdf,
    person,
    person_rows,
    post,
    review_url,
    settings_step,
)
from tests.factories import make_draft

pytestmark = pytest.mark.django_db


def as_shown(envelope: Envelope, *people: dict[str, Any], **extra: Any) -> dict[str, Any]:
    """The first step as the page of this moment would post it."""
    revision = authoring.people_revision(envelope)
    rows = people or person_rows(envelope)
    return first_step(*rows, documents=document_rows(envelope), revision=revision, **extra)


def test_the_first_change_makes_the_draft(admin_browser: Browser) -> None:
    response = autosave(admin_browser, first_step(person("Ann", "")))
    envelope = Envelope.objects.get()
    assert (response.status_code, response.json()["url"]) == (200, change_url(envelope))
    assert response.json()["numbers"] == {"0": 1}


def test_saving_again_changes_the_same_people(admin_browser: Browser) -> None:
    first = autosave(admin_browser, first_step(person("Ann", ""))).json()
    row = person("Ann Bee", "ann@example.com", number=first["numbers"]["0"])
    second = autosave(admin_browser, first_step(row, revision=first["revision"]), url=first["url"])
    assert second.status_code == 200
    assert [str(r) for r in Envelope.objects.get().recipients.all()] == ["Ann Bee <ann@example.com>"]


def test_the_answer_says_what_is_wrong_and_where(admin_browser: Browser) -> None:
    answer = autosave(admin_browser, first_step(person(), person("Carl", "carl@"))).json()
    assert answer["errors"] == {"recipients-1-email": ["Enter a valid email address."]}
    assert [r.name for r in Envelope.objects.get().recipients.all()] == ["Ann Bee", "Carl"]


def test_uploads_answer_with_the_documents_and_what_was_refused(admin_browser: Browser) -> None:
    answer = autosave(admin_browser, first_step(uploads=[pdf("Lease.pdf"), pdf("Bad.pdf", b"x")])).json()
    assert 'value="Lease"' in answer["documents"]
    assert "/review/" in answer["steps"]
    (problem,) = answer["problems"]
    assert problem.startswith("Bad.pdf: This is not a PDF.")


def test_without_new_documents_their_list_is_left_alone(admin_browser: Browser) -> None:
    envelope = make_draft()
    assert "documents" not in autosave(admin_browser, as_shown(envelope), url=change_url(envelope)).json()


def test_saving_by_itself_places_no_fields(admin_browser: Browser) -> None:
    envelope = make_draft()
    Tab.objects.all().delete()
    autosave(admin_browser, as_shown(envelope), url=change_url(envelope))
    assert not Tab.objects.exists()


def change_by_somebody_else(envelope: Envelope) -> None:
    envelope.recipients.filter(number=2).update(name="Carla Dee")


def test_a_change_by_somebody_else_is_told_and_not_overwritten(admin_browser: Browser) -> None:
    envelope = make_draft()
    ann, carl = person_rows(envelope)
    data = as_shown(envelope, ann | {"name": "Anna"}, carl)
    change_by_somebody_else(envelope)
    response = autosave(admin_browser, data, url=change_url(envelope))
    assert (response.status_code, "Somebody else" in response.json()["conflict"]) == (409, True)
    assert list(envelope.recipients.values_list("name", flat=True)) == ["Ann Bee", "Carla Dee"]


def test_the_same_is_told_without_scripts_and_what_was_typed_is_shown(admin_browser: Browser) -> None:
    envelope = make_draft()
    ann, carl = person_rows(envelope)
    data = as_shown(envelope, ann | {"name": "Anna Typed"}, carl)
    change_by_somebody_else(envelope)
    response = post(admin_browser, data, url=change_url(envelope))
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="Anna Typed"' in page
    assert 'name="_overwrite"' in page


def test_ones_own_can_be_saved_instead(admin_browser: Browser) -> None:
    envelope = make_draft()
    data = as_shown(envelope, _overwrite="1")
    change_by_somebody_else(envelope)
    assert autosave(admin_browser, data, url=change_url(envelope)).status_code == 200
    assert list(envelope.recipients.values_list("name", flat=True)) == ["Ann Bee", "Carl Dee"]


def test_files_are_kept_although_somebody_else_changed_the_draft(admin_browser: Browser) -> None:
    envelope = make_draft()
    data = as_shown(envelope, uploads=[pdf("More.pdf")])
    change_by_somebody_else(envelope)
    assert autosave(admin_browser, data, url=change_url(envelope)).status_code == 409
    assert [d.name for d in envelope.documents.all()] == ["Agreement", "More"]


def test_changes_of_the_other_steps_are_no_conflict(admin_browser: Browser) -> None:
    envelope = make_draft()
    data = as_shown(envelope)
    authoring.save_text(envelope, subject="Changed elsewhere", message="")
    Tab.objects.update(label="Changed elsewhere")
    assert autosave(admin_browser, data, url=change_url(envelope)).status_code == 200


def test_the_settings_save_themselves_and_the_findings_follow(admin_browser: Browser) -> None:
    envelope = make_draft()
    revision = authoring.settings_revision(envelope)
    data = settings_step(subject="", message="Hello", expire_after_days=0, revision=revision)
    answer = autosave(admin_browser, data, url=review_url(envelope)).json()
    envelope.refresh_from_db()
    assert (envelope.subject, envelope.message, envelope.expire_after_days) == ("", "Hello", 120)
    assert "The mail needs a subject." in answer["findings"]
    assert list(answer["errors"]) == ["expire_after_days"]


def test_a_change_of_the_settings_by_somebody_else_is_told(admin_browser: Browser) -> None:
    envelope = make_draft()
    data = settings_step(message="Mine", revision=authoring.settings_revision(envelope))
    authoring.save_text(envelope, subject="Theirs", message="Theirs")
    assert autosave(admin_browser, data, url=review_url(envelope)).status_code == 409
    assert post(admin_browser, data, url=review_url(envelope)).status_code == 409
    envelope.refresh_from_db()
    assert envelope.message == "Theirs"
    assert autosave(admin_browser, data | {"_overwrite": "1"}, url=review_url(envelope)).status_code == 200


@pytest.mark.parametrize("address", [change_url, review_url])
def test_a_page_that_saves_itself_is_led_away_from_what_was_sent(admin_browser: Browser, address: Any) -> None:
    envelope = make_draft()
    Envelope.objects.filter(pk=envelope.pk).update(status=EnvelopeStatus.SENDING)
    response = autosave(admin_browser, settings_step(), url=address(envelope))
    assert (response.status_code, response.json()["url"]) == (409, change_url(envelope))


def test_who_is_logged_out_saves_nothing() -> None:
    assert autosave(Browser(), first_step(person()), url=ADD).status_code == 302
    assert not Envelope.objects.exists()
