"""The installation's own certificate authority: made at first start, trusted by nobody who is not told to.

It issues the certificate that seals documents and the one that serves https. `sandbox-ca.pem` is what a client
or a PDF reader is told to trust.
"""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

LIFETIME = timedelta(days=3650)
TLS_LIFETIME = timedelta(days=397)  # clients refuse server certificates that live longer
CA_CERT, CA_KEY = "sandbox-ca.pem", "sandbox-ca-key.pem"
SEAL_CERT, SEAL_KEY = "seal-cert.pem", "seal-key.pem"
TLS_CERT, TLS_KEY = "tls-cert.pem", "tls-key.pem"

KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def ensure_authority() -> None:
    """The authority and the sealing certificate; both are kept for the life of the data folder."""
    if all(path_of(name).exists() for name in (CA_CERT, CA_KEY, SEAL_CERT, SEAL_KEY)):
        return
    ca_key = _new_key()
    name = _name("Signing sandbox CA (test only)")
    builder = _builder(name, name, ca_key.public_key(), LIFETIME)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
    _write(CA_CERT, CA_KEY, builder.sign(ca_key, hashes.SHA256()), ca_key)
    _issue(
        SEAL_CERT,
        SEAL_KEY,
        "Signing sandbox seal (not legally binding)",
        lifetime=LIFETIME,
        extensions=[(_key_usage("digital_signature", "content_commitment"), True)],
    )


def issue_tls_certificate(hostnames: Sequence[str]) -> tuple[Path, Path]:
    """A fresh server certificate for these names and addresses; the paths of certificate and key."""
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.SubjectAlternativeName([_general_name(hostname) for hostname in hostnames]), False),
        (_key_usage("digital_signature", "key_encipherment"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ]
    _issue(TLS_CERT, TLS_KEY, hostnames[0], lifetime=TLS_LIFETIME, extensions=extensions)
    return path_of(TLS_CERT), path_of(TLS_KEY)


def path_of(name: str) -> Path:
    return Path(settings.DATA_DIR) / name


def _issue(
    cert_name: str,
    key_name: str,
    common_name: str,
    *,
    lifetime: timedelta,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> None:
    ca = x509.load_pem_x509_certificate(path_of(CA_CERT).read_bytes())
    ca_key = serialization.load_pem_private_key(path_of(CA_KEY).read_bytes(), password=None)
    if not isinstance(ca_key, rsa.RSAPrivateKey):
        raise TypeError(f"{CA_KEY} is not an RSA key")
    key = _new_key()
    builder = _builder(_name(common_name), ca.subject, key.public_key(), lifetime)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    _write(cert_name, key_name, builder.sign(ca_key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: rsa.RSAPublicKey, lifetime: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now - timedelta(days=1) + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*used: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in used for usage in KEY_USAGES})


def _general_name(hostname: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(hostname))
    except ValueError:
        return x509.DNSName(hostname)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Signing sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _write(cert_name: str, key_name: str, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
    path_of(cert_name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path = path_of(key_name)
    key_path.touch(mode=0o600)
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
