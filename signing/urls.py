"""Addresses of the signer's pages."""

from django.urls import path

from .views import consent, signer

app_name = "signing"

urlpatterns = [
    path("sign/<str:link_token>/", signer.landing, name="landing"),
    path("sign/<str:link_token>/start/", signer.start, name="start"),
    path("sign/<str:link_token>/return/", signer.return_, name="return"),
    path("sign/<str:link_token>/state/", signer.state, name="state"),
    path("sign/<str:link_token>/document/", signer.signed_document, name="signed_document"),
    path("docusign/consent/", consent.consent_return, name="consent_return"),
]
