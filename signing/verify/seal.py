"""The digital seal of a PDF: does it hold, whose certificate made it, when, and what was added behind it?

    python -m signing.verify.seal < file.pdf > report.json

A stranger's PDF may burst or hang its reader: run as above, it gets bounded memory and time and a process of its own.
Integrity only. Whether the certificate deserves trust is not judged: that takes a list of authorities, and the network.
"""

import io
import json
import sys
from dataclasses import asdict, dataclass
from typing import IO, Any

INTACT, ABSENT, BROKEN, NO_PDF = "intact", "absent", "broken", "no_pdf"
MAX_MEMORY_BYTES = 1_500_000_000
MAX_CPU_SECONDS = 20
MAX_SIGNATURES = 50
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class SealReport:
    """`by` and `at` as the last signature says of itself."""

    state: str
    by: str = ""
    at: str = ""


class TooManySignaturesError(ValueError):
    """Each costs time; no honest document has so many."""


def examine(file: IO[bytes]) -> SealReport:
    """INTACT: every signature and time stamp holds, and the last one covers the whole file.

    Data for later proof (certificates, revocation lists) may follow. Asks no network. A parser may stumble over a
    stranger's bytes with any error; none is caught here.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # here, for the rest of the verifier does without

    signatures = PdfFileReader(file, strict=False).embedded_signatures
    if not signatures:
        return SealReport(ABSENT)
    if len(signatures) > MAX_SIGNATURES:
        raise TooManySignaturesError
    reports = [_validate(signature) for signature in signatures]
    holds = all(report.intact and report.valid for report in reports) and _covers_all(reports[-1])
    by = next((s for s in reversed(signatures) if s.sig_object_type != "/DocTimeStamp"), signatures[-1])
    at = by.self_reported_timestamp
    return SealReport(
        state=INTACT if holds else BROKEN,
        by=_name(by.signer_cert),
        at=at.isoformat() if at else "",
    )


def _validate(signature: Any) -> Any:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=[], allow_fetching=False)
    if signature.sig_object_type == "/DocTimeStamp":
        return validate_pdf_timestamp(signature, context)
    return validate_pdf_signature(signature, context)


def _covers_all(report: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    if report.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    return bool(report.modification_level == ModificationLevel.LTA_UPDATES)


def _name(certificate: Any) -> str:
    """Common name and organisation."""
    told = certificate.subject.native if certificate is not None else {}
    parts = [told.get("common_name"), told.get("organization_name")]
    texts = dict.fromkeys(part for part in parts if isinstance(part, str) and part)
    return ", ".join(texts)[:MAX_NAME_LENGTH]


def main() -> None:
    """The report as JSON on the standard output; any other ending than 0 means that it could not be read."""
    _limit()
    content = sys.stdin.buffer.read()
    if b"%PDF-" not in content[:1024]:
        report = SealReport(NO_PDF)
    else:
        report = examine(io.BytesIO(content))
    sys.stdout.write(json.dumps(asdict(report)))


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))


if __name__ == "__main__":
    main()
