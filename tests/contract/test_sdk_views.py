"""Every address that leads to a page of Docusign's own (eg011, eg012; reference 2.10)."""

import docusign_esign as esign
import pytest
import requests

from tests.sandbox_process import SandboxProcess

from .sdk import RETURN_URL, Sdk, definition, embedded, signer, view_request


def assert_opens(url: str, sandbox: SandboxProcess) -> None:
    assert url.startswith(sandbox.base_url)
    assert requests.get(url, timeout=30).status_code == 200


@pytest.fixture
def draft(sdk: Sdk) -> str:
    return sdk.create(definition(status="created"))


def test_the_senders_own(sdk: Sdk, tls_sandbox: SandboxProcess, draft: str) -> None:
    """eg011: with settings of the page; older examples give the return_url alone."""
    older = esign.EnvelopeViewRequest(return_url=RETURN_URL)
    assert_opens(sdk.envelopes.create_sender_view(draft, envelope_view_request=older).url, tls_sandbox)
    settings = esign.EnvelopeViewSettings(
        starting_screen="Prepare",
        send_button_action="send",
        show_back_button="false",
        back_button_action="previousPage",
        show_header_actions="false",
        show_discard_action="false",
        lock_token="",
        recipient_settings=esign.EnvelopeViewRecipientSettings(show_edit_recipients="false"),
        document_settings=esign.EnvelopeViewDocumentSettings(show_edit_documents="false"),
    )
    newer = esign.EnvelopeViewRequest(return_url=RETURN_URL, view_access="envelope", settings=settings)
    assert_opens(sdk.envelopes.create_sender_view(draft, envelope_view_request=newer).url, tls_sandbox)


def test_the_editors(sdk: Sdk, tls_sandbox: SandboxProcess, draft: str) -> None:
    request = esign.EnvelopeViewRequest(return_url=RETURN_URL)
    assert_opens(sdk.envelopes.create_edit_view(draft, envelope_view_request=request).url, tls_sandbox)


def test_the_corrections(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    envelope_id = sdk.create(definition(signer()))
    request = esign.EnvelopeViewRequest(return_url=RETURN_URL)
    assert_opens(sdk.envelopes.create_correct_view(envelope_id, envelope_view_request=request).url, tls_sandbox)
    sdk.envelopes.delete_envelope_correct_view(envelope_id)


def test_the_console(sdk: Sdk, tls_sandbox: SandboxProcess, draft: str) -> None:
    """eg012: the front page, or one envelope."""
    everything = esign.ConsoleViewRequest(return_url=RETURN_URL)
    assert_opens(sdk.envelopes.create_console_view(console_view_request=everything).url, tls_sandbox)
    one = esign.ConsoleViewRequest(return_url=RETURN_URL, envelope_id=draft)
    assert_opens(sdk.envelopes.create_console_view(console_view_request=one).url, tls_sandbox)


def test_a_preview_of_what_a_recipient_will_see(sdk: Sdk, tls_sandbox: SandboxProcess, draft: str) -> None:
    request = esign.RecipientPreviewRequest(return_url=RETURN_URL, recipient_id="1")
    url = sdk.envelopes.create_envelope_recipient_preview(draft, recipient_preview_request=request).url
    assert_opens(url, tls_sandbox)


def test_the_signers(sdk: Sdk, tls_sandbox: SandboxProcess) -> None:
    person = embedded()
    envelope_id = sdk.create(definition(person))
    request = view_request(person, ping_url="https://example.com/ping", ping_frequency="300", security_domain="SSO")
    url = sdk.envelopes.create_recipient_view(envelope_id, recipient_view_request=request).url
    assert_opens(url, tls_sandbox)
