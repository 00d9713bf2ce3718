"""Where log lines go, and what must not stand in them: a signer's link opens a contract to whoever reads it."""

import logging
import re
from typing import Any

LINK = re.compile(r"(/sign/)[A-Za-z0-9_-]{20,}")


class HideLinks(logging.Filter):
    """Cuts the secret out of any address of a signer's page. Django logs the path of every failed request."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/sign/" in message:
            record.msg, record.args = LINK.sub(r"\1…", message), None
        return True


def logging_config(level: str) -> dict[str, Any]:
    """Everything to standard error, from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "filters": {"hide_links": {"()": "portal.logs.HideLinks"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["hide_links"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "kombu": {"level": "ERROR"},  # the embedded broker has no host name, and says so at WARNING
            # A seal by an authority that is not known here is no trouble: the record says what was found.
            "pyhanko": {"level": "ERROR"},
            "pyhanko_certvalidator": {"level": "ERROR"},
        },
    }
