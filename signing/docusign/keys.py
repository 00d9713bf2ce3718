"""The RSA private key of the integration key: read in whatever form it was pasted, or told why it is of no use.

Docusign shows the pair once, as PKCS#1 PEM (`BEGIN RSA PRIVATE KEY`); PKCS#8 (`BEGIN PRIVATE KEY`) is the same key in
another wrapping. On its way through environment variables, vaults and chat windows the PEM loses its line breaks, gets
quotes, or is wrapped in base64: all of that can be undone. RS256 needs an RSA key; Docusign's own have 2048 bits.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from .errors import NotConfiguredError

MIN_BITS = 2048
BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
ENCRYPTED_INSIDE = re.compile(r"Proc-Type:\s*4,ENCRYPTED")
COPY_WHOLE = "Copy it whole, its first and last line included."
# What is pasted instead, by the words after BEGIN.
NOT_PRIVATE = {
    "PUBLIC KEY": "is the public key: Docusign has that one. The private key begins with BEGIN RSA PRIVATE KEY.",
    "CERTIFICATE": "is a certificate. The private key begins with BEGIN RSA PRIVATE KEY.",
    "OPENSSH PRIVATE KEY": "is an SSH key. Make an RSA key pair at Docusign, in Apps and Keys.",
    "EC PRIVATE KEY": "is not an RSA key. Make an RSA key pair at Docusign, in Apps and Keys.",
    "DSA PRIVATE KEY": "is not an RSA key. Make an RSA key pair at Docusign, in Apps and Keys.",
}
NOT_PRIVATE["RSA PUBLIC KEY"] = NOT_PRIVATE["PUBLIC KEY"]


def load_private_key(pem: str, name: str = "DOCUSIGN_PRIVATE_KEY") -> RSAPrivateKey:
    """Read the PEM of the RSA private key. Raises NotConfiguredError with the reason; `name` is the setting's."""
    kind, text = _block(pem, name)
    if kind in NOT_PRIVATE:
        raise NotConfiguredError(f"{name} {NOT_PRIVATE[kind]}")
    if kind == "ENCRYPTED PRIVATE KEY" or ENCRYPTED_INSIDE.search(text):
        raise NotConfiguredError(
            f"{name} is protected by a passphrase. Take it off: openssl rsa -in protected.pem -out docusign.pem"
        )
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotConfiguredError(f"{name} is not a readable PEM private key. {COPY_WHOLE}") from error
    if not isinstance(key, RSAPrivateKey):
        raise NotConfiguredError(f"{name} is not an RSA key.")
    return key


def require_strength(key: RSAPrivateKey, name: str = "DOCUSIGN_PRIVATE_KEY") -> None:
    """Raises NotConfiguredError for a key shorter than any that Docusign makes."""
    if key.key_size < MIN_BITS:
        raise NotConfiguredError(
            f"{name} has {key.key_size} bits, which is too short: Docusign's have {MIN_BITS}. Make a new pair there."
        )


def fingerprint(key: RSAPrivateKey) -> str:
    """The beginning of the public key's SHA-256: enough to tell two keys apart, and no secret."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()[:16]


def _block(pem: str, name: str) -> tuple[str, str]:
    """What kind of PEM block it is, and the block with its lines put right."""
    for text in _readings(pem):
        if match := BLOCK.search(text):
            kind, body = match[1], match[2]
            if ":" not in body:  # headers, as of an encrypted one, need their own lines
                joined = "".join(body.split())
                body = "\n" + "\n".join(joined[start : start + 64] for start in range(0, len(joined), 64)) + "\n"
            return kind, f"-----BEGIN {kind}-----{body}-----END {kind}-----\n"
    raise NotConfiguredError(f"{name} is not a readable PEM private key. {COPY_WHOLE}")


def _readings(pem: str) -> Iterator[str]:
    """As it is, with written line breaks made real; and, where the whole was wrapped in base64, unwrapped."""
    text = pem.strip().strip("\"'").replace("\\r", "").replace("\\n", "\n")
    yield text
    try:
        yield base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return
