"""Pictures of pages, rendered once per file and kept on disk."""

import io

import pypdfium2

from sandbox import files
from sandbox.models import Document
from sandbox.placement import pdfium_lock

WIDTH_PIXELS = 1240


def page_image(document: Document, page: int) -> bytes:
    """WebP, about 1,240 pixels wide whatever the paper."""
    path = f"{document.path}.{page}.webp"
    target = files.full_path(path)
    if not target.exists():
        content = _render(document, page)
        draft = target.with_suffix(".draft")
        draft.write_bytes(content)
        draft.rename(target)
    return target.read_bytes()


def _render(document: Document, page: int) -> bytes:
    width, _ = document.page_sizes[page - 1]
    with pdfium_lock:
        pdf = pypdfium2.PdfDocument(files.load(document.path))
        try:
            image = pdf[page - 1].render(scale=WIDTH_PIXELS / width, may_draw_forms=True).to_pil()
        finally:
            pdf.close()
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "WEBP", quality=82)
    return buffer.getvalue()
