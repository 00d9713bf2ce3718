"""The field editor's doors: who may, what is saved, what is refused where."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from signing import templates
from signing.models import Envelope, EnvelopeStatus, Recipient, RecipientKind, Tab, TabKind
from tests.e2e.editor_states import BLANK, draft, every_kind, field, place, with_anchors
from tests.factories import make_staff
from tests.pdf_files import draw_pdf, form_pdf

pytestmark = pytest.mark.django_db

PAGES = ["fields/", "fields/?as=1", "fields/state/", "fields/anchor/?text=/sn1/", "fields/offers/1/"]
PICTURE = "documents/1/pages/1/"


@pytest.fixture
def envelope(staff: User) -> Envelope:
    return draft(draw_pdf("Sign: /sn1/\nSign: /SN1/", "Page two"))


def at(envelope: Envelope, tail: str) -> str:
    return f"/admin/signing/envelope/{envelope.pk}/{tail}"


def state_of(browser: Browser, envelope: Envelope) -> dict[str, Any]:
    response = browser.get(at(envelope, "fields/state/"))
    assert response.status_code == 200
    return dict(response.json())


def new(kind: str = "sign_here", **changes: Any) -> dict[str, Any]:
    """A field as the editor sends a new one."""
    size = {"kind": kind, "recipient": 1, "document": 1, "x": 100, "y": 100, "width": 120, "height": 36}
    return {"id": None} | BLANK | size | changes


def put(browser: Browser, envelope: Envelope, given: Any, revision: str | None = None) -> Any:
    revision = state_of(browser, envelope)["revision"] if revision is None else revision
    body = json.dumps({"revision": revision, "fields": given})
    return browser.put(at(envelope, "fields/state/"), body, content_type="application/json")


def rows(envelope: Envelope) -> list[Tab]:
    return list(Tab.objects.filter(recipient__envelope=envelope).order_by("pk"))


def colleague(*permissions: str) -> Browser:
    user = make_staff("colleague", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=("see_all", *permissions)))
    browser = Browser()
    browser.force_login(user)
    return browser


# Who may


@pytest.mark.parametrize("tail", [*PAGES, PICTURE])
def test_without_a_permission_nothing_is_seen(envelope: Envelope, tail: str) -> None:
    assert colleague().get(at(envelope, tail)).status_code == 403


@pytest.mark.parametrize("tail", PAGES)
def test_who_may_only_look_cannot_edit_fields(envelope: Envelope, tail: str) -> None:
    assert colleague("view_envelope").get(at(envelope, tail)).status_code == 403


def test_who_may_only_look_sees_pages(envelope: Envelope) -> None:
    assert colleague("view_envelope").get(at(envelope, PICTURE)).status_code == 200


@pytest.mark.parametrize("permissions", [(), ("view_envelope",), ("change_template",)])
def test_without_the_permission_nothing_is_saved(
    envelope: Envelope, admin_browser: Browser, permissions: tuple[str, ...]
) -> None:
    revision = state_of(admin_browser, envelope)["revision"]
    assert put(colleague(*permissions), envelope, [new()], revision).status_code == 403
    assert rows(envelope) == []


def test_what_a_template_holds_belongs_to_who_may_change_templates(envelope: Envelope, staff: User) -> None:
    content = templates.create(staff, name="Lease", source=envelope, is_published=False).content
    browser = colleague("change_template")
    assert browser.get(at(content, "fields/")).status_code == 200
    assert put(browser, content, [new()]).status_code == 200
    assert browser.get(at(envelope, "fields/")).status_code == 403


def test_strangers_are_sent_to_the_login(envelope: Envelope) -> None:
    response = Browser().get(at(envelope, "fields/"))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_saving_needs_the_page_s_token(envelope: Envelope, staff: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(staff)
    assert put(browser, envelope, []).status_code == 403


# What is shown


def test_the_page_holds_all_that_the_editor_needs(envelope: Envelope, admin_browser: Browser) -> None:
    html = admin_browser.get(at(envelope, "fields/")).content.decode()
    assert 'id="editor-state"' in html
    state = state_of(admin_browser, envelope)
    assert [page["name"] for page in state["documents"]] == ["Agreement"]
    assert state["documents"][0]["pages"] == [[595.28, 841.89]] * 2
    assert [(r["name"], r["colour"]) for r in state["recipients"]] == [("Ann Bee", "blue"), ("Carl Dee", "amber")]
    assert len(state["kinds"]) == len(TabKind)


def test_names_cannot_break_out_of_the_page(envelope: Envelope, admin_browser: Browser) -> None:
    Recipient.objects.filter(envelope=envelope).update(name="</script><script>alert(1)</script>")
    assert b"<script>alert(1)" not in admin_browser.get(at(envelope, "fields/")).content


@pytest.mark.parametrize("count", [1, 60])
def test_more_fields_cost_no_more_queries(
    envelope: Envelope, admin_browser: Browser, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    place(envelope, *(field(x=n) for n in range(count)))
    with django_assert_num_queries(6):  # session, user, envelope, recipients, documents, tabs
        assert len(state_of(admin_browser, envelope)["fields"]) == count


@pytest.mark.parametrize("status", [EnvelopeStatus.SENDING, EnvelopeStatus.SENT, EnvelopeStatus.COMPLETED])
def test_what_was_sent_is_not_edited(envelope: Envelope, admin_browser: Browser, status: str) -> None:
    revision = state_of(admin_browser, envelope)["revision"]
    Envelope.objects.filter(pk=envelope.pk).update(status=status, docusign_id="1" * 36)
    assert admin_browser.get(at(envelope, "fields/")).status_code == 302
    response = put(admin_browser, envelope, [new()], revision)
    assert response.status_code == 409
    assert "was sent meanwhile" in response.json()["message"]
    assert rows(envelope) == []


def test_a_preview_is_for_a_recipient_of_the_envelope(envelope: Envelope, admin_browser: Browser) -> None:
    assert b"filled with examples" in admin_browser.get(at(envelope, "fields/?as=2")).content
    assert admin_browser.get(at(envelope, "fields/?as=7")).status_code == 404


# Saving


def test_every_kind_is_saved_and_shown_again_as_it_was(admin_browser: Browser) -> None:
    envelope = every_kind()
    before = state_of(admin_browser, envelope)["fields"]
    Tab.objects.all().delete()
    given = [{**item, "id": None} for item in before]
    response = put(admin_browser, envelope, given)
    assert response.status_code == 200, response.json()
    after = state_of(admin_browser, envelope)
    assert [{**item, "id": None} for item in after["fields"]] == given
    assert response.json()["revision"] == after["revision"]


def test_a_field_keeps_its_row_when_it_moves(envelope: Envelope, admin_browser: Browser) -> None:
    (row,) = place(envelope, field())
    response = put(admin_browser, envelope, [new(id=row.pk, x=222, recipient=2)])
    assert response.json()["ids"] == {"0": row.pk}
    (moved,) = rows(envelope)
    assert (moved.pk, moved.x, moved.recipient.number) == (row.pk, 222, 2)


def test_a_field_at_a_text_has_no_position(envelope: Envelope, admin_browser: Browser) -> None:
    at_text = new(anchor="/sn1/", anchor_x_offset=8, anchor_y_offset=-2, x=-5, page=99)
    assert put(admin_browser, envelope, [at_text]).status_code == 200
    (tab,) = rows(envelope)
    assert (tab.anchor, tab.anchor_x_offset, tab.anchor_y_offset) == ("/sn1/", 8, -2)
    assert (tab.document, tab.page, tab.x, tab.y) == (None, None, None, None)


def test_what_is_not_sent_is_removed(envelope: Envelope, admin_browser: Browser) -> None:
    place(envelope, field(), field(x=300))
    assert put(admin_browser, envelope, []).status_code == 200
    assert rows(envelope) == []


def test_copies_with_the_same_id_become_rows_of_their_own(envelope: Envelope, admin_browser: Browser) -> None:
    (row,) = place(envelope, field())
    put(admin_browser, envelope, [new(id=row.pk), new(id=row.pk, x=300)])
    assert len(rows(envelope)) == 2


def test_a_row_of_another_envelope_is_never_touched(envelope: Envelope, admin_browser: Browser) -> None:
    (theirs,) = place(draft(), field(x=7))
    put(admin_browser, envelope, [new(id=theirs.pk, x=300)])
    theirs.refresh_from_db()
    assert theirs.x == 7
    assert rows(envelope)[0].pk != theirs.pk


def test_who_comes_second_is_told_so_and_nothing_is_lost(envelope: Envelope, admin_browser: Browser) -> None:
    revision = state_of(admin_browser, envelope)["revision"]
    assert put(admin_browser, envelope, [new()], revision).status_code == 200
    late = put(admin_browser, envelope, [], revision)
    assert late.status_code == 409
    assert "Someone else changed" in late.json()["message"]
    assert len(rows(envelope)) == 1


def test_changed_people_count_as_a_change(envelope: Envelope, admin_browser: Browser) -> None:
    revision = state_of(admin_browser, envelope)["revision"]
    envelope.recipients.get(number=2).delete()
    assert put(admin_browser, envelope, [new()], revision).status_code == 409


def test_a_size_becomes_what_docusign_will_draw(envelope: Envelope, admin_browser: Browser) -> None:
    put(admin_browser, envelope, [new(width=60, height=99), new("checkbox", x=300, width=80, height=80)])
    assert [(tab.width, tab.height) for tab in rows(envelope)] == [(60, 18), (15, 15)]


def test_what_a_kind_does_not_have_is_emptied(envelope: Envelope, admin_browser: Browser) -> None:
    put(admin_browser, envelope, [new(value="x", locked=True, max_length=3, validation_pattern="[")])
    (tab,) = rows(envelope)
    assert (tab.value, tab.locked, tab.max_length, tab.validation_pattern) == ("", False, None, "")


# Refusals, each at its property

REFUSED = {
    "no such recipient": (new(recipient=9), "recipient"),
    "no such document": (new(document=9), "document"),
    "no such page": (new(page=3), "page"),
    "left of the page": (new(x=-1), "x"),
    "right of the page": (new(x=600), "x"),
    "below the page": (new(y=900), "y"),
    "no place": (new(document=None, page=None, x=None, y=None), "document"),
    "an unknown kind": (new("stamp"), "kind"),
    "a font size that Docusign lacks": (new("text", font_size=13), "font_size"),
    "a broken pattern": (new("text", validation_pattern="["), "validation_pattern"),
    "a value that is too long": (new("text", value="12345", max_length=4), "value"),
    "a number that is none": (new("number", value="many"), "value"),
    "read only and empty": (new("text", locked=True), "value"),
    "a list of nothing": (new("list", options=[]), "__all__"),
    "a list of no list": (new("list", options="Red"), "__all__"),
    "a radio button for nothing": (new("radio", group="A", options=[]), "__all__"),
    "a radio button without a group": (new("radio", options=["yes"]), "group"),
    "a label that is too long": (new(label="x" * 101), "label"),
    "text for a number": (new(x="left"), "x"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_mistake_is_told_at_its_property(envelope: Envelope, admin_browser: Browser, what: str) -> None:
    wrong, name = REFUSED[what]
    response = put(admin_browser, envelope, [wrong])
    assert response.status_code == 422
    assert name in response.json()["errors"]["0"]
    assert rows(envelope) == []


def test_one_mistake_does_not_keep_the_others_from_being_saved(envelope: Envelope, admin_browser: Browser) -> None:
    (row,) = place(envelope, field(label="Before"))
    response = put(admin_browser, envelope, [new(id=row.pk, x=-5, label="After"), new(x=300)])
    assert response.status_code == 422
    assert [(tab.label, tab.x) for tab in rows(envelope)] == [("Before", 100), ("", 300)]


def test_who_only_receives_a_copy_has_no_fields(envelope: Envelope, admin_browser: Browser) -> None:
    envelope.recipients.filter(number=2).update(kind=RecipientKind.CARBON_COPY)
    response = put(admin_browser, envelope, [new(recipient=2)])
    assert "does not sign" in response.json()["errors"]["0"]["recipient"][0]


def test_buttons_of_a_group_stand_for_different_things(envelope: Envelope, admin_browser: Browser) -> None:
    twins = [new("radio", group="A", options=["yes"]), new("radio", group="A", options=["yes"], y=200)]
    assert list(put(admin_browser, envelope, twins).json()["errors"]) == ["1"]


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{}", '{"fields": 1, "revision": ""}', '{"fields": [1], "revision": ""}', "[" * 5000]
)
def test_nonsense_is_refused_calmly(envelope: Envelope, admin_browser: Browser, body: str) -> None:
    response = admin_browser.put(at(envelope, "fields/state/"), body, content_type="application/json")
    assert response.status_code in (400, 409)
    assert response.json()["message"]


def test_too_many_fields_are_refused_in_a_sentence(envelope: Envelope, admin_browser: Browser) -> None:
    response = put(admin_browser, envelope, [{"id": None}] * 3001)
    assert (response.status_code, response.json()["message"]) == (400, "At most 3000 fields can be placed.")


# Anchors, offers, pictures


def test_an_anchor_is_found_wherever_it_stands(admin_browser: Browser) -> None:
    envelope = with_anchors()
    found = admin_browser.get(at(envelope, "fields/anchor/"), {"text": "/sn1/"}).json()
    assert found["count"] == 3
    assert [place["page"] for place in found["places"]] == [1, 1, 2]
    left, top, right, bottom = found["places"][0]["box"]
    assert 72 < left < right < 200
    assert 70 < top < bottom < 100


@pytest.mark.parametrize("text", ["/nowhere/", "x", " ", ""])
def test_an_anchor_that_stands_nowhere_has_no_places(envelope: Envelope, admin_browser: Browser, text: str) -> None:
    found = admin_browser.get(at(envelope, "fields/anchor/"), {"text": text}).json()
    assert found == {"count": 0, "places": [], "problem": ""}


def test_a_form_is_offered(staff: User, admin_browser: Browser) -> None:
    offered = admin_browser.get(at(draft(form_pdf()), "fields/offers/1/")).json()
    assert {"Full name", "Newsletter"} <= {item["label"] for item in offered["form"]}


def test_places_that_ask_for_something_are_offered(staff: User, admin_browser: Browser) -> None:
    envelope = draft(draw_pdf("Signature: ______________"))
    (suggestion,) = admin_browser.get(at(envelope, "fields/offers/1/")).json()["suggestions"]
    assert suggestion["kind"] == "sign_here"


def test_a_browser_that_has_the_picture_is_sent_none(envelope: Envelope, admin_browser: Browser) -> None:
    first = admin_browser.get(at(envelope, PICTURE), {"width": 480})
    assert first["Content-Type"] == "image/png"
    assert "private" in first["Cache-Control"]
    again = admin_browser.get(at(envelope, PICTURE), {"width": 480}, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("tail", ["documents/1/pages/3/", "documents/1/pages/0/", "documents/2/pages/1/"])
def test_no_picture_of_what_is_not_there(envelope: Envelope, admin_browser: Browser, tail: str) -> None:
    assert admin_browser.get(at(envelope, tail)).status_code == 404
