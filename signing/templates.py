"""Templates: made of an envelope, and envelopes made of them."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from .copying import Person, copy
from .models import Envelope, EnvelopeStatus, Template


def create(user: User, *, name: str, source: Envelope | None = None) -> Template:
    """An empty template, or one with all that was composed in `source`."""
    with transaction.atomic():
        if source is None:
            content = Envelope.objects.create(created_by=user, owner=user, status=EnvelopeStatus.TEMPLATE)
        else:
            content = copy(source, user, status=EnvelopeStatus.TEMPLATE)
        return Template.objects.create(name=name, content=content, created_by=user)


def make_draft(template: Template, user: User, people: Mapping[int, Person] | None = None) -> Envelope:
    """A draft of the user's. `people` by the number of the recipient who stands for the role in the template."""
    return copy(template.content, user, template=template, people=people)
