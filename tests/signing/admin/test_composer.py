"""New envelope, first step: documents and recipients, what is kept and what is refused."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image
from pytest_django.fixtures import Settings

from signing import authoring
from signing.authoring import SignerInput, TabInput
from signing.models import Envelope, EnvelopeStatus, Tab, TabKind
from tests.composing import ADD, change_url, document_rows, first_step, pdf, person, person_rows, post
from tests.factories import make_draft, make_staff
from tests.pdf_files import draw_pdf, encrypted_pdf, pdf_without_pages

pytestmark = pytest.mark.django_db


def names(envelope: Envelope) -> list[str]:
    return [document.name for document in envelope.documents.all()]


def page_of(browser: Browser, envelope: Envelope) -> str:
    response = browser.get(change_url(envelope))
    assert response.status_code == 200
    return str(response.content.decode())


def refused(browser: Browser, data: dict[str, Any], sentence: str) -> Envelope:
    """The page again with the sentence; the draft kept."""
    response = post(browser, data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    return Envelope.objects.get()


def test_looking_at_the_page_makes_no_draft(admin_browser: Browser) -> None:
    assert admin_browser.get(ADD).status_code == 200
    assert not Envelope.objects.exists()


def test_several_files_keep_their_order_and_names(admin_browser: Browser) -> None:
    post(admin_browser, first_step(uploads=[pdf("First.pdf"), pdf("Zweiter Vertrag (ü).PDF")]))
    assert names(Envelope.objects.get()) == ["First", "Zweiter Vertrag (ü)"]


def test_the_first_document_gives_the_subject(admin_browser: Browser) -> None:
    post(admin_browser, first_step(uploads=[pdf("Lease.pdf")]))
    envelope = Envelope.objects.get()
    assert envelope.subject == "Please sign: Lease"
    authoring.save_text(envelope, subject="Our words", message="")
    post(admin_browser, first_step(documents=document_rows(envelope), uploads=[pdf("B.pdf")]), url=change_url(envelope))
    envelope.refresh_from_db()
    assert envelope.subject == "Our words"


def test_a_draft_may_be_saved_unfinished(admin_browser: Browser) -> None:
    assert post(admin_browser, first_step()).status_code == 302
    assert Envelope.objects.get().status == EnvelopeStatus.DRAFT


def test_a_saved_draft_comes_back_as_it_was(admin_browser: Browser) -> None:
    row = person(
        kind="certified_delivery",
        delivery="docusign",
        language="de",
        verification="access_code",
        access_code="Blue 42",
        private_message="Only for you",
    )
    post(admin_browser, first_step(row))
    page = page_of(admin_browser, Envelope.objects.get())
    for value in ('value="Ann Bee"', 'value="Blue 42"', "Only for you"):
        assert value in page
    for chosen in ("certified_delivery", "docusign", "de", "access_code"):
        assert f'<option value="{chosen}" selected>' in page


def test_a_blank_row_is_ignored(admin_browser: Browser) -> None:
    post(admin_browser, first_step(person(), person("", "")))
    assert Envelope.objects.get().recipients.count() == 1


def test_who_stays_keeps_their_fields(admin_browser: Browser) -> None:
    envelope = make_draft()
    kept = list(Tab.objects.values_list("pk", "recipient__name"))
    people = [dict(row, name=row["name"] + " Jr.") for row in person_rows(envelope)]
    post(admin_browser, first_step(*people, documents=document_rows(envelope)), url=change_url(envelope))
    assert list(Tab.objects.values_list("pk", "recipient__name")) == [(pk, f"{name} Jr.") for pk, name in kept]


def test_who_is_removed_takes_their_fields_along(admin_browser: Browser) -> None:
    envelope = make_draft()
    ann, carl = person_rows(envelope)
    people = (ann | {"DELETE": "on"}, carl)
    post(admin_browser, first_step(*people, documents=document_rows(envelope)), url=change_url(envelope))
    assert [tab.recipient.name for tab in Tab.objects.all()] == ["Carl Dee"]
    assert envelope.recipients.get().number == 2


def test_newcomers_get_the_lowest_free_number(admin_browser: Browser) -> None:
    envelope = make_draft()
    _ann, carl = person_rows(envelope)
    post(admin_browser, first_step(carl, person("Eve", "eve@example.com", 3)), url=change_url(envelope))
    assert list(envelope.recipients.values_list("number", "name")) == [(2, "Carl Dee"), (1, "Eve")]


@pytest.mark.parametrize(
    ("order", "expected"),
    [("3,1,2", ["C", "A", "B"]), (",,", ["A", "B", "C"]), ("2,2,1", ["C", "A", "B"]), ("x,9,1", ["A", "C", "B"])],
)
def test_documents_are_put_in_order(admin_browser: Browser, order: str, expected: list[str]) -> None:
    post(admin_browser, first_step(uploads=[pdf("A.pdf"), pdf("B.pdf"), pdf("C.pdf")]))
    envelope = Envelope.objects.get()
    wanted = {name: place for place, name in enumerate(expected, start=1)}
    places = dict(zip("ABC", order.split(","), strict=True)) if order != "3,1,2" else wanted
    documents = tuple(row | {"place": places[row["name"]]} for row in document_rows(envelope))
    post(admin_browser, first_step(documents=documents), url=change_url(envelope))
    assert names(envelope) == expected
    assert list(envelope.documents.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(("way", "expected"), [("up", ["B", "A", "C"]), ("down", ["A", "C", "B"])])
def test_a_document_is_moved_by_a_button_without_scripts(admin_browser: Browser, way: str, expected: list[str]) -> None:
    post(admin_browser, first_step(uploads=[pdf("A.pdf"), pdf("B.pdf"), pdf("C.pdf")]))
    envelope = Envelope.objects.get()
    second = envelope.documents.get(number=2)
    data = first_step(documents=document_rows(envelope), _move=f"{second.pk}:{way}")
    assert admin_browser.post(change_url(envelope), data).status_code == 302
    assert names(envelope) == expected


def test_fields_stay_on_their_document_when_the_order_changes(admin_browser: Browser) -> None:
    post(admin_browser, first_step(uploads=[pdf("A.pdf"), pdf("B.pdf")]))
    envelope = Envelope.objects.get()
    tab = TabInput(TabKind.SIGN_HERE, document_number=2, page=1, x=1, y=1)
    authoring.replace_signers(envelope, [SignerInput("Ann", "ann@example.com", tabs=[tab])])
    second = envelope.documents.get(number=2)
    data = first_step(*person_rows(envelope), documents=document_rows(envelope), _move=f"{second.pk}:up")
    admin_browser.post(change_url(envelope), data)
    document = Tab.objects.get().document
    assert document is not None
    assert (document.name, document.number) == ("B", 1)


def test_a_document_is_renamed(admin_browser: Browser) -> None:
    envelope = make_draft()
    documents = document_rows(envelope, name="Lease 2027")
    post(admin_browser, first_step(*person_rows(envelope), documents=documents), url=change_url(envelope))
    assert names(envelope) == ["Lease 2027"]


def test_a_document_is_removed_with_its_fields(admin_browser: Browser) -> None:
    envelope = make_draft()
    tab = TabInput(TabKind.SIGN_HERE, document_number=1, page=1, x=1, y=1)
    authoring.replace_signers(envelope, [SignerInput("Ann", "ann@example.com", tabs=[tab])])
    documents = document_rows(envelope, DELETE="on")
    post(admin_browser, first_step(*person_rows(envelope), documents=documents), url=change_url(envelope))
    assert not envelope.documents.exists()
    assert not Tab.objects.exists()


def replaced(browser: Browser, content: bytes) -> tuple[Envelope, Any]:
    """An envelope with a field on each of two pages, and its document replaced by `content`."""
    envelope = make_draft(content=draw_pdf("One", "Two"))
    tabs = [TabInput(TabKind.SIGN_HERE, document_number=1, page=page, x=50, y=60) for page in (1, 2)]
    authoring.replace_signers(envelope, [SignerInput("Ann", "ann@example.com", tabs=tabs)])
    documents = document_rows(envelope, file=pdf("New.pdf", content))
    response = post(browser, first_step(*person_rows(envelope), documents=documents), url=change_url(envelope))
    return envelope, response


def test_fields_stay_when_their_document_is_replaced(admin_browser: Browser) -> None:
    envelope, response = replaced(admin_browser, draw_pdf("Uno", "Due", "Tre"))
    assert response.status_code == 302
    assert Tab.objects.count() == 2
    assert [(d.name, d.page_count) for d in envelope.documents.all()] == [("New", 3)]


def test_fields_of_pages_that_are_no_more_go_and_it_is_said(admin_browser: Browser) -> None:
    _envelope, response = replaced(admin_browser, draw_pdf("Only one"))
    assert "One field stood on a page that this file does not have; it is gone." in response.content.decode()
    assert Tab.objects.get().page == 1


def test_a_bad_replacement_leaves_the_document_as_it_was(admin_browser: Browser) -> None:
    envelope, response = replaced(admin_browser, b"junk")
    assert "New.pdf: This is not a PDF." in response.content.decode()
    assert [(d.name, d.page_count) for d in envelope.documents.all()] == [("Agreement", 2)]


def picture(kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, "white").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "L")]
)
def test_a_picture_becomes_a_page_of_its_shape(admin_browser: Browser, kind: str, mode: str) -> None:
    post(admin_browser, first_step(uploads=[SimpleUploadedFile(f"Scan.{kind.lower()}", picture(kind, mode=mode))]))
    document = Envelope.objects.get().documents.get()
    ((width, height),) = document.page_sizes
    assert document.name == "Scan"
    assert (round(width), round(width / height, 2)) == (842, 1.5)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"hello", "This is not a PDF.", id="text"),
        pytest.param(draw_pdf()[:-300], "This PDF is incomplete", id="cut off"),
        pytest.param(encrypted_pdf(user_password="x"), "protected by a password", id="password"),
        pytest.param(pdf_without_pages(), "has no pages", id="no pages"),
        pytest.param(b"", "This file is empty.", id="empty"),
        pytest.param(picture("PNG")[:60], "This picture is damaged", id="cut-off picture"),
        pytest.param(picture("PNG", (20_000, 20_000), "1"), "more than 50 million pixels", id="picture bomb"),
        pytest.param(picture("PNG", (10_000, 9_500), "1"), "more than 50 million pixels", id="large picture"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Word file", id="old Word"),
        pytest.param(b"\0\0\0\x18ftypheic", "HEIC picture", id="HEIC"),
        pytest.param(b"PK\x03\x04junk", "This file is damaged", id="broken archive"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(admin_browser: Browser, content: bytes, sentence: str) -> None:
    envelope = refused(admin_browser, first_step(person(), uploads=[pdf("Bad.pdf", content)]), sentence)
    assert not envelope.documents.exists()
    assert envelope.recipients.get().email == "ann@example.com"


def test_a_bad_file_does_not_lose_the_good_ones(admin_browser: Browser) -> None:
    data = first_step(uploads=[pdf("Good.pdf"), pdf("Bad.pdf", b"x")])
    assert names(refused(admin_browser, data, "Bad.pdf: This is not")) == ["Good"]


def test_a_pdf_of_too_many_pages_is_refused(admin_browser: Browser) -> None:
    refused(admin_browser, first_step(uploads=[pdf(content=draw_pdf(*["x"] * 2001))]), "2,001 pages; the most is 2,000")


def test_a_file_over_the_limit_is_refused(admin_browser: Browser, settings: Settings) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000
    refused(admin_browser, first_step(uploads=[pdf()]), "This file is larger than 1000")


def test_files_over_the_total_are_refused(admin_browser: Browser, settings: Settings) -> None:
    settings.ENVELOPE_MAX_BYTES = len(draw_pdf()) + 10
    data = first_step(uploads=[pdf("A.pdf"), pdf("B.pdf")])
    assert names(refused(admin_browser, data, "B.pdf: Together the files")) == ["A"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param(person(email="nonsense"), "Enter a valid email address.", id="bad email"),
        pytest.param(person(name="x" * 101), "at most 100 characters", id="name too long"),
        pytest.param(person(routing_order=0), "greater than or equal to 1", id="order zero"),
        pytest.param(person(routing_order="first"), "Enter a whole number.", id="order in words"),
        pytest.param(person(kind="notary"), "is not one of the available choices", id="unknown kind"),
        pytest.param(person(host_email="x"), "Enter a valid email address.", id="bad host"),
        pytest.param(person(private_message="x" * 1001), "at most 1000 characters", id="message too long"),
    ],
)
def test_what_is_not_well_formed_is_said_at_its_place(
    admin_browser: Browser, row: dict[str, Any], sentence: str
) -> None:
    envelope = refused(admin_browser, first_step(row, person("Carl", "carl@example.com")), sentence)
    assert envelope.recipients.count() == 2


def test_the_saved_value_stays_where_a_new_one_is_not_well_formed(admin_browser: Browser) -> None:
    envelope = make_draft()
    ann, carl = person_rows(envelope)
    people = (ann | {"email": "ann@", "name": "Anna Bee"}, carl)
    assert post(admin_browser, first_step(*people), url=change_url(envelope)).status_code == 422
    recipient = envelope.recipients.get(number=1)
    assert (recipient.name, recipient.email) == ("Anna Bee", "ann@example.com")


def test_the_refused_page_goes_on_with_the_same_people(admin_browser: Browser) -> None:
    response = post(admin_browser, first_step(person(email="ann@")))
    envelope = Envelope.objects.get()
    page = response.content.decode()
    assert f'action="{change_url(envelope)}"' in page
    assert 'name="recipients-0-number" value="1"' in page
    assert 'value="ann@"' in page


def test_a_row_is_added_without_scripts(admin_browser: Browser) -> None:
    response = post(admin_browser, first_step(person()), button="_add")
    page = admin_browser.get(response["Location"].partition("#")[0]).content.decode()
    assert 'name="recipients-TOTAL_FORMS" value="2"' in page


def test_fields_are_placed_where_the_documents_ask_for_them(admin_browser: Browser) -> None:
    content = draw_pdf("Sign: /sn1/ /dt1/\nSign: /sn2/\n/sn3/")
    people = (person(), person("Carl", "c@example.com", 2), person("Cc", "cc@example.com", 3, kind="carbon_copy"))
    response = post(admin_browser, first_step(*people, uploads=[pdf(content=content)], _step="review"), button="_go")
    assert response["Location"].endswith("/review/")
    placed = [(tab.recipient.number, tab.anchor) for tab in Tab.objects.order_by("pk")]
    assert placed == [(1, "/sn1/"), (1, "/dt1/"), (2, "/sn2/")]


def test_nobody_who_has_fields_gets_others(admin_browser: Browser) -> None:
    envelope = make_draft()
    before = Tab.objects.count()
    data = first_step(*person_rows(envelope), documents=document_rows(envelope), _step="fields")
    post(admin_browser, data, url=change_url(envelope))
    assert Tab.objects.count() == before


def test_a_page_left_open_cannot_change_what_was_sent(admin_browser: Browser) -> None:
    envelope = make_draft()
    Envelope.objects.filter(pk=envelope.pk).update(status=EnvelopeStatus.SENDING)
    response = post(admin_browser, first_step(person("Changed")), url=change_url(envelope), follow=True)
    assert not envelope.recipients.filter(name="Changed").exists()
    assert "sent meanwhile" in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"recipients-TOTAL_FORMS": "x", "documents-TOTAL_FORMS": "-1"},
        first_step(person()) | {"recipients-TOTAL_FORMS": "100000"},
        first_step(person(number="x"), documents=({"pk": "x"}, {"pk": 99, "DELETE": "on"}, {})),
        first_step(person(number=999)) | {"_move": "x:up", "_step": "elsewhere"},
    ],
)
def test_a_mangled_form_never_crashes_and_removes_nobody(admin_browser: Browser, data: dict[str, Any]) -> None:
    envelope = make_draft()
    assert post(admin_browser, data, url=change_url(envelope)).status_code in (302, 422)
    if "recipients-0-name" not in data:
        assert envelope.recipients.count() == 2
    assert envelope.documents.count() == 1


def test_too_many_recipients_are_said_and_nobody_is_lost(admin_browser: Browser) -> None:
    people = [person(f"P {n}", f"p{n}@example.com") for n in range(101)]
    envelope = refused(admin_browser, first_step(*people), "at most 100 forms")
    assert not envelope.recipients.exists()


def test_the_first_page_of_a_document_is_shown(admin_browser: Browser) -> None:
    envelope = make_draft()
    response = admin_browser.get(f"/admin/signing/envelope/{envelope.pk}/documents/1/picture/")
    picture = Image.open(io.BytesIO(response.content))
    assert (response["Content-Type"], picture.format, picture.width) == ("image/png", "PNG", 480)
    assert "immutable" in response["Cache-Control"]


def suggested(browser: Browser, begun: str) -> list[str]:
    answer = browser.get("/admin/signing/envelope/people/", {"q": begun}).json()
    return [f"{p['name']} <{p['email']}>" for p in answer["people"]]


@pytest.mark.parametrize("begun", ["an", "ANN", "ann@ex", "bee", "Ann B"])
def test_past_recipients_are_suggested(admin_browser: Browser, begun: str) -> None:
    make_draft()
    make_draft()
    assert suggested(admin_browser, begun) == ["Ann Bee <ann@example.com>"]


@pytest.mark.parametrize("begun", ["", "a", "nobody", "nn", "%", "_"])
def test_nobody_is_suggested_for_too_little_or_nothing(admin_browser: Browser, begun: str) -> None:
    make_draft()
    assert suggested(admin_browser, begun) == []


def test_the_recipients_of_others_are_not_suggested(admin_browser: Browser) -> None:
    make_draft(make_staff("otto"))
    assert suggested(admin_browser, "ann") == []


def test_the_search_for_people_takes_two_queries_however_many_there_are(
    admin_browser: Browser, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        make_draft()
    with django_assert_max_num_queries(4):  # session and user among them
        suggested(admin_browser, "ann")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["change/", "review/", "documents/1/picture/"])
def test_nobody_without_permission_comes_near(path: str, method: str) -> None:
    envelope = make_draft()
    browser = Browser()
    browser.force_login(make_staff("guest", is_superuser=False))
    response = getattr(browser, method)(f"/admin/signing/envelope/{envelope.pk}/{path}")
    assert response.status_code in (403, 404)


def test_people_are_not_told_to_who_may_not_see_envelopes() -> None:
    browser = Browser()
    browser.force_login(make_staff("guest", is_superuser=False))
    assert browser.get("/admin/signing/envelope/people/?q=ann").status_code == 403
