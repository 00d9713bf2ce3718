"""Pictures of pages, rendered once per file and kept on disk."""

import io

from sandbox import files
from sandbox.models import Document
from sandbox.pdfium import opened

WIDTH_PIXELS = 1240
HIGHEST_PIXELS = 8000  # of pages like a till roll


def page_image(document: Document, page: int) -> bytes:
    """WebP, about 1,240 pixels wide whatever the paper."""
    path = files.derived(f"{document.path}.{page}.webp", lambda: _render(document, page))
    return files.load(path)


def _render(document: Document, page: int) -> bytes:
    width, height = document.page_sizes[page - 1]
    with opened(files.load(document.path)) as pdf:
        scale = min(WIDTH_PIXELS / width, HIGHEST_PIXELS / height)
        image = pdf[page - 1].render(scale=scale, may_draw_forms=True).to_pil()
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "WEBP", quality=82)
    return buffer.getvalue()
