"""The digital seal: a PAdES B-B signature by a certificate of this installation's own authority."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

LIFETIME = timedelta(days=3650)


def ensure_authority() -> None:
    """Make the authority and the sealing certificate at first start: `sandbox-ca.pem`, `seal-*.pem`."""
    if not (_path("sandbox-ca.pem").exists() and _path("seal-key.pem").exists()):
        _make_authority()


def sign(content: bytes, *, reason: str) -> bytes:
    """The PDF with one more revision: an invisible signature field over all of it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    metadata = signers.PdfSignatureMetadata(
        field_name="SandboxSeal",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        name="Docusign stand-in (sandbox)",
    )
    output = signers.PdfSigner(metadata, signer=_signer()).sign_pdf(writer)
    return bytes(output.getbuffer())


@cache
def _signer() -> signers.SimpleSigner:
    signer = signers.SimpleSigner.load(
        key_file=str(_path("seal-key.pem")),
        cert_file=str(_path("seal-cert.pem")),
        ca_chain_files=(str(_path("sandbox-ca.pem")),),
    )
    if signer is None:
        raise RuntimeError("the sealing key in the data folder cannot be read")
    return signer


def _make_authority() -> None:
    ca_key, key = _new_key(), _new_key()
    ca_name = _name("Signing sandbox CA (test only)")
    ca = (
        _builder(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    certificate = (
        _builder(_name("Signing sandbox seal (not legally binding)"), ca_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write("seal-key.pem", _private_pem(key))
    _write("seal-cert.pem", certificate.public_bytes(serialization.Encoding.PEM))
    _write("sandbox-ca.pem", ca.public_bytes(serialization.Encoding.PEM))


def _builder(subject: x509.Name, issuer: x509.Name, public_key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(**used: bool) -> x509.KeyUsage:
    flags = (
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
    return x509.KeyUsage(**{flag: used.get(flag, False) for flag in flags})


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Signing sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(name: str, content: bytes) -> None:
    path = _path(name)
    path.write_bytes(content)
    path.chmod(0o600 if "key" in name else 0o644)


def _path(name: str) -> Path:
    return Path(settings.DATA_DIR) / name
