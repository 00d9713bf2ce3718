"""Is a signed PDF still what was sealed? Integrity only: whose certificate it was is not judged here."""

import logging
from typing import IO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from .models import Seal

logger = logging.getLogger(__name__)


def check_seal(file: IO[bytes]) -> Seal:
    """INTACT: every signature holds, and the last one covers the whole file. Reads the file, asks no network."""
    try:
        signatures = PdfFileReader(file, strict=False).embedded_signatures
        if not signatures:
            return Seal.ABSENT
        context = ValidationContext(trust_roots=[], allow_fetching=False)
        reports = [validate_pdf_signature(signature, context) for signature in signatures]
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError) as error:
        logger.warning("a seal could not be read: %s", error)
        return Seal.BROKEN
    holds = all(report.intact and report.valid for report in reports)
    covers = reports[-1].coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Seal.INTACT if holds and covers else Seal.BROKEN
