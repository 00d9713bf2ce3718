"""Addresses of the signer's pages and of Docusign's messages."""

from django.urls import path

from . import webhooks
from .views import branding, consent, copies, entering, languages, mail_reports, signer

app_name = "signing"

urlpatterns = [
    path("sign/<str:link_token>/", signer.landing, name="landing"),
    path("sign/<str:link_token>/start/", entering.start, name="start"),
    path("sign/<str:link_token>/code/", entering.code, name="code"),
    path("sign/<str:link_token>/code/new/", entering.new_code, name="new_code"),
    path("sign/<str:link_token>/fresh-link/", signer.fresh_link, name="fresh_link"),
    path("sign/<str:link_token>/return/", signer.return_, name="return"),
    path("sign/<str:link_token>/state/", signer.state, name="state"),
    path("sign/<str:link_token>/document/", signer.signed_document, name="signed_document"),
    path("sign/<str:link_token>/copy/", copies.mail_copy, name="mail_copy"),
    path("language/", languages.set_language, name="set_language"),
    path("webhooks/docusign/", webhooks.connect, name="connect"),
    path("webhooks/mail/", mail_reports.mail_reports, name="mail_reports"),
    path("branding/logo", branding.logo, name="logo"),
    path("branding/colours.css", branding.colours, name="colours"),
    path("docusign/consent/", consent.consent_return, name="consent_return"),
]
