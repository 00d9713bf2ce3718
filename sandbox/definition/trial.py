"""`python -m sandbox.definition.trial`: a PDF on stdin, every page of which is drawn, small. A process of its own.

Exit code 3: it takes more memory or time than a document may. What cannot even be opened is not judged here. No Django.
"""

import resource
import sys

import pypdfium2
import pypdfium2.raw as pdfium

TOO_HEAVY = 3
MOST_SECONDS = 8
MOST_ADDRESSES_BYTES = 2 * 1024**3
MOST_MEMORY_BYTES = 400 * 1024**2
MOST_PIXELS = 50_000_000  # of one picture
WIDTH_PIXELS = 150
TALLEST = 8  # times the width
DEPTH = 15  # of forms within forms


def is_bearable(content: bytes) -> bool:
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return True
    return all(_is_bearable(page) for page in pdf)


def _is_bearable(page: pypdfium2.PdfPage) -> bool:
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=DEPTH):
        width, height = picture.get_px_size()
        if width * height > MOST_PIXELS:
            return False
    page_width, page_height = page.get_size()
    scale = min(WIDTH_PIXELS / max(page_width, 1), WIDTH_PIXELS * TALLEST / max(page_height, 1))
    page.render(scale=scale, may_draw_forms=False)
    page.close()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < MOST_MEMORY_BYTES


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES_BYTES, MOST_ADDRESSES_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    return 0 if is_bearable(sys.stdin.buffer.read()) else TOO_HEAVY


if __name__ == "__main__":
    sys.exit(main())
