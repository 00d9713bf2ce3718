"""Templates and forms for tests, made as staff make them."""

from typing import Any

from django.contrib.auth.models import User

from signing import authoring, templates
from signing.authoring import SignerInput, TabInput
from signing.models import Envelope, EnvelopeStatus, PublicForm, TabKind, Template
from tests.factories import make_staff
from tests.pdf_files import draw_pdf

VISITOR = SignerInput("", "", 1, (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),), role_name="Visitor")
HOST = SignerInput(
    "Holly Host", "holly@northwind.example", 2, (TabInput(TabKind.SIGN_HERE, anchor="/sn2/"),), role_name="Host"
)


def compose(content: Envelope, *signers: SignerInput, subject: str = "Visitor agreement") -> None:
    authoring.save_text(content, subject=subject, message="Welcome")
    if not content.documents.exists():
        authoring.add_document(content, filename="Rules.pdf", content=draw_pdf())
    authoring.replace_signers(content, signers)


def make_template(
    user: User | None = None, *signers: SignerInput, name: str = "Visitors", publish: bool = True
) -> Template:
    user = user or User.objects.filter(username="dana").first() or make_staff()
    template = templates.create(user, name=name, description="For the workshop")
    compose(template.content, *(signers or (VISITOR, HOST)))
    if publish:
        assert templates.publish(template, user)
    template.refresh_from_db()
    return template


def make_form(template: Template | None = None, **fields: Any) -> PublicForm:
    template = template or make_template()
    defaults = {"slug": "visitors", "title": "Welcome", "introduction": "Please read our rules."}
    return PublicForm.objects.create(template=template, created_by=template.created_by, **(defaults | fields))


def drafts_of(template: Template) -> list[Envelope]:
    return list(template.envelopes.filter(status=EnvelopeStatus.DRAFT))
