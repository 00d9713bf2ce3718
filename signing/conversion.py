"""Uploads that are not PDFs: pictures become one-page PDFs, Word files go through LibreOffice where it is installed.

What a file is, its content says and not its name. Every refusal is a sentence for the person who chose the file. A
picture is judged by its header before it is unpacked, a Word file by its table of contents.
"""

import io
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
import zipfile
from pathlib import Path

from PIL import Image, ImageOps

from .pdfs import DocumentRefusedError

MAX_PIXELS = 50_000_000  # 150 MB unpacked; a phone's largest photos have that many
PAGE_POINTS = 842  # the longer side of a picture's page: A4
PICTURE_QUALITY = 90
PICTURE_FORMATS = ("PNG", "JPEG")
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
OFFICE_SECONDS = 60

PICTURE_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
ZIP_MARK = b"PK\x03\x04"
OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, and any Office file with a password


def as_pdf(content: bytes) -> bytes:
    """The content itself if it is neither picture nor Word file. Raises DocumentRefusedError."""
    if content.startswith(PICTURE_MARKS):
        return _picture_as_pdf(content)
    if content.startswith(ZIP_MARK):
        return _word_as_pdf(content)
    if content.startswith(OLD_OFFICE_MARK):
        raise DocumentRefusedError(
            "This is an old Word file, or one with a password. Save it as PDF and choose that file."
        )
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise DocumentRefusedError("This is a HEIC picture. Save it as JPEG or PDF and choose that file.")
    return content


def takes_word_files() -> bool:
    return shutil.which("soffice") is not None


def _picture_as_pdf(content: bytes) -> bytes:
    """Upright as the camera was held, on white, on a page of its own proportions."""
    try:
        with _open_picture(content) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            upright = _on_white(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as error:
        limit = f"{MAX_PIXELS // 1_000_000} million"
        raise DocumentRefusedError(f"This picture has more than {limit} pixels. Make it smaller first.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise DocumentRefusedError("This picture is damaged and cannot be read. Save it again.") from error
    output = io.BytesIO()
    resolution = max(upright.size) * 72 / PAGE_POINTS
    upright.save(output, "PDF", resolution=resolution, quality=PICTURE_QUALITY)
    return output.getvalue()


def _open_picture(content: bytes) -> Image.Image:
    """Only its header is read. Pillow would warn of large ones; here they are refused."""
    with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
        return Image.open(io.BytesIO(content), formats=PICTURE_FORMATS)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    sheet = Image.new("RGBA", picture.size, "white")
    sheet.alpha_composite(picture.convert("RGBA"))
    return sheet.convert("RGB")


def _word_as_pdf(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names, unpacked = set(archive.namelist()), sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:  # the last: a way of packing zipfile lacks
        raise DocumentRefusedError("This file is damaged and cannot be read. Save it as PDF.") from error
    if "word/document.xml" not in names:
        raise DocumentRefusedError("This is neither a PDF nor a picture. Save it as PDF and choose that file.")
    if unpacked > MAX_UNPACKED_BYTES:
        raise DocumentRefusedError("This Word file is far too large once unpacked. Save it as PDF.")
    if not takes_word_files():
        raise DocumentRefusedError("Word files cannot be converted here. Save it as PDF and choose that file.")
    return _through_office(content)


def _through_office(content: bytes) -> bytes:
    """By LibreOffice with a profile of its own; whatever it started ends with it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=folder, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(OFFICE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise DocumentRefusedError("Converting this Word file takes too long. Save it as PDF.") from None
        try:
            return source.with_suffix(".pdf").read_bytes()
        except OSError:
            raise DocumentRefusedError("This Word file could not be converted. Save it as PDF.") from None
