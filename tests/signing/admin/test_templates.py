"""Templates in the admin: from an empty one to an envelope; and who may do what."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import tasks, templates
from signing.authoring import SignerInput
from signing.models import Envelope, EnvelopeStatus, Template
from tests.deeds import sign
from tests.factories import make_draft, make_sent, make_staff
from tests.sandbox_process import SandboxProcess
from tests.signing.templates.making import VISITOR, compose, make_form, make_template

pytestmark = pytest.mark.django_db
LIST = "/admin/signing/template/"
PEOPLE = {"name_1": "Vic Tor", "email_1": "vic@example.com"}


def page(browser: Browser, url: str, status: int = 200) -> str:
    response = browser.get(url)
    assert response.status_code == status, url
    return str(response.content.decode())


def post(browser: Browser, url: str, data: dict[str, Any] | None = None) -> str:
    response = browser.post(url, data or {}, follow=True)
    assert response.status_code == 200, url
    return str(response.content.decode())


def test_the_list_says_what_each_template_is_for(admin_browser: Browser) -> None:
    template = make_template()
    templates.make_draft(template, template.created_by)
    text = page(admin_browser, LIST)
    for fact in ("Visitors", "For the workshop", "Visitor", "Host", "Rules", "once", "Version 1", "Dana Field"):
        assert fact in text


def test_the_list_takes_the_same_number_of_queries_for_many(
    admin_browser: Browser, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        make_template(name=f"Template {number}")
    with django_assert_max_num_queries(10):
        page(admin_browser, LIST)


def test_a_template_is_composed_published_and_used(admin_browser: Browser, docusign: SandboxProcess) -> None:
    composer = admin_browser.post(f"{LIST}add/", {"name": "Visitors"})["Location"]
    text = page(admin_browser, composer)
    assert 'name="_send"' not in text
    assert "Role" in text
    template = Template.objects.get()
    compose(template.content, VISITOR)
    assert "Nobody can use it before you publish it" in page(admin_browser, f"{LIST}{template.pk}/change/")
    assert "From now on envelopes are made of this version." in post(admin_browser, f"{LIST}{template.pk}/publish/")
    post(admin_browser, f"{LIST}{template.pk}/use/", PEOPLE | {"_send": "1"})
    envelope = template.envelopes.get()
    tasks.send_envelope(envelope.pk)
    sign(envelope, 1)
    assert envelope.status == EnvelopeStatus.COMPLETED


def test_using_it_opens_the_draft_in_the_composer(admin_browser: Browser) -> None:
    template = make_template()
    text = page(admin_browser, f"{LIST}{template.pk}/use/")
    assert "Holly Host" in text
    assert "email_2" not in text  # nobody is asked who is there every time
    assert "vic@example.com" in post(admin_browser, f"{LIST}{template.pk}/use/", PEOPLE | {"_compose": "1"})
    assert template.envelopes.get().status == EnvelopeStatus.DRAFT


def test_the_same_person_twice_at_the_same_order_is_refused(admin_browser: Browser) -> None:
    other = SignerInput("", "", 1, VISITOR.tabs, role_name="Companion")
    template = make_template(None, VISITOR, other)
    data = PEOPLE | {"name_2": "Vic Tor", "email_2": "VIC@example.com"}
    response = admin_browser.post(f"{LIST}{template.pk}/use/", data)
    assert response.status_code == 422
    assert not template.envelopes.exists()


def test_what_is_published_opens_its_page_and_not_the_composer(admin_browser: Browser) -> None:
    template = make_template()
    response = admin_browser.get(f"/admin/signing/envelope/{template.content_id}/change/")
    assert response["Location"] == f"{LIST}{template.pk}/change/"
    post(admin_browser, f"/admin/signing/envelope/{template.content_id}/change/", {"subject": "Changed"})
    template.content.refresh_from_db()
    assert template.content.subject == "Visitor agreement"


def test_edit_opens_a_working_copy(admin_browser: Browser) -> None:
    template = make_template()
    composer = admin_browser.post(f"{LIST}{template.pk}/edit/")["Location"]
    template.refresh_from_db()
    assert composer == f"/admin/signing/envelope/{template.working_copy_id}/change/"
    assert "There are changes that are not published" in page(admin_browser, f"{LIST}{template.pk}/change/")
    post(admin_browser, f"{LIST}{template.pk}/discard/")
    template.refresh_from_db()
    assert template.working_copy is None


def test_archived_it_is_found_by_the_filter_and_not_used(admin_browser: Browser) -> None:
    template = make_template()
    post(admin_browser, f"{LIST}{template.pk}/archive/")
    assert "For the workshop" not in page(admin_browser, LIST)
    assert "For the workshop" in page(admin_browser, f"{LIST}?state=archived")
    assert "This template cannot be used" in post(admin_browser, f"{LIST}{template.pk}/use/", PEOPLE)
    post(admin_browser, f"{LIST}{template.pk}/restore/")
    assert "For the workshop" in page(admin_browser, LIST)


def test_a_duplicate_is_a_template_of_its_own(admin_browser: Browser) -> None:
    template = make_template()
    assert "Copy of Visitors" in post(admin_browser, f"{LIST}{template.pk}/duplicate/")
    assert Template.objects.count() == 2


def test_a_former_version_is_taken_up_again(admin_browser: Browser) -> None:
    template = make_template()
    templates.begin_work(template, template.created_by)
    templates.publish(template, template.created_by)
    post(admin_browser, f"{LIST}{template.pk}/versions/1/take-up/")
    template.refresh_from_db()
    assert template.working_copy is not None
    assert admin_browser.post(f"{LIST}{template.pk}/versions/9/take-up/").status_code == 404


def test_name_and_purpose_can_be_changed_and_not_emptied(admin_browser: Browser) -> None:
    template = make_template()
    post(admin_browser, f"{LIST}{template.pk}/change/", {"name": "Guests", "description": "For the house"})
    template.refresh_from_db()
    assert (template.name, template.description) == ("Guests", "For the house")
    assert admin_browser.post(f"{LIST}{template.pk}/change/", {"name": ""}).status_code == 422


@pytest.mark.parametrize("make", [make_draft, make_sent], ids=["draft", "sent"])
def test_an_envelope_is_saved_as_a_template(admin_browser: Browser, make: Any) -> None:
    envelope = make()
    url = f"/admin/signing/envelope/{envelope.pk}/save-as-template/"
    shown_at = "review" if envelope.is_draft else "change"
    assert url in page(admin_browser, f"/admin/signing/envelope/{envelope.pk}/{shown_at}/")
    assert "Ann Bee" in page(admin_browser, url)
    data = {"name": "Consulting", "open_1": "on", "role_1": "Client", "role_2": ""}
    text = post(admin_browser, url, data)
    assert "Client" in text
    assert "carl@example.com" in text
    roles = templates.roles_of(Template.objects.get().content)
    assert [role.is_open for role in roles] == [True, False]


def test_two_open_roles_need_two_names(admin_browser: Browser) -> None:
    url = f"/admin/signing/envelope/{make_draft().pk}/save-as-template/"
    data = {"name": "Consulting", "open_1": "on", "role_1": "Client", "open_2": "on", "role_2": "Client"}
    response = admin_browser.post(url, data)
    assert response.status_code == 422
    assert "Another role is called that." in response.content.decode()


def test_one_click_tries_it_with_nobody_real(
    admin_browser: Browser, docusign: SandboxProcess, settings: Settings
) -> None:
    template = make_template()
    assert admin_browser.post(f"{LIST}{template.pk}/try/").status_code == 404
    settings.MAIL_PREVIEW = True
    assert "Sent to example people." in post(admin_browser, f"{LIST}{template.pk}/try/")
    envelope = template.envelopes.get()
    tasks.send_envelope(envelope.pk)
    envelope.refresh_from_db()
    assert envelope.status == EnvelopeStatus.SENT
    assert {r.email for r in envelope.recipients.all()} == {"example1@example.com", "example2@example.com"}


# Who may do what

WHAT = ("template", "envelope", "publicform")
ADDRESSES = [
    # method, address, the permissions that it takes
    ("get", "", ("view_template",)),
    ("get", "add/", ("add_template",)),
    ("post", "add/", ("add_template",)),
    ("get", "{pk}/change/", ("view_template",)),
    ("post", "{pk}/change/", ("change_template",)),
    ("post", "{pk}/edit/", ("change_template",)),
    ("post", "{pk}/publish/", ("change_template",)),
    ("post", "{pk}/discard/", ("change_template",)),
    ("post", "{pk}/archive/", ("change_template",)),
    ("post", "{pk}/restore/", ("change_template",)),
    ("post", "{pk}/versions/1/take-up/", ("change_template",)),
    ("post", "{pk}/duplicate/", ("view_template", "add_template")),
    ("get", "{pk}/use/", ("view_template", "add_envelope")),
    ("post", "{pk}/use/", ("view_template", "add_envelope")),
    ("post", "{pk}/try/", ("view_template", "add_envelope")),
    ("get", "docusign/", ("view_template",)),
    ("get", f"docusign/{'1' * 8}-1111-1111-1111-{'1' * 12}/use/", ("view_template", "add_envelope")),
    ("post", f"docusign/{'1' * 8}-1111-1111-1111-{'1' * 12}/use/", ("view_template", "add_envelope")),
    ("get", "docusign/draft/{envelope}/", ("change_envelope",)),
    ("post", "docusign/draft/{envelope}/", ("change_envelope",)),
    ("get", "../envelope/{content}/change/", ("view_template",)),
    ("get", "of/{content}/", ("view_template",)),
    ("get", "../envelope/{content}/documents/1/", ("view_template",)),
    ("get", "../envelope/{work}/change/", ("view_template",)),
    ("get", "../envelope/{envelope}/save-as-template/", ("view_envelope", "add_template")),
    ("post", "../envelope/{envelope}/save-as-template/", ("view_envelope", "add_template")),
    ("get", "../publicform/", ("view_publicform",)),
    ("get", "../publicform/add/", ("add_publicform",)),
    ("post", "../publicform/add/", ("add_publicform",)),
    ("get", "../publicform/{form}/change/", ("view_publicform",)),
    ("post", "../publicform/{form}/change/", ("change_publicform",)),
    ("get", "../publicform/{form}/delete/", ("delete_publicform",)),
    ("get", "../publicform/{form}/qr.svg", ("view_publicform",)),
    ("get", "../publicform/{form}/qr.png", ("view_publicform",)),
]


@pytest.fixture
def addresses(settings: Settings, connected: None) -> dict[str, object]:
    settings.MAIL_PREVIEW = True
    settings.DOCUSIGN_OAUTH_BASE_URL = "http://127.0.0.1:9"  # nobody is there
    settings.DOCUSIGN_PRIVATE_KEY = ""
    make_staff()
    form = make_form()
    draft = make_draft()
    Envelope.objects.filter(pk=draft.pk).update(docusign_template_id="")
    unpublished = make_template(name="In work", publish=False)
    return {
        "pk": form.template_id,
        "content": form.template.content_id,
        "work": unpublished.content_id,
        "envelope": draft.pk,
        "form": form.pk,
    }


def clerk_with(*codenames: str) -> Browser:
    clerk = make_staff("clerk", is_superuser=False)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=("see_all", *codenames)))
    browser = Browser()
    browser.force_login(clerk)
    return browser


def answer(browser: Browser, method: str, path: str, addresses: dict[str, object]) -> int:
    url = (LIST + path.format(**addresses)).replace("template/../", "")
    response = getattr(browser, method)(url)
    response.close()
    return int(response.status_code)


@pytest.mark.parametrize(("method", "path", "needed"), ADDRESSES)
def test_without_the_permission_nothing_is_seen_or_done(
    addresses: dict[str, object], method: str, path: str, needed: tuple[str, ...]
) -> None:
    """Every other permission does not help."""
    everything = {f"{deed}_{what}" for deed in ("view", "add", "change", "delete") for what in WHAT}
    missing = needed[-1]
    # Whoever may change something may look at it, too.
    others = everything - {missing} - ({missing.replace("view", "change")} if missing.startswith("view") else set())
    assert answer(clerk_with(*others), method, path, addresses) == 403


@pytest.mark.parametrize(("method", "path", "needed"), ADDRESSES)
def test_with_the_permission_it_is(
    addresses: dict[str, object], method: str, path: str, needed: tuple[str, ...]
) -> None:
    assert answer(clerk_with(*needed), method, path, addresses) in (200, 302, 404, 422)


@pytest.mark.parametrize(("method", "path", "needed"), ADDRESSES)
def test_strangers_are_sent_to_the_login(method: str, path: str, needed: tuple[str, ...]) -> None:
    url = (LIST + path.format(pk=1, content=1, work=1, envelope=1, form=1)).replace("template/../", "")
    response = getattr(Browser(), method)(url)
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


@pytest.mark.parametrize("deed", ["edit", "publish", "discard", "duplicate", "archive", "restore", "try"])
def test_no_deed_is_done_by_a_get(admin_browser: Browser, deed: str) -> None:
    assert admin_browser.get(f"{LIST}{make_template().pk}/{deed}/").status_code == 405


def test_no_template_is_deleted(admin_browser: Browser) -> None:
    assert admin_browser.post(f"{LIST}{make_template().pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_template_that_is_not_there_is_a_404(admin_browser: Browser) -> None:
    for path in ("999/change/", "junk/change/", "999/use/"):
        assert admin_browser.get(LIST + path).status_code == 404


def test_who_may_only_look_is_offered_nothing_to_change() -> None:
    template = make_template()
    text = page(clerk_with("view_template"), f"{LIST}{template.pk}/change/").split("sp-head")[1]
    for button in ("Edit", "Use template", "Archive", "Duplicate", "Take up again"):
        assert f"</span>{button}<" not in text


def test_who_may_only_look_cannot_compose_a_template() -> None:
    template = make_template(publish=False)
    address = f"/admin/signing/envelope/{template.content_id}/change/"
    response = clerk_with("view_template", "change_envelope", "view_envelope").post(address, {"subject": "Mine"})
    assert response["Location"] == f"{LIST}{template.pk}/change/"
    template.content.refresh_from_db()
    assert template.content.subject == "Visitor agreement"
