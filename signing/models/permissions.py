"""Permissions beside Django's add, change, delete and view. All hang on Envelope; `signing.roles` gives them out."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    # How far one sees. Without either: what is one's own.
    ("see_all", _("Can see everything")),
    ("see_team", _("Can see what is their teams'")),
    ("reveal_signing_link", _("Can be shown a signer's link")),
    ("manage_connection", _("Can manage the connection to Docusign")),
    ("approve_purge", _("Can decide about purges at Docusign")),
    ("hold", _("Can put envelopes on legal hold, and release them")),
    ("privacy", _("Can export and erase what is known of an address")),
    ("view_evidence", _("Can see the evidence: events, chains, bundles")),
)
