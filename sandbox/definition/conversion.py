"""Whatever is uploaded becomes a PDF on the way in (reference 2.3), once per content."""

import threading

from sandbox import files
from sandbox.errors import ApiError

from . import workshop

OURS = frozenset({"htm", "html", "txt", "csv", "docx", "docm", "bmp", "gif", "jpg", "jpeg", "png", "tif", "tiff"})
# Only LibreOffice reads these; where it is not on the machine, they are refused as Docusign refuses what it can't read.
OFFICE = frozenset({"doc", "docm", "docx", "dot", "dotm", "dotx", "msg", "rtf", "wpd", "xps", "odt", "ods", "odp"}) | {
    *("pot", "potx", "pps", "ppt", "pptm", "pptx", "xls", "xlsm", "xlsx")
}
READABLE = OURS | OFFICE
# Conversions are heavy: a third one waits.
_places = threading.Semaphore(2)


def to_pdf(content: bytes, extension: str) -> bytes:
    """Raises UNABLE_TO_LOAD_DOCUMENT, UNABLE_TO_CONVERT_DOCUMENT."""
    if extension == "pdf":
        return content
    if extension in OFFICE and workshop.has_office():
        return _converted(content, extension, workshop.by_office)
    if extension in OURS:
        return _converted(content, extension, workshop.by_renderer)
    raise ApiError("UNABLE_TO_CONVERT_DOCUMENT", f"Documents of the type '{extension[:20]}' cannot be read here.")


def page_to_pdf(source: str) -> bytes:
    """An HTML page. Nothing is fetched: pictures and style sheets of other addresses are left out."""
    return to_pdf(source.encode("utf-8", "replace"), "html")


def _converted(content: bytes, extension: str, convert: workshop.Converter) -> bytes:
    digest = files.digest_of(extension.encode() + b"\0" + content)

    def make() -> bytes:
        with _places:
            return convert(content, extension)

    return files.load(files.derived(f"{digest[:2]}/{digest}.converted.pdf", make))
