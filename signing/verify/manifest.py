"""The list of everything in a bundle, and the signature under it. Read by the verifier, written by the portal.

The signature (Ed25519, 64 bytes) covers the bytes of `manifest.json` as they are, so that other tools can check it:

    openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from .container import BrokenError

FORMAT = "signing-portal-proof/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"  # the last two entries, in this order
PUBLIC_KEY, EVENTS, FACTS, PAGE, README = "public-key.pem", "events.json", "envelope.json", "proof.html", "README.txt"
NEEDED = (README, PAGE, FACTS, EVENTS, PUBLIC_KEY)


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    portal: str
    key_id: str
    chain_name: str
    chain_count: int
    chain_head: str
    entries: tuple[Entry, ...]


def write(manifest: Manifest) -> bytes:
    listed = [{"name": entry.name, "bytes": entry.size_bytes, "sha256": entry.sha256} for entry in manifest.entries]
    content = {
        "format": FORMAT,
        "made_at": manifest.made_at,
        "portal": manifest.portal,
        "key": {"algorithm": "Ed25519", "id": manifest.key_id},
        "chain": {"name": manifest.chain_name, "events": manifest.chain_count, "head": manifest.chain_head},
        "entries": listed,
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def read(content: bytes) -> Manifest:
    """Raises BrokenError when it is none of ours."""
    told = as_object(content, MANIFEST)
    if told.get("format") != FORMAT:
        raise BrokenError(f"{MANIFEST} is of another format than {FORMAT}: perhaps a newer verifier knows it")
    try:
        return Manifest(
            made_at=str(told["made_at"]),
            portal=str(told["portal"]),
            key_id=str(told["key"]["id"]),
            chain_name=str(told["chain"]["name"]),
            chain_count=int(told["chain"]["events"]),
            chain_head=str(told["chain"]["head"]),
            entries=tuple(Entry(str(e["name"]), int(e["bytes"]), str(e["sha256"])) for e in told["entries"]),
        )
    except (KeyError, TypeError, ValueError):
        raise BrokenError(f"{MANIFEST} is incomplete") from None


def as_object(content: bytes, name: str) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise BrokenError(f"{name} is no JSON") from None
    if not isinstance(told, dict):
        raise BrokenError(f"{name} is not what it should be")
    return told


def sign(manifest: bytes, key: Ed25519PrivateKey) -> bytes:
    return key.sign(manifest)


def is_signed(manifest: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        return False
    return True


def load_key(pem: bytes) -> Ed25519PublicKey:
    """Raises BrokenError when it is no Ed25519 key in PEM form."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BrokenError("the public key cannot be read") from None
    if not isinstance(key, Ed25519PublicKey):
        raise BrokenError("the public key is of another kind than Ed25519")
    return key


def pem_of(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_id_of(key: Ed25519PublicKey) -> str:
    """The first half of the SHA-256 of its 32 bytes: short enough to be compared by eye."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def names_of(entries: Sequence[Entry]) -> list[str]:
    """What stands in the zip, in this order."""
    return [*(entry.name for entry in entries), MANIFEST, SIGNATURE]
