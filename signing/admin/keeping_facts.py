"""What an envelope's page says about how long it is kept, and what can be done about that."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from signing.forms.keeping import PurgeForm, ReasonForm
from signing.models import Envelope, PurgeRequest
from signing.privacy import requests
from signing.privacy.rules import Rule, rule_of


@dataclass(frozen=True, slots=True)
class Keeping:
    """`goes_at`: when the rule takes it, None = never, or not yet finished. `purges`: the newest requests."""

    rule: Rule
    goes_at: datetime | None
    purges: list[PurgeRequest]
    hold_form: ReasonForm | None
    purge_form: PurgeForm | None


def facts_of(request: HttpRequest, envelope: Envelope) -> Keeping:
    rule, user = rule_of(envelope), request.user
    purges = list(envelope.purge_requests.select_related("asked_by", "decided_by")[:5])
    is_asked = any(row.state in requests.OPEN_PURGE_STATES for row in purges)
    may_purge = user.has_perm("signing.change_envelope") and not is_asked and not requests.why_not(envelope)
    return Keeping(
        rule=rule,
        goes_at=None if envelope.content_deleted_at else rule.goes_at(envelope),
        purges=purges,
        hold_form=ReasonForm() if user.has_perm("signing.hold") else None,
        purge_form=PurgeForm() if may_purge else None,
    )
