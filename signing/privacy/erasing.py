"""Erasing a person: looked at first (what would go, what must stay and why), then done, with a certificate.

Names and addresses go out of every row; that something happened, and when, stays. What must stay is refused by
envelope: it is open, on hold, or a rule says how long it has to be kept.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from signing import events, finding
from signing.acting import actor
from signing.events import record_portal
from signing.models import (
    BulkBatch,
    BulkRow,
    ConnectMessage,
    EmailCode,
    Envelope,
    EnvelopeEvent,
    EnvelopeStatus,
    Erasure,
    Errand,
    EventKind,
    FormEntry,
    FormerLink,
    MailState,
    OutgoingMail,
    PortalKind,
    PurgeState,
    Recipient,
    SavedView,
)
from signing.models.desk import UNFINISHED_ERRANDS
from signing.models.mail import WAITING_STATES

from . import removing, requests
from .certificates import canonical, digest_of, new_salt, sha256_of
from .removing import ERASED
from .rules import rule_of
from .subjects import Subject, ids


@dataclass(frozen=True, slots=True)
class Refusal:
    """What stays, and why. Without an envelope it is about something else."""

    envelope_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would do. `envelopes` are those whose rows of the person go."""

    counts: dict[str, int]
    envelopes: list[int]
    documents: int
    refusals: list[Refusal]
    is_of_staff: bool


class NotErasableError(Exception):
    """It is the address of a member of staff: they are handed over and deactivated, not erased."""


def plan(subject: Subject) -> Plan:
    """Changes nothing."""
    now = timezone.now()
    reasons = {pk: why_kept(envelope, now) for pk, envelope in subject.envelopes.items()}
    refusals = [Refusal(pk, why) for pk, why in reasons.items() if why]
    refusals += [Refusal(None, _("A bulk send that was not sent yet names them: remove the row there.")) for row in
                 subject.rows if row.batch.is_unsent or row.batch.is_busy][:1]  # fmt: skip
    refusals += [
        Refusal(None, _("It is the address of “%(name)s” of the staff: hand over and deactivate.") % {"name": user})
        for user in subject.users
    ]
    going = [pk for pk, why in reasons.items() if not why]
    documents = sum(subject.envelopes[pk].completed_documents.count() for pk in going if pk in subject.parts)
    return Plan(subject.counts(), going, documents, refusals, is_of_staff=bool(subject.users))


def why_kept(envelope: Envelope, now: datetime) -> str:
    """Why nothing of an envelope may be erased; empty when it may."""
    if envelope.is_on_hold:
        return _("It is on legal hold.")
    if envelope.status == EnvelopeStatus.TEMPLATE:
        return _template_in_force(envelope)
    if envelope.is_draft:
        return _("It is a draft: throw it away, or take them out of it.")
    if not envelope.is_terminal:
        return _("It is on its way: wait for its end, or void it.")
    rule = rule_of(envelope)
    if rule.template_id and not rule.days:
        return _("The rule of the template “%(name)s” keeps it for ever.") % {"name": rule.name}
    goes_at = rule.goes_at(envelope)
    if goes_at and goes_at > now and not envelope.content_deleted_at:
        return _("A rule says that it has to be kept until %(day)s.") % {"day": date_format(goes_at, "DATE_FORMAT")}
    return ""


def erase(subject: Subject, *, with_documents: bool, purge: bool = False) -> Erasure:
    """Whatever may go, in one transaction; the certificate. `purge`: ask to redact it at Docusign as well.

    Raises NotErasableError.
    """
    with transaction.atomic():
        planned = plan(subject)
        if planned.is_of_staff:
            raise NotErasableError
        rows = Envelope.objects.select_for_update().filter(pk__in=planned.envelopes).in_bulk()
        kept = {refusal.envelope_id for refusal in planned.refusals}
        instead = {pk: _texts_without(subject, envelope) for pk, envelope in rows.items()}
        counts = _erase_rows(subject, kept)
        for pk, envelope in rows.items():
            Envelope.objects.filter(pk=pk).update(**instead[pk])
            if with_documents and pk in subject.parts:
                removing.delete_documents(envelope)
            if not envelope.content_deleted_at:
                envelope.refresh_from_db()
                finding.index(envelope)
            events.record(pk, EventKind.ERASED, documents=with_documents)
        asked = _ask_to_purge(list(rows.values())) if purge else 0
        return _certify(subject, planned, counts, with_documents=with_documents, purge_requests=asked)


def _erase_rows(subject: Subject, kept: set[int | None]) -> dict[str, int]:
    """All but what belongs to an envelope that is kept; how many of each."""
    recipients = [row for row in subject.recipients if row.envelope_id not in kept]
    mails = [row for row in subject.mails if row.envelope_id not in kept]
    codes = [row for row in subject.codes if row.recipient.envelope_id not in kept]
    entries = [row for row in subject.entries if row.recipient is None or row.recipient.envelope_id not in kept]
    lines = [row for row in subject.events if row.envelope_id is None or row.envelope_id not in kept]
    sheets = [row for row in subject.rows if not (row.batch.is_unsent or row.batch.is_busy)]
    sheets = [row for row in sheets if row.envelope_id not in kept or row.envelope_id is None]
    known = {envelope.docusign_id or "": pk for pk, envelope in subject.envelopes.items()}
    messages = [row for row in subject.messages if known.get(row.docusign_id) not in kept]
    _erase_recipients(subject, recipients)
    OutgoingMail.objects.filter(pk__in=ids(mails), state__in=WAITING_STATES).update(state=MailState.NOT_NEEDED)
    OutgoingMail.objects.filter(pk__in=ids(mails)).update(to_email="", note="", error="", sealed_code="")
    EmailCode.objects.filter(pk__in=ids(codes)).update(to_email="")
    FormEntry.objects.filter(pk__in=ids(entries)).update(name=ERASED, email="", sealed_code="")
    BulkRow.objects.filter(pk__in=ids(sheets)).update(data=[], email="", errors={}, problem="")
    _drop_sheets({row.batch_id for row in sheets})
    ConnectMessage.objects.filter(pk__in=ids(messages)).delete()
    SavedView.objects.filter(pk__in=ids(subject.views)).delete()
    LogEntry.objects.filter(pk__in=ids(subject.log)).update(object_repr=ERASED, change_message="")
    events.erase(EnvelopeEvent.objects.filter(pk__in=ids(lines)))
    return {
        "recipients": len(recipients),
        "mails": len(mails),
        "codes": len(codes),
        "form_entries": len(entries),
        "rows_of_bulk_sends": len(sheets),
        "events": len(lines),
        "messages_of_docusign": len(messages),
        "saved_views": len(subject.views),
        "log": len(subject.log),
        "exports": _drop_exports(),
    }


def _erase_recipients(subject: Subject, recipients: list[Recipient]) -> None:
    """A host and a signer stand in one row: only who asked goes out of it."""
    now = timezone.now()
    for row in recipients:
        is_signer = subject.is_signer(row)
        if subject.is_host(row):
            row.host_name, row.host_email = ERASED, ""
        if is_signer:
            row.name, row.email, row.erased_at = ERASED, "", now
            row.private_message = row.declined_reason = row.sealed_access_code = ""
            row.tabs.exclude(value="").update(value="")
        row.link_revoked_at = row.link_revoked_at or now
        row.save()
    FormerLink.objects.filter(recipient__in=recipients).delete()


def _texts_without(subject: Subject, envelope: Envelope) -> dict[str, str]:
    for document in envelope.documents.all():
        if (name := subject.without(document.name, ERASED)[:100]) != document.name:
            document.name = name
            document.save(update_fields=["name"])
    texts = {"subject": 100, "message": 10_000, "summary": 2000, "voided_reason": 200, "last_error": 500}
    return {column: subject.without(getattr(envelope, column), ERASED)[:most] for column, most in texts.items()}


def _drop_sheets(batch_ids: set[int]) -> None:
    """The uploaded sheet names everybody in it; its rows say what became of each."""
    for batch in BulkBatch.objects.filter(pk__in=batch_ids).exclude(file=""):
        transaction.on_commit(partial(batch.file.storage.delete, batch.file.name))
        BulkBatch.objects.filter(pk=batch.pk).update(file="", file_name=ERASED)


def _drop_exports() -> int:
    """Whatever was exported from the list these days may name the person; who needs it asks again."""
    dropped = 0
    for errand in Errand.objects.exclude(state__in=UNFINISHED_ERRANDS):
        if errand.file:
            transaction.on_commit(partial(errand.file.storage.delete, errand.file.name))
        errand.delete()
        dropped += 1
    return dropped


def _ask_to_purge(envelopes: list[Envelope]) -> int:
    asked = 0
    for envelope in envelopes:
        open_ones = envelope.purge_requests.filter(state__in=requests.OPEN_PURGE_STATES)
        if not requests.why_not(envelope) and not open_ones.exists():
            requests.ask(envelope, PurgeState.REDACT, reason=_("Erasure on request"))
            asked += 1
    return asked


def _template_in_force(content: Envelope) -> str:
    for name in ("template_of", "working_copy_of"):
        if hasattr(content, name):
            text = _("It is part of the template “%(name)s”: publish one without them.")
            return text % {"name": getattr(content, name).name}
    return ""


def _certify(
    subject: Subject, planned: Plan, counts: dict[str, int], *, with_documents: bool, purge_requests: int
) -> Erasure:
    now, user, salt = timezone.now(), actor().find_user(), new_salt()
    digest = digest_of(subject.email, salt)
    certificate = canonical(
        {
            "certificate": "erasure",
            "portal": settings.PORTAL_BASE_URL,
            "organisation": settings.ORGANISATION_NAME,
            "subject": {"digest": digest, "salt": salt, "algorithm": "SHA-256 of salt, colon, address in lower case"},
            "erased_at": now.isoformat(),
            "erased_by": (user.get_full_name() or user.get_username()) if user else "the portal's command line",
            "erased": counts,
            "envelopes": planned.envelopes,
            "documents": "deleted" if with_documents else "kept",
            "kept": [{"envelope": refusal.envelope_id, "why": str(refusal.why)} for refusal in planned.refusals],
            "purge_requests": purge_requests,
        }
    )
    sha256 = sha256_of(certificate)
    record_portal(PortalKind.PERSON_ERASED, {"certificate_sha256": sha256, "counts": counts}, about="privacy")
    return Erasure.objects.create(
        subject_digest=digest, erased_at=now, erased_by=user, certificate=certificate, sha256=sha256
    )
