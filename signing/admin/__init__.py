"""The staff's door: Django's admin in unfold's skin."""

from . import connect, envelope, mail, people, public_forms, templates

__all__ = ["connect", "envelope", "mail", "people", "public_forms", "templates"]
