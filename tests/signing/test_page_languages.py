"""The pages in the language of their reader: the browser's, the one staff have chosen, the one chosen on the page."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import letters, linking
from signing.models import OutgoingMail, Recipient
from signing.views.outcomes import OUTCOMES
from tests.deeds import path_of, send
from tests.factories import make_sent, recipient_of
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected")]

CODES = [code for code, _name in django_settings.LANGUAGES]
ASKS = {
    "en": "Dana Field asks you to sign",
    "de": "Dana Field bittet Sie um Ihre Unterschrift",
    "ja": "署名のご依頼です",
}


@pytest.fixture
def recipient() -> Recipient:
    return recipient_of(make_sent(), 1)


def speaks(browser: Browser, path: str) -> str:
    """What the page says of its language."""
    html = browser.get(path).content.decode()
    return html.partition('<html lang="')[2].partition('"')[0]


def choose(browser: Browser, language: str, back: str = "") -> HttpResponse:
    return browser.post("/language/", {"language": language, "next": back})  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.8,en;q=0.5", "de"),
        ("pt-BR", "pt"),
        ("sw,ja;q=0.3", "ja"),
        ("tlh", "en"),
        ("*", "en"),
        ("de;q=oh dear", "en"),
    ],
)
def test_the_browser_says_which_language(recipient: Recipient, accepted: str, language: str) -> None:
    page = Browser(HTTP_ACCEPT_LANGUAGE=accepted).get(path_of(recipient))
    assert f'<html lang="{language}" dir="ltr">' in page.content.decode()
    assert ASKS.get(language, "") in page.content.decode()
    assert page["Content-Language"] == language


def test_staff_choose_for_a_signer_whose_browser_says_something_else(recipient: Recipient) -> None:
    Recipient.objects.update(language="uk")
    assert speaks(Browser(HTTP_ACCEPT_LANGUAGE="de"), path_of(recipient)) == "uk"


def test_what_the_signer_chooses_counts_most_and_is_remembered(recipient: Recipient) -> None:
    Recipient.objects.update(language="uk")
    browser = Browser(HTTP_ACCEPT_LANGUAGE="de")
    response = choose(browser, "fr", path_of(recipient))
    assert response["Location"] == path_of(recipient)
    assert speaks(browser, path_of(recipient)) == "fr"


def ask_for_code(browser: Browser, recipient: Recipient) -> str:
    """The subject of the mail with the code."""
    Recipient.objects.filter(pk=recipient.pk).update(verification="email_code")
    browser.post(f"{path_of(recipient)}code/new/")
    return letters.render(OutgoingMail.objects.get(kind="code")).subject


def test_mails_follow_the_choice_from_then_on(recipient: Recipient) -> None:
    Recipient.objects.update(language="uk")
    browser = Browser()
    choose(browser, "fr")
    assert ask_for_code(browser, recipient) == "Votre code : Consulting agreement"


def test_what_a_browser_happens_to_prefer_changes_no_mail(recipient: Recipient) -> None:
    assert ask_for_code(Browser(HTTP_ACCEPT_LANGUAGE="fr"), recipient) == "Your code: Consulting agreement"


def test_only_looking_with_another_choice_changes_no_mail(recipient: Recipient) -> None:
    browser = Browser()
    choose(browser, "fr")
    browser.get(path_of(recipient))
    assert ask_for_code(Browser(), recipient) == "Your code: Consulting agreement"


def test_the_holder_of_a_former_link_decides_nothing(recipient: Recipient) -> None:
    browser, old = Browser(), path_of(recipient)
    choose(browser, "fr")
    linking.replace(recipient)
    browser.post(f"{old}fresh-link/")
    assert not Recipient.objects.filter(language="fr").exists()


def test_no_cookie_is_set_for_who_has_not_chosen(recipient: Recipient) -> None:
    browser = Browser(HTTP_ACCEPT_LANGUAGE="de")
    browser.get(path_of(recipient))
    assert not browser.cookies


def test_the_cookie_holds_a_language_and_is_not_sent_along_by_others(recipient: Recipient) -> None:
    browser = Browser()
    choose(browser, "nl")
    (cookie,) = browser.cookies.values()
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("nl", "Lax", True)


@pytest.mark.parametrize("language", ["tlh", "", "../../etc"])
def test_a_language_that_is_none_of_ours_is_not_remembered(language: str) -> None:
    browser = Browser()
    assert choose(browser, language, "/healthz").status_code == 302
    assert not browser.cookies


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_choosing_leads_to_no_foreign_page(back: str) -> None:
    assert "elsewhere" not in choose(Browser(), "de", back)["Location"]
    assert not choose(Browser(), "de", back)["Location"].startswith("javascript")


def test_looking_at_the_address_changes_nothing() -> None:
    assert Browser().get("/language/?language=de").status_code == 405


@pytest.mark.parametrize("language", CODES)
def test_every_page_offers_all_languages_under_their_own_names(recipient: Recipient, language: str) -> None:
    page = Browser(HTTP_ACCEPT_LANGUAGE=language).get(path_of(recipient)).content.decode()
    for name in ("English", "Deutsch", "Français", "日本語", "Polski", "עברית"):
        assert f">{name}</button>" in page
    assert page.count("aria-current") == 1


@pytest.mark.parametrize("language", ["ar", "he"])
def test_pages_read_from_right_to_left_are_written_so(recipient: Recipient, language: str) -> None:
    page = Browser(HTTP_ACCEPT_LANGUAGE=language).get(path_of(recipient)).content.decode()
    assert f'<html lang="{language}" dir="rtl">' in page


@pytest.mark.parametrize("language", CODES)
def test_every_outcome_can_be_told_in_every_language(recipient: Recipient, language: str) -> None:
    browser = Browser(HTTP_ACCEPT_LANGUAGE=language)
    for event in OUTCOMES:
        assert browser.get(f"{path_of(recipient)}return/?event={event}").status_code == 200


def test_an_unknown_link_and_an_unknown_page_are_explained_in_the_readers_language() -> None:
    browser = Browser(HTTP_ACCEPT_LANGUAGE="de")
    assert "Dieser Link führt nirgendwohin" in browser.get("/sign/nonsense/").content.decode()
    assert "Seite nicht gefunden" in browser.get("/nowhere/").content.decode()


def test_staffs_pages_stay_english(admin_browser: Browser) -> None:
    page = admin_browser.get("/admin/signing/envelope/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert 'lang="en' in page
    assert "Anmelden" not in Browser(HTTP_ACCEPT_LANGUAGE="de").get("/admin/login/").content.decode()


def test_a_page_lets_no_cache_give_it_to_readers_of_another_language() -> None:
    varies = Browser().get("/nowhere/")["Vary"]
    assert "Accept-Language" in varies
    assert "Cookie" in varies


def test_one_request_does_not_leave_its_language_to_the_next(recipient: Recipient) -> None:
    Recipient.objects.update(language="de")
    speaks(Browser(), path_of(recipient))
    Recipient.objects.update(language="")
    assert speaks(Browser(), path_of(recipient)) == "en"


def test_the_last_day_is_told_with_its_zone(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    recipient = recipient_of(make_sent(expires_at="2031-05-09T14:30:00Z"), 1)
    page = Browser(HTTP_ACCEPT_LANGUAGE="de").get(path_of(recipient)).content.decode()
    assert "9. Mai 2031 16:30 CEST" in page
    assert 'datetime="2031-05-09T16:30:00+02:00"' in page


def view_url(recipient: Recipient, **headers: str) -> str:
    response = Browser(**headers).post(f"{path_of(recipient)}start/")  # type: ignore[arg-type]
    return str(response["Location"])


@pytest.mark.parametrize(("accepted", "locale"), [("de", "de"), ("pt-BR", "pt"), ("tlh", "en"), ("he", "he")])
def test_the_ceremony_is_asked_for_in_the_language_of_the_page(
    docusign: SandboxProcess, accepted: str, locale: str
) -> None:
    address = view_url(recipient_of(send(), 1), HTTP_ACCEPT_LANGUAGE=accepted)
    assert parse_qs(urlsplit(address).query)["locale"] == [locale]


def test_the_ceremony_answers_in_that_language(docusign: SandboxProcess) -> None:
    page = requests.get(view_url(recipient_of(send(), 1), HTTP_ACCEPT_LANGUAGE="ar"), timeout=30).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "متابعة" in page
