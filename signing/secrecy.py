"""Cutting secrets out of text that others may read: a link into a signing ceremony opens a contract to its reader.

Nothing of Django here, since the settings of the logs need it too.
"""

import re

HIDDEN = "…"
PATTERNS = (
    # The address of a signer's page, also where a mail program or an encoder broke the line ("=" and a line's end).
    re.compile(r"(?<=/sign/)(?:[A-Za-z0-9_-]|=?\r?\n(?=[A-Za-z0-9_-])){20,}"),
    # Its secret alone: 256 bits are 43 such characters (`signing.links`).
    re.compile(r"(?<![A-Za-z0-9_/+=-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_/+=-])"),
    # Docusign's recipient view: single use and short-lived, and a way in until then.
    re.compile(r"(?<=[?&]slt=)[^\s&\"'<>]+"),
)


def hide_links(text: str) -> str:
    """The same text, of no use to whoever would open a link of somebody else's."""
    for pattern in PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text
