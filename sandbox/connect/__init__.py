"""Connect: Docusign's webhooks (reference 4). What happens to envelopes is told to whoever asked to hear of it.

`tell` writes a row per listener inside the envelope's transaction; the housekeeping thread does the rest after it.
"""

from .publishing import tell

__all__ = ["tell"]
