"""PDFs that would eat the machine are refused at the door, by a process that may."""

import time
import zlib
from collections.abc import Callable

import pytest

from tests.pdf_files import draw_pdf

from .api import Api, document

PATIENCE_SECONDS = 40


def pdf_of(*objects: tuple[str, bytes | None]) -> bytes:
    """Objects 4 and on; the page has object 4 as content and object 5 as its XObject /X."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    head = [("<</Type/Catalog/Pages 2 0 R>>", None), ("<</Type/Pages/Kids[3 0 R]/Count 1>>", None), (page, None)]
    body, places = b"%PDF-1.7\n", []
    for number, (dictionary, stream) in enumerate([*head, *objects], start=1):
        places.append(len(body))
        tail = b"" if stream is None else b"\nstream\n" + stream + b"\nendstream"
        body += f"{number} 0 obj\n{dictionary}".encode() + tail + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return body + f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def drawing(times: int = 1, name: str = "X") -> tuple[str, bytes]:
    content = f"q 500 0 0 500 0 0 cm /{name} Do Q\n".encode() * times
    return f"<</Length {len(content)}>>", content


def huge_picture(side: int = 30_000) -> bytes:
    """Of which only the top is there: what it declares must be made room for all the same."""
    packed = zlib.compress(bytes(side * 3 * min(side, 1000)))
    kind = f"<</Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceRGB/BitsPerComponent 8"
    return pdf_of(drawing(), (f"{kind}/Filter/FlateDecode/Length {len(packed)}>>", packed))


def forms_of_forms() -> bytes:
    """Each draws the next ten times, twelve deep."""
    forms = []
    for number in range(6, 18):
        content = b"/X Do\n" * 10
        own = f"/Resources<</XObject<</X {number} 0 R>>>>" if number < 17 else ""
        drawn = content if own else b"0 0 9 9 re f\n"
        forms.append((f"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]{own}/Length {len(drawn)}>>", drawn))
    return pdf_of(drawing(), *forms)


def packed_twice() -> bytes:
    content = zlib.compress(zlib.compress(b"0 0 m 1 1 l S\n" * 10_000_000, 9), 9)
    return pdf_of((f"<</Filter[/FlateDecode/FlateDecode]/Length {len(content)}>>", content))


@pytest.mark.parametrize("make", [huge_picture, forms_of_forms, packed_twice])
def test_what_would_eat_the_machine_is_refused(api: Api, make: Callable[[], bytes]) -> None:
    item = document(content=make())
    started = time.monotonic()
    refused = api.create(documents=[item], recipients=None, status="created")
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "UNSUPPORTED_PDF_CONTENT")
    assert time.monotonic() - started < PATIENCE_SECONDS
    assert api.envelope()


def test_a_picture_of_usual_size_passes(api: Api) -> None:
    assert api.create(documents=[document(content=huge_picture(5_000))], recipients=None, status="created").ok


def test_a_long_document_passes(api: Api) -> None:
    pages = [f"Page {number}\n" + "Some words that fill a line of it. \n" * 18 for number in range(150)]
    content = draw_pdf(*pages)
    assert len(content) > 64 * 1024
    assert api.create(documents=[document(content=content)], recipients=None, status="created").ok
