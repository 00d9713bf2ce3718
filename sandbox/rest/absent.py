"""What the sandbox does not have, and why: told in docs/sandbox-operations.md and to whoever calls it."""

import re

# Of a path below /v2.1, the part that tells; the first that fits counts.
REASONS = (
    ("display_appliance_info", "Docusign's own: it serves Docusign's display appliance, and no client may call it"),
    ("tabs_blob", "Docusign's own: undocumented, and meant for Docusign's own pages"),
    ("reports", "reports of the web application: they run on a warehouse of their own"),
    ("organization_exports", "belongs to the Admin API of organisations"),
    ("bulk_recipients", "of the older bulk sending, which bulk_send_lists replaced"),
    ("identity_proof_token", "the identity check is played by two buttons, without proofs to fetch"),
    ("identity_manual_review", "the identity check is played by two buttons, without a review"),
    ("billing_invoices", "there are none: the sandbox costs nothing"),
    ("billing_payments", "there are none: the sandbox costs nothing"),
    ("provisioning", "for Docusign's distributors: accounts are made by the control door's seed"),
)
ACCOUNT_ITSELF = "for Docusign's distributors: accounts are made by the control door's seed"


def reason_for(method: str, path: str) -> str:
    """As the specification or as a caller spells the path; empty where there is nothing to explain."""
    segments = f"/{path.lower().strip('/')}"
    if (method, segments) == ("POST", "/v2.1/accounts") or (
        method == "DELETE" and re.fullmatch(r"/v2\.1/accounts/[^/]+", segments)
    ):
        return ACCOUNT_ITSELF
    return next((reason for part, reason in REASONS if f"/{part}/" in f"{segments}/"), "")
