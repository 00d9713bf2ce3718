"""A bulk send in a person's name: chosen by whoever presses Send, and held once the consent is lost."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from signing import connection, identities, tasks
from signing.bulk import batches
from signing.models import BatchMode, BatchStatus, BulkBatch, Envelope, LossReason, RowState, SendingIdentity
from tests import bulk
from tests.factories import make_staff
from tests.identities import connected, withdraw_consent
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def alex(docusign: SandboxProcess, staff: User, settings: Settings) -> SendingIdentity:
    settings.PORTAL_BASE_URL = "http://127.0.0.1:8000"
    return connected(staff, docusign)


@pytest.fixture
def ready(alex: SendingIdentity) -> BulkBatch:
    return bulk.make_checked()


def press_send(browser: Browser, batch: BulkBatch, **posted: str) -> None:
    browser.post(reverse("admin:signing_bulkbatch_start", args=[batch.pk]), posted)
    batch.refresh_from_db()


def test_all_of_it_is_sent_as_who_pressed_send(
    alex: SendingIdentity, ready: BulkBatch, admin_browser: Browser, docusign: SandboxProcess
) -> None:
    page = admin_browser.get(reverse("admin:signing_bulkbatch_change", args=[ready.pk])).content.decode()
    assert "Yourself: Alex Sender" in page
    press_send(admin_browser, ready, sent_as=str(alex.pk))
    bulk.send_all(ready)
    assert set(Envelope.objects.filter(bulk_row__batch=ready).values_list("sent_as", flat=True)) == {alex.pk}
    bodies = [call["status"] for call in docusign.requests("POST") if call["path"].endswith("/envelopes")]
    assert bodies == [201, 201]


def test_in_a_colleagues_name_it_does_not_begin(alex: SendingIdentity, ready: BulkBatch) -> None:
    batches.choose_sender(ready, alex)
    eve = Browser()
    eve.force_login(make_staff("eve"))
    press_send(eve, ready)
    assert ready.status == BatchStatus.READY


def test_a_lost_consent_pauses_it_until_somebody_decides(
    alex: SendingIdentity, ready: BulkBatch, admin_browser: Browser
) -> None:
    press_send(admin_browser, ready, sent_as=str(alex.pk))
    identities.lose(alex, LossReason.CONSENT)
    tasks.drive_bulk_batch(ready.pk)
    ready.refresh_from_db()
    assert ready.status == BatchStatus.PAUSED
    assert "cannot be sent as Alex Sender any more" in ready.problem
    press_send(admin_browser, ready, sent_as="service-account")
    bulk.send_all(ready)
    assert set(ready.rows.values_list("state", flat=True)) == {RowState.SENT}
    assert set(Envelope.objects.filter(bulk_row__batch=ready).values_list("sent_as", flat=True)) == {None}


@pytest.mark.parametrize(("rule", "status"), [("wait", BatchStatus.PAUSED), ("service-account", BatchStatus.SENDING)])
def test_a_list_for_docusigns_bulk_send_follows_the_sites_rule(
    alex: SendingIdentity,
    admin_browser: Browser,
    docusign: SandboxProcess,
    settings: Settings,
    rule: str,
    status: BatchStatus,
) -> None:
    settings.LOST_SENDER = rule
    batch = bulk.make_checked(mode=BatchMode.DOCUSIGN)
    press_send(admin_browser, batch, sent_as=str(alex.pk))
    withdraw_consent(docusign, alex.docusign_user_id)
    connection.forget(alex)
    tasks.drive_bulk_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.status == status
    assert batch.sent_as == (alex if rule == "wait" else None)
