"""Reading PDFs that strangers made: what `signing.pdf_process` does in a process of its own. No Django here.

    python -m signing.pdf_jobs render PAGE WIDTH < file.pdf > page.png
    python -m signing.pdf_jobs find TEXT < file.pdf > places.json
    python -m signing.pdf_jobs lines < file.pdf > lines.json
    python -m signing.pdf_jobs form < file.pdf > fields.json

Positions are in pixels of 1/72 inch from the top left corner of the page as displayed; pages count from 1.
"""

import json
import resource
import struct
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from signing.suggestions import is_telling

MAX_MEMORY_BYTES = 1_500_000_000
MAX_CPU_SECONDS = 20
MAX_PIXELS = 12_000_000
MAX_PLACES = 300
MAX_LINES = 3000
LONGEST_LINE = 400
Box = tuple[float, float, float, float]  # left, top, right, bottom


def main(job: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    content = sys.stdin.buffer.read()
    if job == "form":
        from signing.acroforms import form_fields  # here, for loading pypdf takes longer than drawing a page

        answer = json.dumps(form_fields(content)).encode()
    else:
        pdf = pypdfium2.PdfDocument(content)
        if job == "render":
            answer = _render(pdf, int(arguments[0]), int(arguments[1]))
        elif job == "find":
            answer = json.dumps(_find(pdf, arguments[0])).encode()
        else:
            answer = json.dumps(_lines(pdf)).encode()
    sys.stdout.buffer.write(answer)


def _render(pdf: pypdfium2.PdfDocument, number: int, width: int) -> bytes:
    """PNG of the page as displayed, its annotations and filled-in form included."""
    pdf.init_forms()
    if pdf.formenv:
        pdfium.FPDF_SetFormFieldHighlightAlpha(pdf.formenv, 0)  # shown as printed, not as to be filled in
    page = pdf[number - 1]
    page_width, page_height = page.get_size()
    scale = min(width / page_width, (MAX_PIXELS / (page_width * page_height)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=True)
    rows = bytes(bitmap.buffer)
    line = bitmap.width * bitmap.n_channels
    starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    lines = b"".join(b"\0" + rows[start : start + line] for start in starts)
    colour_type = {1: 0, 3: 2, 4: 6}[bitmap.n_channels]
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, colour_type, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _find(pdf: pypdfium2.PdfDocument, text: str) -> dict[str, Any]:
    """Every occurrence, case aside: {"count": how many, "places": [[page, left, top, right, bottom], …]}."""
    count = 0
    places: list[list[float]] = []
    for number, page in enumerate(pdf, start=1):
        text_page = page.get_textpage()
        searcher = text_page.search(text, match_case=False)
        while found := searcher.get_next():
            count += 1
            if len(places) < MAX_PLACES and (box := _first_line(page, text_page, *found)):
                places.append([number, *box])
        searcher.close()
        text_page.close()
        page.close()
    return {"count": count, "places": places}


def _first_line(page: Any, text_page: Any, index: int, length: int) -> Box | None:
    """Where it begins, when it runs over a line's end."""
    text = text_page.get_text_range(index, length)
    end = min((text.index(c) for c in "\r\n" if c in text), default=length)
    boxes = [text_page.get_charbox(index + i) for i in range(min(end, length)) if not text[i : i + 1].isspace()]
    return _displayed(page, boxes) if boxes else None


def _lines(pdf: pypdfium2.PdfDocument) -> list[dict[str, Any]]:
    """The lines that may ask for something: {"page", "text", "boxes": one per letter, null for what has none}."""
    found = []
    for number, page in enumerate(pdf, start=1):
        text_page = page.get_textpage()
        for start, text in _telling(text_page):
            boxes = [
                None if letter.isspace() else _displayed(page, [text_page.get_charbox(start + i)])
                for i, letter in enumerate(text)
            ]
            found.append({"page": number, "text": text, "boxes": boxes})
        text_page.close()
        page.close()
        if len(found) > MAX_LINES:
            break
    return found


def _telling(text_page: Any) -> Iterator[tuple[int, str]]:
    """(index of the first letter, text). Pages whose letters are not counted one by one are left out."""
    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) != count:
        return
    start = 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if len(bare) <= LONGEST_LINE and is_telling(bare):
            yield start, bare
        start += len(line)


def _displayed(page: Any, boxes: list[Box]) -> Box:
    """PDF coordinates (left, bottom, right, top) of some letters → their common box on the page as displayed."""
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    x0, y0, x1, y1 = page.get_bbox()
    turned = {
        0: (left - x0, y1 - top, right - x0, y1 - bottom),
        90: (bottom - y0, left - x0, top - y0, right - x0),
        180: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }[page.get_rotation()]
    a, b, c, d = (round(side, 2) for side in turned)
    return a, b, c, d


if __name__ == "__main__":
    main(*sys.argv[1:])
