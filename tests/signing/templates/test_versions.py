"""Templates: composed, published, changed without touching what is in force, and taken up again."""

import pytest
from django.contrib.auth.models import User

from signing import authoring, templates
from signing.authoring import NotADraftError, SignerInput, TabInput
from signing.copying import Person
from signing.models import Envelope, EnvelopeStatus, TabKind, Template
from signing.templates import NotPublishableError
from tests.factories import make_draft

from .making import HOST, VISITOR, compose, make_template

pytestmark = pytest.mark.django_db


def in_work(template: Template, user: User) -> Envelope:
    content = templates.begin_work(template, user)
    template.refresh_from_db()
    return content


def test_a_new_template_is_composed_directly_and_not_in_force(staff: User) -> None:
    template = templates.create(staff, name="Lease")
    assert not template.is_published
    assert template.in_work == template.content
    assert templates.is_in_work(template.content)


def test_what_is_published_can_no_longer_be_changed(staff: User) -> None:
    template = make_template(staff)
    assert template.version == 1
    assert template.in_work is None
    assert not templates.is_in_work(template.content)
    with pytest.raises(NotADraftError):
        authoring.save_text(template.content, subject="Changed", message="")


def test_changes_reach_envelopes_only_once_they_are_published(staff: User) -> None:
    template = make_template(staff)
    authoring.save_text(in_work(template, staff), subject="New rules", message="")
    assert templates.make_draft(template, staff).subject == "Visitor agreement"
    assert templates.publish(template, staff)
    template.refresh_from_db()
    made = templates.make_draft(template, staff)
    assert (made.subject, made.template_version) == ("New rules", 2)


def test_what_was_made_before_keeps_its_copy(staff: User) -> None:
    template = make_template(staff)
    made = templates.make_draft(template, staff)
    authoring.save_text(in_work(template, staff), subject="New rules", message="")
    templates.publish(template, staff)
    made.refresh_from_db()
    assert (made.subject, made.template_version) == ("Visitor agreement", 1)


def test_a_working_copy_can_be_changed_until_it_is_published(staff: User) -> None:
    template = make_template(staff)
    content = in_work(template, staff)
    authoring.save_text(content, subject="New rules", message="")
    templates.publish(template, staff)
    with pytest.raises(NotADraftError):
        authoring.save_text(content, subject="Changed", message="")


def test_to_begin_twice_is_to_go_on(staff: User) -> None:
    template = make_template(staff)
    assert in_work(template, staff) == in_work(template, staff)


def test_dropped_changes_leave_no_rows_behind(staff: User) -> None:
    template = make_template(staff)
    content = in_work(template, staff)
    templates.discard_work(template)
    template.refresh_from_db()
    assert template.in_work is None
    assert not Envelope.objects.filter(pk=content.pk).exists()
    assert template.content.documents.get().file.storage.exists(template.content.documents.get().file.name)


def test_an_earlier_version_can_be_taken_up_again(staff: User) -> None:
    template = make_template(staff)
    authoring.save_text(in_work(template, staff), subject="New rules", message="")
    templates.publish(template, staff)
    templates.take_up(template.versions.get(number=1), staff)
    templates.publish(template, staff)
    template.refresh_from_db()
    assert (template.version, template.content.subject) == (3, "Visitor agreement")


def test_nothing_in_work_is_nothing_to_publish(staff: User) -> None:
    template = make_template(staff)
    assert not templates.publish(template, staff)
    assert template.versions.count() == 1


NO_FIELD = SignerInput("", "", 1, (), role_name="Visitor")
NO_NAME = SignerInput("", "", 1, (TabInput(TabKind.SIGN_HERE, anchor="/sn1/"),))


@pytest.mark.parametrize(
    ("signers", "problem"),
    [
        pytest.param([], "Add a role.", id="nobody"),
        pytest.param([NO_FIELD], "Give “Visitor” a place to sign.", id="no field"),
        pytest.param([VISITOR, VISITOR], "Two roles are called “Visitor”.", id="twins"),
        pytest.param([NO_NAME], "Name every role that nobody has yet.", id="no name"),
    ],
)
def test_what_cannot_be_sent_is_not_published(staff: User, signers: list[SignerInput], problem: str) -> None:
    template = templates.create(staff, name="Lease")
    compose(template.content, *signers)
    with pytest.raises(NotPublishableError) as refused:
        templates.publish(template, staff)
    assert refused.value.problems == [problem]


def test_an_empty_template_says_all_that_it_lacks(staff: User) -> None:
    template = templates.create(staff, name="Lease")
    assert templates.problems_of(template.content) == ["Give it a subject.", "Add a document.", "Add a role."]


def test_an_envelope_saved_as_a_template_leaves_the_chosen_places_open(staff: User) -> None:
    template = templates.create(staff, name="Consulting", source=make_draft(staff), open_roles={1: "Client"})
    client, other = templates.roles_of(template.content)
    assert (client.label, client.is_open, client.email) == ("Client", True, "")
    assert (other.label, other.is_open, other.email) == ("Signer 2", False, "carl@example.com")


def test_a_draft_has_the_people_and_the_owner_who_made_it(staff: User) -> None:
    template = make_template(staff, VISITOR, HOST)
    made = templates.make_draft(template, staff, {1: Person("Vic Tor", "vic@example.com")})
    assert [r.email for r in made.recipients.all()] == ["vic@example.com", "holly@northwind.example"]
    assert made.status == EnvelopeStatus.DRAFT


def test_use_is_counted_on_the_template(staff: User) -> None:
    template = make_template(staff)
    templates.make_draft(template, staff)
    templates.make_draft(template, staff)
    template.refresh_from_db()
    assert template.used_count == 2
    assert template.last_used_at is not None


def test_a_trial_is_no_use_and_meets_nobody_real(staff: User) -> None:
    template = make_template(staff)
    trial = templates.make_trial(template, staff)
    template.refresh_from_db()
    assert template.used_count == 0
    assert [r.email for r in trial.recipients.all()] == ["example1@example.com", "example2@example.com"]


def test_a_duplicate_is_published_as_its_original_is(staff: User) -> None:
    template = make_template(staff)
    made = templates.duplicate(template, staff)
    assert (made.name, made.version, made.content.subject) == ("Copy of Visitors", 1, "Visitor agreement")
    assert made.content != template.content
    unfinished = templates.create(staff, name="Lease")
    assert templates.duplicate(unfinished, staff).version == 0
