"""The sandbox as after its first start: envelopes, resources, seeded identities, faults and time travel gone."""

from django.db import transaction

from . import bounces, clock, faults, identities, journal, request_logs, switches
from .connect import listeners
from .limits import limits
from .models import Account, AuthorizationCode, Envelope, Resource


def reset() -> None:
    with transaction.atomic():
        Envelope.objects.all().delete()
        Resource.objects.all().delete()
        AuthorizationCode.objects.all().delete()
        Account.objects.update(settings={})
        clock.reset()
        identities.reset()
    listeners.forget()
    switches.reset()
    bounces.forget()
    faults.forget()
    journal.forget()
    journal.keep_responses(False)
    request_logs.forget()
    limits.reset()
