"""A template, and a form that anyone can open: for the demo."""

from django.contrib.auth.models import User

from signing import authoring, templates
from signing.authoring import SignerInput, TabInput
from signing.models import Envelope, EnvelopeStatus, PublicForm, TabKind, Template

from .pdfs import draw_agreement

RULES = (
    ("Safety", "Visitors wear their badge, stay with their host, and follow the signs and the staff's instructions."),
    ("Confidentiality", "What visitors see and hear is not for others. Pictures are taken only after asking."),
    ("Care", "Whoever breaks something tells their host at once. Nobody is blamed for an honest mistake."),
)


def make_template(user: User) -> Template:
    """Signed by whoever visits, and after them by the host."""
    content = _fields(
        Envelope.objects.create(created_by=user, owner=user),
        "Visitor agreement",
        [
            SignerInput("", "", 1, _tabs(1), role_name="Visitor"),
            SignerInput("Dana Field", "dana.field@northwind.example", 2, _tabs(2), role_name="Host"),
        ],
    )
    Envelope.objects.filter(pk=content.pk).update(status=EnvelopeStatus.TEMPLATE)
    template = Template.objects.create(
        name="Visitor agreement",
        description="For everyone who comes to the workshop. The host signs last.",
        content=content,
        version=0,
        created_by=user,
    )
    templates.publish(template, user)
    template.refresh_from_db()
    return template


def make_form(user: User, template: Template) -> PublicForm:
    return PublicForm.objects.create(
        slug="visitors",
        template=template,
        title="Welcome to our workshop",
        introduction="Before you come in, please read our three rules and sign them.\n\nIt takes two minutes.",
        created_by=user,
    )


def _fields(content: Envelope, title: str, signers: list[SignerInput]) -> Envelope:
    authoring.save_text(content, subject=title, message="Thank you for visiting us.")
    drawn = draw_agreement(title, [signer.role_name for signer in signers], RULES)
    authoring.add_document(content, filename=f"{title}.pdf", content=drawn)
    authoring.replace_signers(content, signers)
    return content


def _tabs(number: int) -> tuple[TabInput, ...]:
    return (
        TabInput(kind=TabKind.SIGN_HERE, anchor=f"/sn{number}/"),
        TabInput(kind=TabKind.DATE_SIGNED, anchor=f"/dt{number}/"),
    )
