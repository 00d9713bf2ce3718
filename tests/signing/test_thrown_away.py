"""A draft may be thrown away; that it was there, and who did it, stays."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from signing import templates
from signing.models import Envelope, EnvelopeEvent, EventKind
from tests.factories import make_draft, make_staff

pytestmark = pytest.mark.django_db


def kinds(envelope_id: int) -> list[str]:
    return list(EnvelopeEvent.objects.filter(envelope_id=envelope_id).order_by("number").values_list("kind", flat=True))


def test_a_draft_leaves_its_events_and_one_more(admin_browser: Browser) -> None:
    envelope = make_draft(subject="Loan of the piano")
    admin_browser.post(reverse("admin:signing_envelope_delete", args=[envelope.pk]), {"post": "yes"})
    assert not Envelope.objects.filter(pk=envelope.pk).exists()
    assert kinds(envelope.pk) == [EventKind.DRAFTED, EventKind.DELETED]
    last = EnvelopeEvent.objects.filter(envelope_id=envelope.pk).latest("number")
    assert (last.actor_name, last.data) == ("Dana Field", {"subject": "Loan of the piano"})


def test_several_at_once_leave_theirs(admin_browser: Browser) -> None:
    rows = [make_draft(), make_draft()]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    admin_browser.post(reverse("admin:signing_envelope_changelist"), chosen)
    for row in rows:
        if not Envelope.objects.filter(pk=row.pk).exists():
            assert kinds(row.pk)[-1] == EventKind.DELETED


def test_what_a_template_had_in_work_leaves_its_events() -> None:
    user = make_staff()
    template = templates.create(user, name="Lease", source=make_draft(user))
    work = templates.begin_work(template, user)
    work_id = work.pk
    templates.discard_work(template)
    assert kinds(work_id)[-1] == EventKind.DELETED
