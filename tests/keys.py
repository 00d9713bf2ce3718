"""Key pairs for tests, and the forms in which private keys are pasted."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PLAIN = NoEncryption()


@cache
def rsa_key(number: int = 1, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Always the same one for a number, within a test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """PKCS#1, as Docusign shows it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, PLAIN).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def good_forms(key: rsa.RSAPrivateKey) -> dict[str, str]:
    pem = private_pem(key)
    lines = pem.strip().split("\n")
    return {
        "PKCS#1": pem,
        "PKCS#8": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN).decode(),
        "literal line breaks": pem.replace("\n", "\\n"),
        "literal Windows line breaks": pem.replace("\n", "\\r\\n"),
        "Windows line breaks": pem.replace("\n", "\r\n"),
        "spaces for line breaks": pem.replace("\n", " "),
        "no line breaks": pem.replace("\n", ""),
        "indented": "\n".join(f"    {line}" for line in lines),
        "in quotes": f'"{pem}"',
        "words around it": f"Your key:\n{pem}\nKeep it.",
        "in base64": base64.b64encode(pem.encode()).decode(),
    }


def useless_forms(key: rsa.RSAPrivateKey) -> dict[str, tuple[str, str]]:
    """What is pasted, and the words by which it is told."""
    pem = private_pem(key)
    secret = BestAvailableEncryption(b"secret")
    elliptic = ec.generate_private_key(ec.SECP256R1())
    return {
        "public key": (public_pem(key), "is the public key"),
        "PKCS#1 public key": (
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
            "is the public key",
        ),
        "encrypted PKCS#1": (
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, secret).decode(),
            "protected by a passphrase",
        ),
        "encrypted PKCS#8": (
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret).decode(),
            "protected by a passphrase",
        ),
        "SSH key": (key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN).decode(), "is an SSH key"),
        "elliptic PKCS#1": (
            elliptic.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, PLAIN).decode(),
            "not an RSA key",
        ),
        "elliptic PKCS#8": (
            elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN).decode(),
            "not an RSA key",
        ),
        "certificate": ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "is a certificate"),
        "first line lost": ("\n".join(pem.split("\n")[1:]), "not a readable PEM"),
        "cut off": (pem[:600], "not a readable PEM"),
        "half of it": (pem[:400] + "\n-----END RSA PRIVATE KEY-----", "not a readable PEM"),
        "words": ("my key", "not a readable PEM"),
    }
