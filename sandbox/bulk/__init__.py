"""Bulk send: one envelope, many copies (reference 6). Lists are judged, batches queued, copies sent bit by bit."""

from .sending import send_due

__all__ = ["send_due"]
