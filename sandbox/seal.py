"""The digital seal: a PAdES B-B signature by a certificate of this installation's own authority."""

import io
from functools import cache
from typing import TYPE_CHECKING

from .authority import CA_CERT, SEAL_CERT, SEAL_KEY, path_of

if TYPE_CHECKING:
    from pyhanko.sign import signers

RESERVED_BYTES = 16_384  # for the signature, in hexadecimal; asking for its size would mean signing twice


def sign(content: bytes, *, reason: str) -> bytes:
    """The PDF with one more revision: an invisible signature field over all of it."""
    # Here, for they take a third of a second and 20 MB; many a sandbox never seals anything.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    metadata = signers.PdfSignatureMetadata(
        field_name="SandboxSeal",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        name="Docusign stand-in (sandbox)",
    )
    output = signers.PdfSigner(metadata, signer=_signer()).sign_pdf(writer, bytes_reserved=RESERVED_BYTES)
    return bytes(output.getbuffer())


@cache
def _signer() -> "signers.SimpleSigner":
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load(
        key_file=str(path_of(SEAL_KEY)),
        cert_file=str(path_of(SEAL_CERT)),
        ca_chain_files=(str(path_of(CA_CERT)),),
    )
    if signer is None:
        raise RuntimeError("the sealing key in the data folder cannot be read")
    return signer
