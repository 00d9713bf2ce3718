"""The ceremony's addresses, and Docusign JS."""

from django.urls import path

from . import bundle, downloads, emails, gate_pages, handing_on, pages

SESSION = "Signing/session/<str:session_key>"

urlpatterns = [
    path("bundle.js", bundle.bundle),
    path("Signing/EmailStart/<str:guid>", emails.start, name="ceremony-email"),
    path("Signing/MTRedeem/v1/<str:guid>", pages.redeem, name="ceremony-redeem"),
    path(SESSION, pages.show, name="ceremony"),
    path(f"{SESSION}/host", gate_pages.host, name="ceremony-host"),
    path(f"{SESSION}/code", gate_pages.code, name="ceremony-code"),
    path(f"{SESSION}/identity", gate_pages.identity, name="ceremony-identity"),
    path(f"{SESSION}/consent", pages.consent, name="ceremony-consent"),
    path(f"{SESSION}/finish", pages.finish, name="ceremony-finish"),
    path(f"{SESSION}/later", pages.later, name="ceremony-later"),
    path(f"{SESSION}/decline", pages.decline, name="ceremony-decline"),
    path(f"{SESSION}/reassign", handing_on.reassign, name="ceremony-reassign"),
    path(f"{SESSION}/paper", handing_on.use_paper, name="ceremony-paper"),
    path(f"{SESSION}/alive", pages.alive, name="ceremony-alive"),
    path(f"{SESSION}/document.pdf", downloads.document, name="ceremony-document"),
    path(f"{SESSION}/pages/<int:document_id>/<int:page>.webp", downloads.page_image, name="ceremony-page"),
]
