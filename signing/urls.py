"""Addresses of the signer's pages and of Docusign's messages."""

from django.urls import path

from . import webhooks
from .admin.identities import identity_return
from .views import branding, consent, copies, entering, languages, mail_reports, public_forms, signer
from .views.hosting import confirm_host
from .views.verifying import proof, proof_key, proof_keys, verifier_file, verify

app_name = "signing"

urlpatterns = [
    path("sign/<str:link_token>/", signer.landing, name="landing"),
    path("sign/<str:link_token>/start/", entering.start, name="start"),
    path("sign/<str:link_token>/host/", confirm_host, name="confirm_host"),
    path("sign/<str:link_token>/code/", entering.code, name="code"),
    path("sign/<str:link_token>/code/new/", entering.new_code, name="new_code"),
    path("sign/<str:link_token>/fresh-link/", signer.fresh_link, name="fresh_link"),
    path("sign/<str:link_token>/return/", signer.return_, name="return"),
    path("sign/<str:link_token>/state/", signer.state, name="state"),
    path("sign/<str:link_token>/document/", signer.signed_document, name="signed_document"),
    path("forms/<slug:slug>/", public_forms.public_form, name="public_form"),
    path("forms/<slug:slug>/embed/", public_forms.embedded_form, name="embedded_form"),
    path("forms/<slug:slug>/continue/", public_forms.continue_form, name="continue_form"),
    path("forms/<slug:slug>/mailed/", public_forms.form_mailed, name="form_mailed"),
    path("forms/<slug:slug>/code/<uuid:entry_id>/", public_forms.form_code, name="form_code"),
    path("forms/<slug:slug>/code/<uuid:entry_id>/new/", public_forms.new_form_code, name="new_form_code"),
    path("sign/<str:link_token>/copy/", copies.mail_copy, name="mail_copy"),
    path("verify/", verify, name="verify"),
    path("verify/verifier.pyz", verifier_file, name="verifier"),
    path("verify/keys/", proof_keys, name="proof_keys"),
    path("verify/keys/<str:key_id>.pem", proof_key, name="proof_key"),
    path("verify/<uuid:proof_id>/", proof, name="proof"),
    path("language/", languages.set_language, name="set_language"),
    path("webhooks/docusign/", webhooks.connect, name="connect"),
    path("webhooks/mail/", mail_reports.mail_reports, name="mail_reports"),
    path("branding/logo", branding.logo, name="logo"),
    path("branding/colours.css", branding.colours, name="colours"),
    path("docusign/consent/", consent.consent_return, name="consent_return"),
    path("docusign/identity/", identity_return, name="identity_return"),
]
