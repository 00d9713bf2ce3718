"""Why a mail did not leave: what the mail server or provider answered, and whether asking again can help."""

from dataclasses import dataclass
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
)

from django.utils.translation import gettext as _

try:
    from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
except ImportError:  # an extra

    class AnymailError(Exception):  # type: ignore[no-redef]
        """Never raised."""

    AnymailAPIError = AnymailRecipientsRefused = AnymailError

MAIL_ERRORS = (SMTPException, OSError, AnymailError)  # whatever a mail backend raises when it is not our mistake
PROVIDERS_OWN_TROUBLE = (401, 403, 429)  # keys and limits: no fault of the mail


@dataclass(frozen=True, slots=True)
class MailFailure:
    """`is_final`: another try would end the same way. `is_bounce`: the recipient's side does not take it."""

    reason: str
    is_final: bool = False
    is_bounce: bool = False


def failure_of(error: Exception) -> MailFailure:
    """5xx answers about the address or the message are final (RFC 5321, 4.2.1); those about us are not.

    A refused login or sender is mended in the settings, and then the same mail goes through.
    """
    if isinstance(error, SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        is_final = bool(answers) and all(code >= 500 for code, _text in answers)
        return MailFailure("; ".join(_answer(*answer) for answer in answers), is_final=is_final, is_bounce=is_final)
    if isinstance(error, SMTPDataError):
        return MailFailure(_answer(error.smtp_code, error.smtp_error), is_final=error.smtp_code >= 500)
    if isinstance(error, SMTPNotSupportedError):
        reason = _("The mail server cannot write to an address like this one.")
        return MailFailure(reason, is_final=True)
    if isinstance(error, AnymailError):
        return _provider_failure(error)
    return MailFailure(f"{type(error).__name__}: {error}")


def _provider_failure(error: AnymailError) -> MailFailure:
    if isinstance(error, AnymailRecipientsRefused):
        return MailFailure(_("The mail provider refused the address."), is_final=True, is_bounce=True)
    status_code = getattr(error, "status_code", None) if isinstance(error, AnymailAPIError) else 400
    is_final = status_code is not None and 400 <= status_code < 500 and status_code not in PROVIDERS_OWN_TROUBLE
    return MailFailure(str(error), is_final=is_final)


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"
