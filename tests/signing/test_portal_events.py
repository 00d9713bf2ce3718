"""What happens beside envelopes is told as well."""

import pytest
from django.contrib.auth.models import User

from signing import events
from signing.acting import Actor, acting
from signing.models import ActorKind, EnvelopeEvent, PortalKind

pytestmark = pytest.mark.django_db


def test_a_change_of_the_portal_says_who_from_where_and_what(staff: User) -> None:
    with acting(Actor(lambda: staff, "192.0.2.7")):
        events.record_portal(PortalKind.CHANGED, {"name": ["Old", "New"]}, about="template:12", what="template")
    event = EnvelopeEvent.objects.get()
    assert (event.actor_name, event.ip, event.about) == ("Dana Field", "192.0.2.7", "template:12")
    assert event.envelope_id is None
    assert event.data == {"name": ["Old", "New"], "what": "template"}


def test_by_names_somebody_whom_the_request_does_not_know_yet(staff: User) -> None:
    with acting(Actor(ip="192.0.2.7")):
        events.record_portal("signed_in", about=f"user:{staff.pk}", by=staff)
    event = EnvelopeEvent.objects.get()
    assert (event.actor_kind, event.actor_name, event.ip) == (ActorKind.USER, "Dana Field", "192.0.2.7")
