"""What is deleted or erased leaves the chains of events whole."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from signing.models import Envelope, EnvelopeEvent
from signing.privacy import erasing, retention
from signing.privacy.subjects import Subject
from tests.factories import make_draft

from .test_subjects import ANN, finished

pytestmark = pytest.mark.django_db


def verified() -> str:
    """Raises CommandError where a chain does not hold."""
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    return out.getvalue()


def test_chains_hold_after_retention_took_names_and_drafts(settings: Settings) -> None:
    settings.RETAIN_DAYS, settings.RETAIN_SCOPE, settings.DRAFT_RETAIN_DAYS = 1, "everything", 1
    envelope, draft = finished(), make_draft()
    Envelope.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=2))
    assert retention.apply_due(timezone.now()) == 2
    assert EnvelopeEvent.objects.filter(envelope_id=envelope.pk, erased_at__isnull=False).exists()
    assert EnvelopeEvent.objects.filter(envelope_id=draft.pk).exists()
    verified()


def test_chains_hold_after_an_erasure() -> None:
    envelope = finished()
    erasing.erase(Subject(ANN), with_documents=True)
    assert EnvelopeEvent.objects.filter(envelope_id=envelope.pk, erased_at__isnull=False).exists()
    verified()
