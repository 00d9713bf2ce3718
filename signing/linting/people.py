"""Rules of the first and the last step: documents, people, text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signing.lettering import undrawable
from signing.models import Delivery, Recipient, RecipientKind, Verification

from .findings import Composition, Finding, Step, error, warning, who_is


def documents(c: Composition) -> Iterator[Finding]:
    if not c.documents:
        yield error("no_documents", _("Add at least one document."), Step.PEOPLE)
    for document in c.documents:
        if pages := c.textless.get(document.number):
            text = _(
                "“%(name)s”, %(pages)s: nothing but a picture. Screen readers find no words there, and no fields "
                "can be placed by text."
            ) % {"name": document.name, "pages": _pages(pages)}
            yield warning("image_only", text, Step.PEOPLE)


def people(c: Composition) -> Iterator[Finding]:
    if all(r.kind == RecipientKind.CARBON_COPY for r in c.recipients):
        yield error("nobody_acts", _("Add at least one person who signs."), Step.PEOPLE)
    for recipient in c.recipients:
        if not c.is_template:
            yield from _address(recipient)
        if letters := undrawable(recipient.name):
            text = _("%(name)s: Docusign may be unable to draw %(letters)s in a signature.")
            words = {"name": recipient.name, "letters": letters}
            yield warning("undrawable_name", text % words, Step.PEOPLE, recipient.number)


def _address(recipient: Recipient) -> Iterator[Finding]:
    """Whom it goes to must be known."""
    number, who = recipient.number, who_is(recipient)
    if not recipient.name.strip():
        yield error("no_name", _("%(who)s has no name.") % {"who": who}, Step.PEOPLE, number)
    if recipient.kind == RecipientKind.IN_PERSON_SIGNER:
        if not recipient.host_name or not recipient.host_email:
            text = _("Who hosts the signing of %(who)s? Name and email are needed.") % {"who": who}
            yield error("no_host", text, Step.PEOPLE, number)
    elif not recipient.email:
        yield error("no_email", _("%(who)s has no email address.") % {"who": who}, Step.PEOPLE, number)


def proofs(c: Composition) -> Iterator[Finding]:
    for recipient in c.recipients:
        who = {"who": who_is(recipient)}
        if recipient.verification == Verification.ACCESS_CODE and not recipient.sealed_access_code:
            text = _("%(who)s shall give an access code: enter the one you agreed upon.") % who
            yield error("no_access_code", text, Step.PEOPLE, recipient.number)
        by_others = recipient.delivery == Delivery.DOCUSIGN or recipient.is_hosted
        if recipient.verification == Verification.EMAIL_CODE and by_others:
            text = _("%(who)s: only a link of their own can ask for a code by email. Choose another proof.") % who
            yield error("code_without_link", text, Step.PEOPLE, recipient.number)


def twins(c: Composition) -> Iterator[Finding]:
    """Docusign: name, email and order the same is ENVELOPE_HAS_DUPLICATE_RECIPIENTS (reference 2.4)."""
    names: dict[tuple[str, int], set[str]] = defaultdict(set)
    for recipient in c.recipients:
        if not recipient.email:
            continue
        others = names[recipient.email.casefold(), recipient.routing_order]
        if recipient.name.casefold() in others:
            text = _("%(who)s is listed twice with the same order.") % {"who": who_is(recipient)}
            yield error("duplicate", text, Step.PEOPLE, recipient.number)
        elif others:
            text = _("%(who)s shares an address with somebody who signs at the same time.") % {"who": who_is(recipient)}
            yield warning("shared_address", text, Step.PEOPLE, recipient.number)
        others.add(recipient.name.casefold())


def settings(c: Composition) -> Iterator[Finding]:
    envelope = c.envelope
    if not envelope.subject.strip() and not c.is_template:
        yield error("no_subject", _("The mail needs a subject."), Step.REVIEW)
    if envelope.reminder_delay_days and envelope.reminder_delay_days >= envelope.expire_after_days:
        text = _("It expires before the first reminder.")
        yield warning("late_reminder", text, Step.REVIEW)


def sender(c: Composition) -> Iterator[Finding]:
    identity = c.envelope.sent_as
    if identity is not None and not identity.is_in_force:
        text = _("It cannot be sent as %(name)s any more: %(reason)s. Choose who sends it.")
        yield error("sender_lost", text % {"name": identity.name, "reason": identity.loss}, Step.REVIEW)


def _pages(pages: Sequence[int]) -> str:
    """1, 2, 3, 7 → pages 1–3, 7."""
    parts = []
    for _key, run in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _index, number in run]
        parts.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}")
    return ngettext("page %(pages)s", "pages %(pages)s", len(pages)) % {"pages": ", ".join(parts)}
