"""One deed for many envelopes. Each answers with those that changed; what went wrong is told on the errand."""

from collections.abc import Callable, Sequence

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from signing import archive, leaving, reminding, voiding, watchdog
from signing.docusign import ConsentRequiredError, CredentialsRefusedError, DocusignError, NotConfiguredError
from signing.leaving import Successor
from signing.models import Envelope, Errand, Team
from signing.visibility import visible

MOST_PROBLEMS = 200  # told one by one
# With these the next envelope fares no better: the whole errand ends.
HOPELESS = (ConsentRequiredError, CredentialsRefusedError, NotConfiguredError)


def remind(errand: Errand, envelope_ids: Sequence[int]) -> list[int]:
    return _each(errand, envelope_ids, _remind)


def void(errand: Errand, envelope_ids: Sequence[int]) -> list[int]:
    return _each(errand, envelope_ids, _void)


def ask(errand: Errand, envelope_ids: Sequence[int]) -> list[int]:
    """One call for all of them; documents that were given up are fetched again."""
    theirs = Envelope.objects.filter(pk__in=list(envelope_ids))
    seen = list(visible(theirs, errand.asked_by).values_list("pk", flat=True))
    return [*watchdog.ask_docusign(seen), *archive.try_now(seen)]


def hand_over(errand: Errand, envelope_ids: Sequence[int]) -> list[int]:
    """Of who has left. Changes nothing that a worker would have to follow up."""
    leaver, to = (User.objects.get(pk=errand.params[name]) for name in ("leaver", "to"))
    team = Team.objects.filter(pk=errand.params.get("team")).first()
    leaving.move_envelopes(leaver, Successor(to, team), envelope_ids)
    return []


def _each(errand: Errand, envelope_ids: Sequence[int], deed: Callable[[Errand, Envelope], bool]) -> list[int]:
    changed = []
    for envelope_id in envelope_ids:
        envelope = _find(errand, envelope_id)
        if envelope is None:
            continue
        try:
            if deed(errand, envelope):
                changed.append(envelope_id)
        except HOPELESS:
            raise
        except DocusignError as error:
            _problem(errand, envelope, error.staff_message)
    return changed


def _remind(errand: Errand, envelope: Envelope) -> bool:
    if not envelope.is_open:
        return _problem(errand, envelope, _("It is not waiting for anyone."))
    reminded = reminding.remind(envelope, note=errand.params.get("note", ""))
    if reminded.too_soon:
        names = {"names": ", ".join(reminded.too_soon)}
        _problem(errand, envelope, _("Asked less than an hour ago: %(names)s.") % names)
    return bool(reminded.asked)


def _void(errand: Errand, envelope: Envelope) -> bool:
    if not envelope.can_be_voided:
        return _problem(errand, envelope, _("Only what is on its way can be voided."))
    voiding.void(envelope, reason=errand.params.get("reason", ""))
    return True


def _find(errand: Errand, envelope_id: int) -> Envelope | None:
    """Within reach of who asked, as it is now."""
    rows = visible(Envelope.objects.without_templates(), errand.asked_by)
    envelope = rows.filter(pk=envelope_id).first()
    if envelope is None:
        errand.problems.append([envelope_id, "", _("It is not there any more.")])
    return envelope


def _problem(errand: Errand, envelope: Envelope, sentence: str) -> bool:
    if len(errand.problems) < MOST_PROBLEMS:
        errand.problems.append([envelope.pk, str(envelope), sentence])
    return False
