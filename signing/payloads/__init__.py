"""Rows → Docusign JSON. The only writer of Docusign's camelCase; values are strings, as the API spells them."""

from .bulk import bulk_copy, bulk_draft_definition
from .connect import CONNECT_EVENTS, connect_configuration, connect_url
from .corrections import recipient_update
from .envelopes import PORTAL_REF_FIELD, envelope_definition
from .views import Evidence, recipient_view_request

__all__ = [
    "CONNECT_EVENTS",
    "PORTAL_REF_FIELD",
    "Evidence",
    "bulk_copy",
    "bulk_draft_definition",
    "connect_configuration",
    "connect_url",
    "envelope_definition",
    "recipient_update",
    "recipient_view_request",
]
