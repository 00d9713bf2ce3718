"""Addresses of the signer's pages and of Docusign's messages."""

from django.urls import path

from . import webhooks
from .views import consent, signer

app_name = "signing"

urlpatterns = [
    path("sign/<str:link_token>/", signer.landing, name="landing"),
    path("sign/<str:link_token>/start/", signer.start, name="start"),
    path("sign/<str:link_token>/return/", signer.return_, name="return"),
    path("sign/<str:link_token>/state/", signer.state, name="state"),
    path("sign/<str:link_token>/document/", signer.signed_document, name="signed_document"),
    path("webhooks/docusign/", webhooks.connect, name="connect"),
    path("docusign/consent/", consent.consent_return, name="consent_return"),
]
