"""Envelopes made of templates that lie at Docusign: rows for those who have a role, and nothing else of ours."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from .copying import Person
from .docusign import EnvelopeTemplate, TemplateRole
from .models import Envelope, EnvelopeStatus, Recipient, RecipientKind
from .models.recipient import MAX_NUMBER, MAX_ROUTING_ORDER, new_client_user_id
from .templates import Role
from .visibility import team_for

KINDS = {
    "signers": RecipientKind.SIGNER,
    "inPersonSigners": RecipientKind.IN_PERSON_SIGNER,
    "certifiedDeliveries": RecipientKind.CERTIFIED_DELIVERY,
    "carbonCopies": RecipientKind.CARBON_COPY,
}


def roles_of(template: EnvelopeTemplate) -> list[Role]:
    """Those that can be filled: `templateRoles` knows them by name alone. Docusign itself sees to all others."""
    return [_role(number, role) for number, role in enumerate(template.roles, start=1) if role.role_name]


def roles_of_draft(envelope: Envelope) -> list[Role]:
    """Of an envelope that was made before, and not sent."""
    return [
        Role(r.number, r.role_name, r.name, r.email, RecipientKind(r.kind), r.routing_order, is_open=True)
        for r in envelope.recipients.all()
    ]


def make_draft(
    template_id: str, roles: Sequence[Role], user: User, *, subject: str, message: str, people: Mapping[int, Person]
) -> Envelope:
    """`people` by role number."""
    with transaction.atomic():
        envelope = Envelope.objects.create(
            created_by=user,
            owner=user,
            team=team_for(user),
            subject=subject,
            message=message,
            docusign_template_id=template_id,
        )
        Recipient.objects.bulk_create(
            Recipient(
                envelope=envelope,
                number=role.number,
                kind=role.kind,
                role_name=role.label,
                name=people[role.number].name,
                email=people[role.number].email,
                routing_order=min(role.routing_order, MAX_ROUTING_ORDER),
                # Only signers come to us; Docusign writes to all others.
                client_user_id=new_client_user_id() if role.kind == RecipientKind.SIGNER else "",
            )
            for role in roles
        )
    return envelope


def revise_draft(envelope: Envelope, *, subject: str, message: str, people: Mapping[int, Person]) -> bool:
    """Before it is sent once more; False when it is no draft any more."""
    with transaction.atomic():
        row = Envelope.objects.select_for_update().get(pk=envelope.pk)
        if row.status != EnvelopeStatus.DRAFT:
            return False
        row.subject, row.message = subject, message
        row.save(update_fields=["subject", "message", "updated_at"])
        for number, person in people.items():
            row.recipients.filter(number=number).update(name=person.name, email=person.email)
    return True


def _role(position: int, role: TemplateRole) -> Role:
    """Under Docusign's own number, where it is one."""
    given = int(role.recipient_id) if role.recipient_id.isdecimal() and len(role.recipient_id) < 11 else 0
    return Role(
        number=given if 1 <= given <= MAX_NUMBER else position,
        label=role.role_name,
        name=role.name,
        email=role.email,
        kind=KINDS.get(role.group, RecipientKind.CARBON_COPY),
        routing_order=role.routing_order,
        is_open=True,
    )
