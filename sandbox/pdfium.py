"""PDFium, which does not bear two threads at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2

_lock = threading.Lock()


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, with PDFium to itself until it is closed. Raises PdfiumError when it cannot be read."""
    with _lock:
        pdf = pypdfium2.PdfDocument(content)
        try:
            yield pdf
        finally:
            pdf.close()
