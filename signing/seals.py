"""Is a signed PDF still what was sealed? Integrity only: whose certificate it was is not judged here."""

import logging
from typing import IO

from .models import Seal
from .verify import seal

logger = logging.getLogger(__name__)


def check_seal(file: IO[bytes]) -> Seal:
    """What the verifier of bundles says of it. Reads the file, asks no network."""
    try:
        return Seal(seal.examine(file).state)
    except Exception as error:  # noqa: BLE001  (a parser reading a stranger's bytes: a file it stumbles over is kept)
        logger.warning("a seal could not be read (%s)", type(error).__name__)
        return Seal.BROKEN
