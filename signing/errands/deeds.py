"""One deed for many envelopes. Each answers whether the envelope changed; what went wrong is told on the errand."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signing import reminding, voiding, watchdog
from signing.docusign import ConsentRequiredError, CredentialsRefusedError, DocusignError, NotConfiguredError
from signing.models import Envelope, Errand

MOST_PROBLEMS = 200  # told one by one
# With these the next envelope fares no better: the whole errand ends.
HOPELESS = (ConsentRequiredError, CredentialsRefusedError, NotConfiguredError)


def remind(errand: Errand, envelope_id: int) -> bool:
    envelope = _find(errand, envelope_id)
    if envelope is None:
        return False
    if not envelope.is_open:
        return _problem(errand, envelope, _("It is not waiting for anyone."))
    try:
        reminded = reminding.remind(envelope, note=errand.params.get("note", ""))
    except HOPELESS:
        raise
    except DocusignError as error:
        return _problem(errand, envelope, error.staff_message)
    if reminded.too_soon:
        text = ngettext(
            "%(names)s was asked less than an hour ago.",
            "%(names)s were asked less than an hour ago.",
            len(reminded.too_soon),
        )
        _problem(errand, envelope, text % {"names": ", ".join(reminded.too_soon)})
    return bool(reminded.asked)


def void(errand: Errand, envelope_id: int) -> bool:
    envelope = _find(errand, envelope_id)
    if envelope is None:
        return False
    if not envelope.can_be_voided:
        return _problem(errand, envelope, _("Only what is on its way can be voided."))
    try:
        voiding.void(envelope, reason=errand.params.get("reason", ""))
    except HOPELESS:
        raise
    except DocusignError as error:
        return _problem(errand, envelope, error.staff_message)
    return True


def ask(errand: Errand, envelope_id: int) -> bool:
    envelope = _find(errand, envelope_id)
    if envelope is None or not envelope.docusign_id:
        return False
    return bool(watchdog.ask_docusign([envelope.pk]))


def _find(errand: Errand, envelope_id: int) -> Envelope | None:
    envelope = Envelope.objects.without_templates().filter(pk=envelope_id).first()
    if envelope is None:
        errand.problems.append([envelope_id, "", _("It is not there any more.")])
    return envelope


def _problem(errand: Errand, envelope: Envelope, sentence: str) -> bool:
    if len(errand.problems) < MOST_PROBLEMS:
        errand.problems.append([envelope.pk, str(envelope), sentence])
    return False
