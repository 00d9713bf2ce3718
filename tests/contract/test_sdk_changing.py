"""Envelopes changed on the way: drafts, corrections, documents, tabs, locks, voids (reference 2.10)."""

from typing import Any

import docusign_esign as esign
import pytest

from tests.pdf_files import draw_pdf
from tests.sandbox_process import SandboxProcess

from .sdk import Sdk, base64_of, carbon_copy, definition, document, embedded, sign_here, signer


def ascii_pdf(*pages: str) -> str:
    """The SDK sends a document's bytes only as text; a PDF may well be pure ASCII."""
    head, _, rest = draw_pdf(*pages).partition(b"\n%")
    marker, _, body = rest.partition(b"\n")
    return (head + b"\n%" + b"*" * len(marker) + b"\n" + body).decode("ascii")


def people(sdk: Sdk, envelope_id: str) -> list[tuple[str, str]]:
    return [(each.name, each.email) for each in sdk.envelopes.list_recipients(envelope_id).signers]


class TestDrafts:
    @pytest.fixture
    def draft(self, sdk: Sdk) -> str:
        return sdk.create(definition(embedded(1), status="created"))

    def test_are_sent_later(self, sdk: Sdk, draft: str) -> None:
        answer = sdk.envelopes.update(draft, envelope=esign.Envelope(status="sent"))
        assert (answer.envelope_id, sdk.status(draft)) == (draft, "sent")

    def test_get_another_subject_and_text(self, sdk: Sdk, draft: str) -> None:
        sdk.envelopes.update(draft, envelope=esign.Envelope(email_subject="Better", email_blurb="Dear Pat"))
        envelope = sdk.envelopes.get_envelope(draft)
        assert (envelope.email_subject, envelope.email_blurb) == ("Better", "Dear Pat")

    def test_get_more_documents(self, sdk: Sdk, draft: str) -> None:
        more = esign.EnvelopeDefinition(documents=[document(2, "Annex", name="Annex")])
        results = sdk.envelopes.update_documents(draft, envelope_definition=more).envelope_documents
        assert "2" in [each.document_id for each in results]
        assert [each.name for each in sdk.envelopes.list_documents(draft).envelope_documents][:2] == [
            "Lorem Ipsum",
            "Annex",
        ]

    def test_get_a_document_by_its_bytes(self, sdk: Sdk, draft: str) -> None:
        sdk.client.set_default_header("Content-Disposition", 'filename="Annex.pdf"')
        added = sdk.envelopes.update_document("3", draft, ascii_pdf("Annex"))
        assert (added.document_id, added.name.removesuffix(".pdf")) == ("3", "Annex")

    def test_lose_a_document(self, sdk: Sdk, draft: str) -> None:
        sdk.envelopes.update_documents(draft, envelope_definition=esign.EnvelopeDefinition(documents=[document(2)]))
        gone = esign.EnvelopeDefinition(documents=[esign.Document(document_id="2")])
        sdk.envelopes.delete_documents(draft, envelope_definition=gone)
        kept = [each.document_id for each in sdk.envelopes.list_documents(draft).envelope_documents]
        assert "2" not in kept

    def test_get_more_recipients_and_lose_them(self, sdk: Sdk, draft: str) -> None:
        more = esign.Recipients(signers=[signer(2)], carbon_copies=[carbon_copy(3)])
        added = sdk.envelopes.create_recipient(draft, recipients=more)
        assert "2" in [each.recipient_id for each in added.signers]
        sdk.envelopes.delete_recipient(draft, "2")
        gone = esign.Recipients(carbon_copies=[esign.CarbonCopy(recipient_id="3")])
        sdk.envelopes.delete_recipients(draft, recipients=gone)
        assert sdk.envelopes.list_recipients(draft).recipient_count == "1"

    def test_get_change_and_lose_tabs(self, sdk: Sdk, draft: str) -> None:
        text = esign.Text(document_id="1", page_number="1", x_position="50", y_position="60", tab_label="Town")
        made = sdk.envelopes.create_tabs(draft, "1", tabs=esign.Tabs(text_tabs=[text])).text_tabs[0]
        changed = esign.Text(tab_id=made.tab_id, value="Ghent", x_position="70")
        sdk.envelopes.update_tabs(draft, "1", tabs=esign.Tabs(text_tabs=[changed]))
        (kept,) = sdk.envelopes.list_tabs(draft, "1").text_tabs
        assert (kept.tab_label, kept.value, kept.x_position) == ("Town", "Ghent", "70")
        gone = esign.Tabs(text_tabs=[esign.Text(tab_id=made.tab_id)])
        sdk.envelopes.delete_tabs(draft, "1", tabs=gone)
        assert not sdk.envelopes.list_tabs(draft, "1").text_tabs

    def test_tell_the_tabs_of_a_document_and_of_a_page(self, sdk: Sdk, draft: str) -> None:
        assert len(sdk.envelopes.get_document_tabs("1", draft).sign_here_tabs) == 1
        assert len(sdk.envelopes.get_page_tabs("1", draft, "1").sign_here_tabs) == 1

    def test_custom_fields_come_change_and_go(self, sdk: Sdk, draft: str) -> None:
        """eg018, eg031."""
        field = esign.TextCustomField(name="order", value="1", show="false", required="false")
        fields = esign.CustomFields(list_custom_fields=[], text_custom_fields=[field])
        made = sdk.envelopes.create_custom_fields(draft, custom_fields=fields).text_custom_fields[0]
        made.value = "2"
        sdk.envelopes.update_custom_fields(draft, custom_fields=esign.CustomFields(text_custom_fields=[made]))
        assert sdk.envelopes.list_custom_fields(draft).text_custom_fields[0].value == "2"
        sdk.envelopes.delete_custom_fields(draft, custom_fields=esign.CustomFields(text_custom_fields=[made]))
        assert not sdk.envelopes.list_custom_fields(draft).text_custom_fields

    def test_document_fields(self, sdk: Sdk, draft: str) -> None:
        fields = esign.DocumentFieldsInformation(document_fields=[esign.NameValue(name="shelf", value="4")])
        sdk.envelopes.create_document_fields("1", draft, document_fields_information=fields)
        (kept,) = sdk.envelopes.list_document_fields("1", draft).document_fields
        assert (kept.name, kept.value) == ("shelf", "4")

    def test_reminders_and_expiry(self, sdk: Sdk, draft: str) -> None:
        reminders = esign.Reminders(reminder_enabled="true", reminder_delay="2", reminder_frequency="3")
        expirations = esign.Expirations(expire_enabled="true", expire_after="30", expire_warn="5")
        wanted = esign.EnvelopeNotificationRequest(reminders=reminders, expirations=expirations)
        sdk.envelopes.update_notification_settings(draft, envelope_notification_request=wanted)
        kept = sdk.envelopes.get_notification_settings(draft)
        assert (kept.reminders.reminder_delay, kept.expirations.expire_after) == ("2", "30")

    def test_email_settings(self, sdk: Sdk, draft: str) -> None:
        settings = esign.EmailSettings(reply_email_address_override="desk@example.com")
        sdk.envelopes.create_email_settings(draft, email_settings=settings)
        assert sdk.envelopes.get_email_settings(draft).reply_email_address_override == "desk@example.com"

    def test_a_template_can_be_laid_over_them(self, sdk: Sdk, draft: str) -> None:
        assert not sdk.envelopes.list_templates(draft).templates


class TestChunkedUploads:
    def test_become_a_document(self, sdk: Sdk) -> None:
        content = draw_pdf()
        half = len(content) // 2
        first = esign.ChunkedUploadRequest(data=base64_of(content[:half]))
        started = sdk.envelopes.create_chunked_upload(chunked_upload_request=first)
        second = esign.ChunkedUploadRequest(data=base64_of(content[half:]))
        sdk.envelopes.update_chunked_upload_part(started.chunked_upload_id, "1", chunked_upload_request=second)
        done = sdk.envelopes.update_chunked_upload(started.chunked_upload_id, action="commit")
        assert (done.committed, done.total_size) == ("true", str(len(content)))
        uploaded = esign.Document(remote_url=done.chunked_upload_uri, name="Big", file_extension="pdf", document_id="1")
        envelope_id = sdk.create(definition(documents=[uploaded]))
        assert len(sdk.envelopes.list_tabs(envelope_id, "1").sign_here_tabs) == 1


class TestSent:
    def test_a_signer_is_corrected(self, sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
        envelope_id = sdk.create(definition(signer()))
        right = esign.Signer(recipient_id="1", name="Right Person", email="right@example.com")
        answer = sdk.envelopes.update_recipients(envelope_id, recipients=esign.Recipients(signers=[right]))
        assert [(each.recipient_id, each.error_details) for each in answer.recipient_update_results] == [("1", None)]
        assert people(sdk, envelope_id) == [("Right Person", "right@example.com")]
        assert tls_sandbox.mails(envelope_id=envelope_id)[-1]["to"] == "right@example.com"

    def test_who_is_done_cannot_be_corrected(self, sdk: Sdk) -> None:
        first = embedded(1)
        envelope_id = sdk.create(definition(first, signer(2)))
        sdk.sign(envelope_id, first)
        wrong = esign.Recipients(signers=[esign.Signer(recipient_id="1", name="Someone Else", email="x@example.com")])
        answer = sdk.envelopes.update_recipients(envelope_id, recipients=wrong)
        assert answer.recipient_update_results[0].error_details.error_code == "RECIPIENT_UPDATE_FAILED"

    def test_resending_reminds_whose_turn_it_is(self, sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
        envelope_id = sdk.create(definition(signer(1), signer(2)))
        sdk.envelopes.update(envelope_id, envelope=esign.Envelope(), resend_envelope="true")
        told = [mail["to"] for mail in tls_sandbox.mails(envelope_id=envelope_id)]
        assert told == ["signer1@example.com", "signer1@example.com"]

    def test_voiding_needs_a_reason_and_ends_it(self, sdk: Sdk) -> None:
        envelope_id = sdk.create(definition())
        with pytest.raises(esign.ApiException) as caught:
            sdk.envelopes.update(envelope_id, envelope=esign.Envelope(status="voided"))
        assert "voidedReason" in caught.value.body.decode()
        sdk.envelopes.update(envelope_id, envelope=esign.Envelope(status="voided", voided_reason="Wrong version"))
        envelope = sdk.envelopes.get_envelope(envelope_id)
        assert (envelope.status, envelope.voided_reason) == ("voided", "Wrong version")

    def test_documents_are_purged_in_two_weeks(self, sdk: Sdk) -> None:
        person = embedded()
        envelope_id = sdk.create(definition(person))
        sdk.sign(envelope_id, person)
        sdk.envelopes.update(envelope_id, envelope=esign.Envelope(purge_state="documents_queued"))
        assert sdk.envelopes.get_envelope(envelope_id).purge_state == "documents_queued"


class TestLocks:
    def edit_header(self, lock: Any) -> str:
        return f'{{"LockToken":"{lock.lock_token}","LockDurationInSeconds":"{lock.lock_duration_in_seconds}"}}'

    def test_keep_others_out_until_they_are_lifted(self, sdk: Sdk) -> None:
        envelope_id = sdk.create(definition(status="created"))
        request = esign.LockRequest(lock_duration_in_seconds="600", locked_by_app="editor", lock_type="edit")
        lock = sdk.envelopes.create_lock(envelope_id, lock_request=request)
        assert sdk.envelopes.get_lock(envelope_id).locked_by_app == "editor"
        with pytest.raises(esign.ApiException) as caught:
            sdk.envelopes.update(envelope_id, envelope=esign.Envelope(email_subject="Mine"))
        assert "EDIT_LOCK" in caught.value.body.decode()
        sdk.client.set_default_header("X-DocuSign-Edit", self.edit_header(lock))
        sdk.envelopes.update(envelope_id, envelope=esign.Envelope(email_subject="Mine"))
        sdk.envelopes.delete_lock(envelope_id)
        assert sdk.envelopes.get_envelope(envelope_id).email_subject == "Mine"


def test_a_transaction_id_finds_what_it_made(sdk: Sdk) -> None:
    """Reference 2.7: the answer was lost; was the envelope made?"""
    envelope_id = sdk.create(definition(transaction_id="order-4711"))
    found = sdk.envelopes.list_status_changes(transaction_ids="order-4711")
    (only,) = found.envelope_transaction_statuses
    assert (only.envelope_id, only.status) == (envelope_id, "sent")


def test_anchors_that_are_not_there_are_refused(sdk: Sdk) -> None:
    tabs = esign.Tabs(sign_here_tabs=[sign_here("/nowhere/")])
    with pytest.raises(esign.ApiException) as caught:
        sdk.create(definition(signer(tabs=tabs)))
    assert "ANCHOR_TAB_STRING_NOT_FOUND" in caught.value.body.decode()
