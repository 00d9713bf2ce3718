"""The staff's door: Django's admin in unfold's skin."""

from . import connect, envelope, mail, people

__all__ = ["connect", "envelope", "mail", "people"]
