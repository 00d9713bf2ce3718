"""Where log lines go, and what must not stand in them: a signer's link opens a contract to whoever reads it.

Our own lines name rows by their numbers, never people. What libraries write is masked when the line is formatted, with
its traceback: addresses of signers' pages, email addresses, tokens, codes, and passwords in URLs.
"""

import logging
import re
from typing import Any

from signing.secrecy import hide_links

# The web server's loggers have handlers of their own, and never ask ours.
LOGGERS_OF_SERVERS = ("gunicorn.error", "gunicorn.access")
MASKS = (
    # Links of signers, forms' entries and one-time pages; `.3` is a handed-over device.
    (re.compile(r"(/sign/)[A-Za-z0-9_-]{20,}(\.\d+)?"), r"\1…"),
    (re.compile(r"(/code/)[0-9a-f-]{36}"), r"\1…"),
    # scheme://user:password@host, before the rest looks like an email address.
    (re.compile(r"(\w://)[^\s/@]+@"), r"\1…@"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 …"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?"), "…"),  # JSON Web Tokens
    (re.compile(r"-----BEGIN [^-]+-----.*?-----END [^-]+-----", re.DOTALL), "…"),
    (re.compile(r"([?&](?:code|state|token|key|email|q|on)=)[^&\s\"'#]+"), r"\1…"),
    (re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[email]"),
)


def mask(text: str) -> str:
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return hide_links(text)


class Masked(logging.Formatter):
    """The whole line as it leaves, with its traceback: whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


_plain = logging.Formatter()


class HideLinks(logging.Filter):
    """The same for a line that another's handler writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = mask(message)
        if hidden != message:
            record.msg, record.args = hidden, None
        if record.exc_info:  # whatever another handler has made of it before
            record.exc_text = mask(record.exc_text or _plain.formatException(record.exc_info))
        return True


def hide_links_of_servers() -> None:
    """Its loggers keep their handlers; their lines pass our filter first."""
    for name in LOGGERS_OF_SERVERS:
        logger = logging.getLogger(name)
        if not any(isinstance(present, HideLinks) for present in logger.filters):
            logger.addFilter(HideLinks())


def logging_config(level: str) -> dict[str, Any]:
    """Everything to standard error, from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": "portal.logs.Masked", "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"}
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers (DEBUG's console, mails to ADMINS with whole requests) would go past the mask.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
            "django.db.backends": {"level": "INFO"},  # DEBUG writes every query with the values in it
            "axes": {"level": "WARNING"},  # the portal keeps its own record of sign-ins
            "kombu": {"level": "ERROR"},  # the embedded broker has no host name, and says so at WARNING
            # A seal by an authority that is not known here is no trouble: the record says what was found.
            "pyhanko": {"level": "ERROR"},
            "pyhanko_certvalidator": {"level": "ERROR"},
        },
    }
