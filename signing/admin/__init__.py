"""The staff's door: Django's admin in unfold's skin."""

from . import (
    bulk,
    connect,
    envelope,
    evidence,
    identities,
    mail,
    people,
    proof_keys,
    public_forms,
    teams,
    templates,
    way_in,
)

__all__ = [
    "bulk",
    "connect",
    "envelope",
    "evidence",
    "identities",
    "mail",
    "people",
    "proof_keys",
    "public_forms",
    "teams",
    "templates",
    "way_in",
]
