"""Reading PDFs that strangers made: what `signing.pdf_process` does in a process of its own. No Django here.

python -m signing.pdf_jobs render PAGE WIDTH < file.pdf > page.png
"""

import resource
import struct
import sys
import zlib

import pypdfium2

MAX_MEMORY_BYTES = 1_500_000_000
MAX_CPU_SECONDS = 20
MAX_PIXELS = 12_000_000


def main(job: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    pdf = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    sys.stdout.buffer.write(_render(pdf, int(arguments[0]), int(arguments[1])))


def _render(pdf: pypdfium2.PdfDocument, number: int, width: int) -> bytes:
    """PNG of the page as displayed, its annotations and filled-in form included."""
    pdf.init_forms()
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


if __name__ == "__main__":
    main(*sys.argv[1:])
