"""What must not stand in logs: a signer's link opens a contract to whoever reads it."""

import logging
import re

LINK = re.compile(r"(/sign/)[A-Za-z0-9_-]{20,}")


class HideLinks(logging.Filter):
    """Cuts the secret out of any address of a signer's page. Django logs the path of every failed request."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/sign/" in message:
            record.msg, record.args = LINK.sub(r"\1…", message), None
        return True
