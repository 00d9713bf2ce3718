"""Duplicates and templates: what is copied, what begins anew, and what the copies share."""

import pytest
from django.contrib.auth.models import User

from signing import authoring, copying, templates
from signing.authoring import SignerInput, TabInput
from signing.copying import Person
from signing.models import Envelope, EnvelopeStatus, TabKind
from tests.factories import make_staff
from tests.pdf_files import draw_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(staff: User) -> Envelope:
    envelope = authoring.create_draft(staff, subject="Lease", message="Please read")
    authoring.add_document(envelope, filename="lease.pdf", content=draw_pdf())
    fields = [TabInput(TabKind.SIGN_HERE, document_number=1, page=1, x=10, y=20)]
    authoring.replace_signers(envelope, [SignerInput("Ann", "ann@example.com", tabs=fields)])
    return envelope


def test_a_copy_has_the_same_text_people_and_fields(draft: Envelope, staff: User) -> None:
    made = copying.copy(draft, staff)
    assert (made.status, made.subject, made.message) == (EnvelopeStatus.DRAFT, "Lease", "Please read")
    (recipient,) = made.recipients.all()
    (tab,) = recipient.tabs.all()
    assert (recipient.name, tab.x, tab.y, tab.document) == ("Ann", 10, 20, made.documents.get())


def test_a_copy_has_ids_and_links_of_its_own(draft: Envelope, staff: User) -> None:
    theirs, ours = draft.recipients.get(), copying.copy(draft, staff).recipients.get()
    assert ours.link_nonce != theirs.link_nonce
    assert ours.client_user_id != theirs.client_user_id


def test_a_copy_belongs_to_who_made_it(draft: Envelope) -> None:
    colleague = make_staff("colleague")
    assert copying.copy(draft, colleague).created_by == colleague


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_as_long_as_one_copy_has_it(draft: Envelope, staff: User) -> None:
    made = copying.copy(draft, staff)
    document = made.documents.get()
    authoring.remove_documents(draft, [1])
    assert document.file.storage.exists(document.file.name)
    authoring.remove_documents(made, [1])
    assert not document.file.storage.exists(document.file.name)


def test_what_a_template_holds_is_no_envelope_of_the_list(draft: Envelope, staff: User) -> None:
    template = templates.create(staff, name="Lease", source=draft)
    assert template.content not in Envelope.objects.without_templates()
    assert draft in Envelope.objects.without_templates()


def test_a_draft_of_a_template_has_the_people_given_for_its_roles(draft: Envelope, staff: User) -> None:
    template = templates.create(staff, name="Lease", source=draft)
    made = templates.make_draft(template, staff, {1: Person("Bob", "bob@example.com")})
    assert (made.template, made.status) == (template, EnvelopeStatus.DRAFT)
    assert made.recipients.get().email == "bob@example.com"
    assert template.content.recipients.get().email == "ann@example.com"
