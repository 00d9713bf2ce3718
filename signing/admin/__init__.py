"""The staff's door: Django's admin in unfold's skin."""

from . import bulk, connect, envelope, identities, mail, people, proof_keys, public_forms, templates, way_in

__all__ = [
    "bulk",
    "connect",
    "envelope",
    "identities",
    "mail",
    "people",
    "proof_keys",
    "public_forms",
    "templates",
    "way_in",
]
