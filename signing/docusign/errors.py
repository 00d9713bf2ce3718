"""What can go wrong on the wire, and what each thing means to the caller.

    DocusignError
    ├── NotConfiguredError        a setting is missing or unusable; nothing was sent
    ├── ConsentRequiredError      the user has not allowed this integration to act for them
    ├── CredentialsRefusedError   key, user or account not accepted
    ├── RequestRefusedError       Docusign understood and said no (4xx)
    ├── RateLimitedError          too many calls; `retry_at` says when to come back
    └── UnavailableError          network, timeout or 5xx; the work may or may not have been done

`staff_message` is a plain sentence: what happened and what to do. `str(error)` is for logs.
"""

from datetime import datetime

# The wording staff see for the refusals they can do something about. Codes: Docusign's error catalogue
# (developers.docusign.com, eSignature REST API, error codes).
PLAIN_SENTENCES = {
    "ACCOUNT_LACKS_PERMISSIONS": "The Docusign account's plan does not include something this envelope needs.",
    "ANCHOR_TAB_STRING_NOT_FOUND": (
        "An anchor text was not found in the documents. Check its spelling, or place the field by page and position."
    ),
    "ENVELOPE_ALLOWANCE_EXCEEDED": "The Docusign account has used up its envelope allowance.",
    "ENVELOPE_SEND_LIMIT_EXCEEDED": "The Docusign account may not send more envelopes at present. Try again later.",
    "ENVELOPE_CANNOT_VOID_INVALID_STATE": "This envelope can no longer be voided: it is not waiting for anyone.",
    "ENVELOPE_HAS_DUPLICATE_RECIPIENTS": "The same signer is listed twice with the same order.",
    "ENVELOPE_IS_INCOMPLETE": "The envelope lacks a document, a signer, a field or a subject.",
    "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT": "Docusign does not accept the email address of one of the signers.",
    "TAB_OUT_OF_BOUNDS": "A field lies outside its page. Check the field positions.",
    "TAB_PAGENUMBER_IS_NOT_IN_DOCUMENT": "A field is on a page that the document does not have.",
    "UNABLE_TO_LOAD_DOCUMENT": "Docusign could not read one of the documents.",
    "UNSUPPORTED_PDF_CONTENT": "One of the PDFs is protected or contains something Docusign does not support.",
    "USER_LACKS_MEMBERSHIP": "The service user is not a member of the configured Docusign account.",
    "USER_LACKS_PERMISSIONS": "The service user's permission profile at Docusign does not allow this.",
}


class DocusignError(Exception):
    """Root of the tree.

    `retryable` says whether the same call can succeed later without anyone changing anything.
    """

    retryable = False

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        error_code: str = "",
        trace_token: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code
        self.error_code = error_code
        self.trace_token = trace_token

    def __str__(self) -> str:
        parts = [self.error_code or type(self).__name__, self.message]
        if self.status_code:
            parts.insert(0, str(self.status_code))
        if self.trace_token:
            parts.append(f"trace token {self.trace_token}")
        return " · ".join(parts)

    @property
    def staff_message(self) -> str:
        """What happened and what to do, in words that need no manual."""
        return PLAIN_SENTENCES.get(self.error_code.upper(), f"Docusign answered: {self.message}")


class NotConfiguredError(DocusignError):
    """A setting is missing or unusable. Raised before anything is sent."""

    @property
    def staff_message(self) -> str:
        return f"The portal is not connected to Docusign yet: {self.message}"


class ConsentRequiredError(DocusignError):
    """`consent_required`: the service user has not granted `signature impersonation` to the integration key."""

    @property
    def staff_message(self) -> str:
        return (
            "The Docusign service user has not allowed this portal to act for them, or has withdrawn it. "
            "An administrator must open the consent link; everything that waits then goes on by itself."
        )


class CredentialsRefusedError(DocusignError):
    """The token request or the access token was refused for another reason than consent."""

    @property
    def staff_message(self) -> str:
        return (
            f"Docusign does not accept the portal's credentials: {self.message.rstrip('.')}. "
            "Once an administrator has mended it, everything that waits goes on by itself."
        )


class RequestRefusedError(DocusignError):
    """Docusign understood the request and refused it: repeating it unchanged cannot help."""


class RateLimitedError(DocusignError):
    """Docusign asked us to slow down. `retry_at` (aware UTC) is the earliest sensible time."""

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        retry_at: datetime,
        status_code: int | None = None,
        error_code: str = "",
        trace_token: str = "",
    ) -> None:
        super().__init__(message, status_code=status_code, error_code=error_code, trace_token=trace_token)
        self.retry_at = retry_at

    @property
    def staff_message(self) -> str:
        return "Docusign asked the portal to slow down. It tries again by itself."


class UnavailableError(DocusignError):
    """No usable answer. When `outcome_unknown`, the request may have been carried out: look before repeating it."""

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        outcome_unknown: bool,
        status_code: int | None = None,
        error_code: str = "",
        trace_token: str = "",
    ) -> None:
        super().__init__(message, status_code=status_code, error_code=error_code, trace_token=trace_token)
        self.outcome_unknown = outcome_unknown

    @property
    def staff_message(self) -> str:
        return "Docusign could not be reached. The portal tries again by itself."
