"""Forms in the admin: set up, checked, and given out."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import templates
from signing.models import FormEntry, PublicForm, Template
from tests.factories import make_staff
from tests.signing.templates.making import HOST, VISITOR, make_form, make_template

pytestmark = pytest.mark.django_db
LIST = "/admin/signing/publicform/"


def data_of(template: Template, **changes: str) -> dict[str, str]:
    return {
        "title": "Welcome",
        "slug": "visitors",
        "template": str(template.pk),
        "introduction": "Please read",
        "is_active": "on",
        "open_from_0": "",
        "open_from_1": "",
        "open_until_0": "",
        "open_until_1": "",
    } | changes


def text_of(response: Any) -> str:
    return str(response.content.decode())


def errors_after(browser: Browser, data: dict[str, str]) -> str:
    response = browser.post(f"{LIST}add/", data)
    assert response.status_code == 200
    assert not PublicForm.objects.exists()
    return text_of(response)


def test_who_makes_a_form_is_the_sender_of_what_is_begun(admin_browser: Browser, staff: User) -> None:
    other = make_staff("other")
    template = make_template(other)
    admin_browser.post(f"{LIST}add/", data_of(template))
    form = PublicForm.objects.get()
    assert form.created_by == staff
    make_staff("third")
    browser = Browser()
    browser.force_login(other)
    browser.post(f"{LIST}{form.pk}/change/", data_of(template, title="Hello"))
    form.refresh_from_db()
    assert (form.title, form.created_by) == ("Hello", staff)


@pytest.mark.parametrize(
    "signers",
    [pytest.param([HOST], id="nobody is open"), pytest.param([VISITOR, VISITOR], id="two are")],
)
def test_exactly_one_role_must_be_open(admin_browser: Browser, staff: User, signers: list[Any]) -> None:
    template = make_template(staff, *signers, publish=False)
    Template.objects.update(version=1)
    assert "Exactly one role of this template must be open" in errors_after(admin_browser, data_of(template))


def test_only_published_templates_in_use_are_offered(admin_browser: Browser) -> None:
    archived, unpublished = make_template(name="Old"), make_template(name="Unfinished", publish=False)
    templates.set_archived(archived, is_archived=True)
    make_template(name="Good")
    text = text_of(admin_browser.get(f"{LIST}add/"))
    assert "Good" in text
    assert "Old" not in text
    assert "Unfinished" not in text
    assert "Select a valid choice" in errors_after(admin_browser, data_of(unpublished))


@pytest.mark.parametrize(
    "origin",
    [
        "www.example.com",
        "https://www.example.com/page",
        "https://*.example.com",
        "https://a.example; script-src *",
        "https://a.example https://b.example",
        "https://user@a.example",
        "javascript:alert(1)",
        "'self'",
        "https://a.example:99999",
        "*",
    ],
)
def test_only_plain_sites_may_embed_a_form(admin_browser: Browser, origin: str) -> None:
    assert "is no site" in errors_after(admin_browser, data_of(make_template(), frame_origins=origin))


def test_sites_are_kept_as_the_header_wants_them(admin_browser: Browser) -> None:
    sites = "https://www.example.com/\n\n  http://localhost:8080 "
    admin_browser.post(f"{LIST}add/", data_of(make_template(), frame_origins=sites))
    assert PublicForm.objects.get().frame_origins == "https://www.example.com\nhttp://localhost:8080"


def test_it_cannot_end_before_it_begins(admin_browser: Browser) -> None:
    data = data_of(make_template(), open_from_0="2026-12-02", open_from_1="10:00:00")
    data |= {"open_until_0": "2026-12-01", "open_until_1": "10:00:00"}
    assert "This is before it opens." in errors_after(admin_browser, data)


def test_an_address_is_had_once(admin_browser: Browser) -> None:
    form = make_form()
    response = admin_browser.post(f"{LIST}add/", data_of(form.template))
    assert "already exists" in text_of(response)


def test_its_page_gives_out_address_qr_code_and_snippet(admin_browser: Browser, settings: Settings) -> None:
    form = make_form(frame_origins="https://www.example.com", title='Say "Hi" <now>')
    text = text_of(admin_browser.get(f"{LIST}{form.pk}/change/"))
    assert 'value="http://portal.test/forms/visitors/"' in text
    assert "&lt;iframe src=&quot;http://portal.test/forms/visitors/embed/&quot;" in text
    assert "<now>" not in text
    assert re.search(r"<svg[^>]*viewBox", text)


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_qr_code_is_a_file_to_print(admin_browser: Browser, kind: str, begins: bytes) -> None:
    response = admin_browser.get(f"{LIST}{make_form().pk}/qr.{kind}")
    assert response.content.startswith(begins)
    assert response["Content-Disposition"] == f'attachment; filename="visitors.{kind}"'


def test_other_kinds_of_qr_code_are_not_there(admin_browser: Browser) -> None:
    assert admin_browser.get(f"{LIST}{make_form().pk}/qr.exe").status_code == 404
    assert admin_browser.get(f"{LIST}999/qr.svg").status_code == 404


def test_a_new_form_of_a_template_begins_with_its_name(admin_browser: Browser) -> None:
    template = make_template(name="Safety rules")
    assert 'value="Safety rules"' in text_of(admin_browser.get(f"{LIST}add/?template={template.pk}"))
    assert admin_browser.get(f"{LIST}add/?template=junk").status_code == 200


def test_codes_are_shown_to_staff_only_where_mail_is_previewed(
    admin_browser: Browser, settings: Settings, connected: None
) -> None:
    form = make_form(verify_email=True)
    Browser().post("/forms/visitors/", {"name": "Vic Tor", "email": "vic@example.com"})
    assert FormEntry.objects.exists()
    address, code = f"{LIST}{form.pk}/change/", re.compile(r"<code>\d{6}</code>")
    assert not code.search(text_of(admin_browser.get(address)))
    settings.MAIL_PREVIEW = True
    assert code.search(text_of(admin_browser.get(address)))


def test_a_form_that_somebody_used_is_closed_and_not_deleted(admin_browser: Browser) -> None:
    form = make_form(count=1)
    assert admin_browser.post(f"{LIST}{form.pk}/delete/", {"post": "yes"}).status_code == 403
    PublicForm.objects.update(count=0)
    admin_browser.post(f"{LIST}{form.pk}/delete/", {"post": "yes"})
    assert not PublicForm.objects.exists()


def test_the_list_takes_the_same_number_of_queries_for_many(
    admin_browser: Browser, django_assert_max_num_queries: Any
) -> None:
    template = make_template()
    for number in range(8):
        make_form(template, slug=f"form-{number}", title=f"Form {number}")
    with django_assert_max_num_queries(11):
        text = text_of(admin_browser.get(LIST))
    assert "Form 7" in text
    assert "Open" in text
