"""The staff's door: Django's admin in unfold's skin."""

from . import envelope, mail, people

__all__ = ["envelope", "mail", "people"]
