"""All addresses of the sandbox: OAuth, REST, ceremony, control door."""

from django.urls import path, re_path

from . import control, oauth
from .ceremony import pages as ceremony
from .rest import documents, envelopes, listing, recipients, views
from .rest.door import operation

ACCOUNT = "restapi/v2.1/accounts/<str:account_id>"
ENVELOPE = f"{ACCOUNT}/envelopes/<str:envelope_id>"
SESSION = "Signing/session/<str:session_key>"

urlpatterns = [
    path("", control.start_page),
    path("oauth/token", oauth.token),
    path("oauth/userinfo", oauth.userinfo),
    path("oauth/auth", oauth.authorize, name="authorize"),
    path(".well-known/openid-configuration", oauth.discovery),
    # REST
    path(f"{ACCOUNT}/envelopes", listing.many),
    path(f"{ACCOUNT}/envelopes/status", listing.status),
    path(ENVELOPE, envelopes.one),
    path(f"{ENVELOPE}/recipients", recipients.many),
    path(f"{ENVELOPE}/recipients/<str:recipient_id>", recipients.one),
    path(f"{ENVELOPE}/recipients/<str:recipient_id>/tabs", recipients.tabs_of_one),
    path(f"{ENVELOPE}/custom_fields", envelopes.custom_fields_view),
    path(f"{ENVELOPE}/audit_events", envelopes.audit_events_view),
    path(f"{ENVELOPE}/documents", documents.many),
    path(f"{ENVELOPE}/documents/<str:document_id>", documents.one),
    path(f"{ENVELOPE}/views/recipient", views.recipient),
    re_path(r"^restapi/", operation()),
    # Ceremony
    path("Signing/MTRedeem/v1/<str:guid>", ceremony.redeem, name="ceremony-redeem"),
    path(SESSION, ceremony.show, name="ceremony"),
    path(f"{SESSION}/consent", ceremony.consent, name="ceremony-consent"),
    path(f"{SESSION}/finish", ceremony.finish, name="ceremony-finish"),
    path(f"{SESSION}/later", ceremony.later, name="ceremony-later"),
    path(f"{SESSION}/decline", ceremony.decline, name="ceremony-decline"),
    path(f"{SESSION}/document.pdf", ceremony.document, name="ceremony-document"),
    path(f"{SESSION}/pages/<int:document_id>/<int:page>.webp", ceremony.page_image, name="ceremony-page"),
    # Control door
    path("_sandbox/health", control.health),
    path("_sandbox/reset", control.reset),
    path("_sandbox/clock", control.move_clock),
    path("_sandbox/limits", control.set_limits),
    path("_sandbox/requests", control.requests),
    path("_sandbox/consent", control.consent),
    path("_sandbox/faults", control.faults),
]
