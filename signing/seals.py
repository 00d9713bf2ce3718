"""Is a signed PDF still what was sealed? Integrity only: whose certificate it was is not judged here."""

import logging
from typing import IO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from .models import Seal

logger = logging.getLogger(__name__)

Report = PdfSignatureStatus | DocumentTimestampStatus


def check_seal(file: IO[bytes]) -> Seal:
    """INTACT: every signature and time stamp holds, and the last one covers the whole file.

    Data for later proof (certificates, revocation lists) may follow. Reads the file, asks no network.
    """
    try:
        signatures = PdfFileReader(file, strict=False).embedded_signatures
        if not signatures:
            return Seal.ABSENT
        reports = [_report(signature) for signature in signatures]
        holds = all(report.intact and report.valid for report in reports)
        return Seal.INTACT if holds and _covers_all(reports[-1]) else Seal.BROKEN
    except Exception as error:  # noqa: BLE001  (a parser reading a stranger's bytes: a file it stumbles over is kept)
        logger.warning("a seal could not be read (%s)", type(error).__name__)
        return Seal.BROKEN


def _report(signature: EmbeddedPdfSignature) -> Report:
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    if signature.sig_object_type == "/DocTimeStamp":
        return validate_pdf_timestamp(signature, context)
    return validate_pdf_signature(signature, context)


def _covers_all(report: Report) -> bool:
    if report.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    return report.modification_level == ModificationLevel.LTA_UPDATES
