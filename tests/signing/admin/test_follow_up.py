"""What staff choose for the time after sending, and how they see what became of the mails."""

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from signing import notifications
from signing.models import Envelope, MailState, OutgoingMail
from tests.composing import review_url, settings_step
from tests.factories import make_draft, make_sent, recipient_of
from tests.mails import deliver_one, queued

pytestmark = pytest.mark.django_db


def save(browser: Browser, **fields: object) -> int:
    data = settings_step(**fields)
    return browser.post(review_url(make_draft()), data | {"_save": "1"}).status_code


def page(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_each_envelope_has_its_own_days(admin_browser: Browser) -> None:
    chosen = {"reminder_delay_days": 2, "reminder_frequency_days": 0, "expire_after_days": 30}
    assert save(admin_browser, **chosen) == 302
    assert Envelope.objects.values(*chosen).get() == chosen
    assert Envelope.objects.get().attach_copy is False


def test_an_emptied_number_is_the_portals_own(admin_browser: Browser, settings: Settings) -> None:
    settings.REMINDER_DELAY_DAYS = 5
    assert save(admin_browser, reminder_delay_days="") == 302
    assert Envelope.objects.get().reminder_delay_days == 5


@pytest.mark.parametrize(("name", "days"), [("expire_after_days", 0), ("expire_after_days", 1000)])
def test_what_docusign_would_refuse_is_refused_here(admin_browser: Browser, name: str, days: int) -> None:
    assert save(admin_browser, **{name: days}) == 422


def test_the_composer_begins_with_the_portals_own(admin_browser: Browser, settings: Settings) -> None:
    settings.EXPIRE_AFTER_DAYS = 77
    assert 'name="expire_after_days" value="77"' in page(admin_browser, review_url(make_draft()))


def test_a_draft_taken_up_again_keeps_its_days(admin_browser: Browser) -> None:
    envelope = make_draft()
    Envelope.objects.update(reminder_delay_days=9)
    assert 'name="reminder_delay_days" value="9"' in page(admin_browser, review_url(envelope))


@pytest.mark.parametrize(
    ("state", "finding"), [(MailState.FAILED, "Mail not delivered"), (MailState.BOUNCED, "Address refused")]
)
def test_what_did_not_arrive_is_shown_where_staff_look(admin_browser: Browser, state: str, finding: str) -> None:
    envelope = make_sent()
    queued(envelope)
    OutgoingMail.objects.update(state=state, error="550 no such user")
    dashboard, record = (
        page(admin_browser, "/admin/"),
        page(admin_browser, f"/admin/signing/envelope/{envelope.pk}/change/"),
    )
    assert "1 mail could not be sent" in dashboard
    assert finding in dashboard
    assert finding in record
    assert "550 no such user" in record
    listed = page(admin_browser, "/admin/signing/outgoingmail/?state__in=failed,bounced")
    assert "ann@example.com" in listed


def test_any_mail_is_sent_again_from_the_envelopes_page(admin_browser: Browser) -> None:
    envelope = make_sent()
    mail = deliver_one(envelope)
    address = f"/admin/signing/outgoingmail/{mail.pk}/send-again/"
    assert address in page(admin_browser, f"/admin/signing/envelope/{envelope.pk}/change/")
    response = admin_browser.post(address, {"from_envelope": "1"})
    assert response["Location"] == f"/admin/signing/envelope/{envelope.pk}/change/"
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED


def test_staff_are_told_that_a_mail_is_of_no_use_any_more(admin_browser: Browser) -> None:
    envelope = make_sent()
    mail = deliver_one(envelope)
    envelope.recipients.update(status="completed")
    response = admin_browser.post(f"/admin/signing/outgoingmail/{mail.pk}/send-again/", follow=True)
    assert "of no use any more" in response.content.decode()


def test_a_code_is_hidden_from_staff_unless_mails_are_previewed(admin_browser: Browser, settings: Settings) -> None:
    mail = notifications.queue_code(recipient_of(make_sent(), 1), "271828")
    address = f"/admin/signing/outgoingmail/{mail.pk}/change/"
    assert "271828" not in page(admin_browser, address)
    settings.MAIL_PREVIEW = True
    assert "271828" in page(admin_browser, address)


def test_the_mail_to_the_sender_can_be_looked_at(admin_browser: Browser) -> None:
    envelope = make_sent(status="completed", recipient_statuses=("completed", "completed"))
    mail = next(mail for mail in queued(envelope) if mail.recipient is None)
    assert "dana@northwind.example" in page(admin_browser, f"/admin/signing/outgoingmail/{mail.pk}/change/")
