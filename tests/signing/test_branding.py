"""The organisation's name, logo, colour and contact on pages and in mails."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from signing import branding
from signing.models import Envelope, MailKind
from tests.deeds import path_of
from tests.factories import make_sent, recipient_of
from tests.mails import delivered, html_of

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def envelope() -> Envelope:
    return Envelope.objects.first() or make_sent()


def page() -> str:
    return Browser().get(path_of(recipient_of(envelope(), 1))).content.decode()


def mail() -> str:
    return html_of(delivered(MailKind.INVITATION, envelope()))


@pytest.fixture
def logo(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "logo.png"
    path.write_bytes(PNG)
    settings.ORGANISATION_LOGO = str(path)
    return path


# Colour


@given(colour=COLOURS)
def test_any_colour_can_be_read_and_carries_its_text(colour: str) -> None:
    light = branding.readable(colour, branding.LIGHT_GROUND)
    dark = branding.readable(colour, branding.DARK_GROUND)
    assert branding.contrast(light, branding.LIGHT_GROUND) >= 4.5
    assert branding.contrast(light, "#ffffff") >= 4.5
    assert branding.contrast(dark, branding.DARK_GROUND) >= 4.5
    assert branding.contrast(dark, "#0d1b33") >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert branding.readable("#14663a", branding.LIGHT_GROUND) == "#14663a"


def test_contrast_is_measured_as_wcag_does() -> None:
    assert branding.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert branding.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.django_db
def test_the_colour_is_on_the_page_and_in_the_mail(settings: Settings) -> None:
    settings.ORGANISATION_COLOUR = "#14663a"
    assert '<link rel="stylesheet" href="/branding/colours.css">' in page()
    assert "--accent: #14663a" in Browser().get("/branding/colours.css").content.decode()
    assert "background:#14663a" in mail()


@pytest.mark.django_db
def test_without_a_colour_pages_ask_for_no_further_stylesheet() -> None:
    assert "colours.css" not in page()


# Logo


@pytest.mark.django_db
def test_our_own_logo_stands_on_the_page_and_in_the_mail_with_the_name_for_those_who_see_no_pictures(
    logo: Path,
) -> None:
    assert '<img class="masthead__logo" src="/branding/logo?v=' in page()
    text = mail()
    assert 'src="http://portal.test/branding/logo?v=' in text
    assert 'alt="Northwind Consulting"' in text


def test_the_logo_is_served_to_anyone_and_may_be_kept(logo: Path) -> None:
    response = Browser().get("/branding/logo")
    assert response.getvalue() == PNG
    assert response["Content-Type"] == "image/png"
    assert "public" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert not response.cookies


@pytest.mark.django_db
def test_a_logo_elsewhere_is_in_mails_alone(settings: Settings) -> None:
    settings.ORGANISATION_LOGO = "https://cdn.example.com/logo.png"
    assert "cdn.example.com" not in page()
    assert 'src="https://cdn.example.com/logo.png"' in mail()
    assert Browser().get("/branding/logo").status_code == 404


@pytest.mark.django_db
def test_a_logo_that_is_gone_leaves_the_name(logo: Path) -> None:
    logo.unlink()
    assert "<img" not in page()
    assert "<img" not in mail()
    assert Browser().get("/branding/logo").status_code == 404
    assert "signing.E004" in [message.id for message in run_checks()]


@pytest.mark.parametrize("name", ["logo.txt", "logo"])
def test_what_is_no_picture_is_refused_at_start(settings: Settings, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("hello")
    settings.ORGANISATION_LOGO = str(tmp_path / name)
    assert "signing.E004" in [message.id for message in run_checks()]
    assert Browser().get("/branding/logo").status_code == 404


# Contact


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("help@northwind.example", 'href="mailto:help@northwind.example"'),
        ("https://northwind.example/help", 'href="https://northwind.example/help"'),
        ("+49 30 1234567", "+49 30 1234567"),
        ("Ask <b>Bob</b>", "Ask &lt;b&gt;Bob&lt;/b&gt;"),
    ],
)
def test_the_contact_is_at_the_foot_of_pages_and_mails(settings: Settings, contact: str, shown: str) -> None:
    settings.ORGANISATION_CONTACT = contact
    assert shown in page()
    assert shown in mail()
