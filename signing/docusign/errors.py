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

from .sentences import sentence_of


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
        return sentence_of(self.error_code, self.message) or f"Docusign answered: {self.message}"


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
        reason = sentence_of(self.error_code, self.message) or self.message
        return (
            f"Docusign does not accept the portal's credentials: {reason.rstrip('.')}. "
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
