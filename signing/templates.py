"""Templates: made of an envelope, published version by version, and envelopes made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from . import events
from .copying import Person, copy, drop_unused_file
from .drafting import throw_away
from .models import (
    Envelope,
    EnvelopeStatus,
    PortalKind,
    Recipient,
    RecipientKind,
    TabKind,
    Team,
    Template,
    TemplateVersion,
)
from .visibility import team_for

EXAMPLE_PEOPLE = ("Ada Moreno", "Ben Okafor", "Chloe Lindqvist", "Dev Shah", "Elena Martin", "Finn Becker")


class NotPublishableError(Exception):
    """What is missing, in sentences for staff."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Role:
    """A part in a template. `is_open`: whoever uses the template says who has it."""

    number: int
    label: str
    name: str
    email: str
    kind: RecipientKind
    routing_order: int
    is_open: bool


def create(
    user: User,
    *,
    name: str,
    description: str = "",
    source: Envelope | None = None,
    open_roles: Mapping[int, str] | None = None,
    is_published: bool = True,
) -> Template:
    """An empty template, yet to be published; or one with all that was composed in `source`.

    `open_roles`, by recipient number: those whose place is left open, under this name. All others stay who they are.
    """
    with transaction.atomic():
        if source is None:
            content = Envelope.objects.create(created_by=user, owner=user, status=EnvelopeStatus.TEMPLATE)
        else:
            nobody = {number: Person("", "") for number in open_roles or ()}
            content = copy(source, user, status=EnvelopeStatus.TEMPLATE, people=nobody)
            _name_roles(content, open_roles or {})
        team = team_for(user, like=source.team_id if source else None)
        template = Template.objects.create(
            name=name, description=description, content=content, created_by=user, team=team, version=0
        )
        _tell(PortalKind.CREATED, template, content=content.pk)
        if source is not None and is_published:
            _publish(template, user)
    return template


def describe(template: Template, values: Mapping[str, Any]) -> None:
    """Its name, purpose, and whose it is, by column."""
    with transaction.atomic():
        row = _locked(template)
        changed = {
            name: [_plain(getattr(row, name)), _plain(value)]
            for name, value in values.items()
            if getattr(row, name) != value
        }
        Template.objects.filter(pk=row.pk).update(**values)
        if changed:
            _tell(PortalKind.CHANGED, row, fields=changed)


def _plain(value: Any) -> str | bool:
    return value if isinstance(value, bool) else str(value or "")


def make_draft(
    template: Template, user: User, people: Mapping[int, Person] | None = None, *, team: Team | None = None
) -> Envelope:
    """A draft of the user's. `people` by the number of the recipient who stands for the role in the template."""
    with transaction.atomic():
        made = copy(template.content, user, template=template, people=people, team=team)
        Template.objects.filter(pk=template.pk).update(used_count=F("used_count") + 1, last_used_at=timezone.now())
    return made


def make_trial(template: Template, user: User) -> Envelope:
    """A draft of what is in work, or else in force, for people who do not exist. It counts as no use."""
    content = template.in_work or template.content
    people = {
        recipient.number: Person(EXAMPLE_PEOPLE[place % len(EXAMPLE_PEOPLE)], f"example{place + 1}@example.com")
        for place, recipient in enumerate(content.recipients.all())
    }
    return copy(content, user, template=template, people=people)


def roles_of(content: Envelope) -> list[Role]:
    """In signing order."""
    return [_role(recipient) for recipient in content.recipients.all()]


def begin_work(template: Template, user: User) -> Envelope:
    """What the composer may change: what was begun before, or else a copy of what is in force."""
    with transaction.atomic():
        row = _locked(template)
        if row.in_work is None:
            row.working_copy = copy(row.content, user, status=EnvelopeStatus.TEMPLATE)
            row.save(update_fields=["working_copy", "updated_at"])
            _tell(PortalKind.WORK_BEGUN, row, version=row.version, content=row.working_copy.pk)
        assert row.in_work is not None  # noqa: S101  (for the type checker)
        return row.in_work


def take_up(version: TemplateVersion, user: User) -> Envelope:
    """Go on from an earlier version; what was in work and not published is dropped."""
    with transaction.atomic():
        row = _locked(version.template)
        _drop_work(row)
        row.working_copy = copy(version.content, user, status=EnvelopeStatus.TEMPLATE)
        row.save(update_fields=["working_copy", "updated_at"])
        _tell(PortalKind.WORK_BEGUN, row, version=version.number, content=row.working_copy.pk)
        return row.working_copy


def discard_work(template: Template) -> None:
    """Back to what is in force. What was never published stays as it is."""
    with transaction.atomic():
        _drop_work(_locked(template))


def publish(template: Template, user: User) -> bool:
    """From now on envelopes are made of what is in work; False when nothing is. Raises NotPublishableError."""
    with transaction.atomic():
        row = _locked(template)
        if row.in_work is None:
            return False
        if problems := problems_of(row.in_work):
            raise NotPublishableError(problems)
        _publish(row, user)
    return True


def duplicate(template: Template, user: User) -> Template:
    name = _("Copy of %(name)s") % {"name": template.name}
    return create(
        user,
        name=name[:100],
        description=template.description,
        source=template.content,
        is_published=template.is_published,
    )


def set_archived(template: Template, *, is_archived: bool) -> None:
    """An archived template is not used any more; nothing else changes."""
    archived_at = timezone.now() if is_archived else None
    with transaction.atomic():
        Template.objects.filter(pk=template.pk).update(archived_at=archived_at, updated_at=timezone.now())
        _tell(PortalKind.ARCHIVED if is_archived else PortalKind.RESTORED, template)


def template_holding(content: Envelope) -> Template | None:
    """Whose content, working copy or former version this is."""
    holds = Q(content=content) | Q(working_copy=content) | Q(versions__content=content)
    return Template.objects.filter(holds).first()


def is_in_work(content: Envelope) -> bool:
    """False for what was published: that is never changed."""
    return Template.objects.filter(Q(working_copy=content) | Q(content=content, version=0)).exists()


def problems_of(content: Envelope) -> list[str]:
    """What keeps it from being published, in sentences for staff."""
    problems = []
    recipients = list(content.recipients.prefetch_related("tabs"))
    if not content.subject:
        problems.append(_("Give it a subject."))
    if not content.documents.exists():
        problems.append(_("Add a document."))
    if not recipients:
        problems.append(_("Add a role."))
    for recipient in recipients:
        label = _role(recipient).label
        kinds = {tab.kind for tab in recipient.tabs.all()}
        if recipient.kind == RecipientKind.SIGNER and TabKind.SIGN_HERE not in kinds:
            problems.append(_("Give “%(role)s” a place to sign.") % {"role": label})
    named = [recipient.role_name for recipient in recipients if recipient.role_name]
    problems += [_("Two roles are called “%(role)s”.") % {"role": name} for name in _doubled(named)]
    if any(not recipient.role_name and _is_open(recipient) for recipient in recipients):
        problems.append(_("Name every role that nobody has yet."))
    return problems


def _publish(row: Template, user: User) -> None:
    """The row must be locked, or new."""
    if row.working_copy is not None:
        row.content, row.working_copy = row.working_copy, None
    row.version += 1
    row.save()
    Envelope.objects.filter(pk=row.content_id).update(sealed_at=timezone.now())
    TemplateVersion.objects.create(template=row, number=row.version, content=row.content, published_by=user)
    _tell(PortalKind.PUBLISHED, row, version=row.version, content=row.content_id)


def _tell(kind: PortalKind, row: Template, **facts: Any) -> None:
    events.record_portal(kind, facts, about=f"template:{row.pk}", what="template", name=row.name)


def _drop_work(row: Template) -> None:
    dropped = row.working_copy
    if dropped is None:
        return
    row.working_copy = None
    row.save(update_fields=["working_copy", "updated_at"])
    _tell(PortalKind.WORK_DROPPED, row, content=dropped.pk)
    for document in dropped.documents.all():
        drop_unused_file(document)
    throw_away(dropped)


def _locked(template: Template) -> Template:
    """Without the other tables: PostgreSQL locks no row that may be missing."""
    return Template.objects.select_for_update(of=("self",)).get(pk=template.pk)


def _name_roles(content: Envelope, given: Mapping[int, str]) -> None:
    for recipient in content.recipients.all():
        name = given.get(recipient.number) or recipient.role_name or _("Signer %(n)s") % {"n": recipient.number}
        Recipient.objects.filter(pk=recipient.pk).update(role_name=name)


def _role(recipient: Recipient) -> Role:
    label = recipient.role_name or recipient.name or _("Signer %(n)s") % {"n": recipient.number}
    return Role(
        number=recipient.number,
        label=label,
        name=recipient.name,
        email=recipient.email,
        kind=RecipientKind(recipient.kind),
        routing_order=recipient.routing_order,
        is_open=_is_open(recipient),
    )


def _is_open(recipient: Recipient) -> bool:
    return not recipient.name or not (recipient.email or recipient.kind == RecipientKind.IN_PERSON_SIGNER)


def _doubled(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
