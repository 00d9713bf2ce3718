"""Uploads of every format become PDFs; what cannot is refused within seconds, and nothing is fetched."""

import base64
import csv
import io
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from tests.pdf_files import draw_pdf, text_of
from tests.word_files import paragraph, word

from .api import Api, document, signer

MOST_SECONDS = 20


def laughs(levels: int = 10) -> str:
    """The billion laughs: a document type whose entities multiply."""
    entities = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)]
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{"".join(entities)}]>'


def image(kind: str, size: tuple[int, int] = (300, 200), frames: int = 1) -> bytes:
    buffer = io.BytesIO()
    picture = Image.new("RGB", size, "teal")
    more = {"save_all": True, "append_images": [picture] * (frames - 1)} if frames > 1 else {}
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


def table() -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["Name", "Sum"], ["Ann, the first", "12"]])
    return buffer.getvalue().encode()


def upload(api: Api, content: bytes, extension: str, **changes: Any) -> Any:
    people = [signer(1, tabs={})]
    documents = [document(content=content, fileExtension=extension, **changes)]
    return api.create(documents=documents, recipients={"signers": people}, status="created")


def converted(api: Api, content: bytes, extension: str) -> bytes:
    response = upload(api, content, extension)
    assert response.status_code == 201, response.text
    return api.call("GET", f"/envelopes/{response.json()['envelopeId']}/documents/1").content


@pytest.mark.parametrize(
    ("make", "extension", "text"),
    [
        (lambda: "<h1>Offer</h1><p>Ελληνικά 王小明 שלום</p>".encode(), "html", "Ελληνικά 王小明"),
        (lambda: "Plain कृष्णा\n王小明".encode(), "txt", "王小明"),
        (lambda: "Größe".encode("utf-16"), "txt", "Größe"),
        (lambda: "Größe".encode("cp1252"), "txt", "Größe"),
        (table, "csv", "Ann, the first"),
        (lambda: word(paragraph("Written in Word: Жук")), "docx", "Written in Word: Жук"),
    ],
    ids=["html", "utf-8", "utf-16", "windows", "csv", "word"],
)
def test_texts_of_every_format_are_kept(api: Api, make: Callable[[], bytes], extension: str, text: str) -> None:
    assert text in text_of(converted(api, make(), extension))


@pytest.mark.parametrize("kind", ["bmp", "gif", "jpeg", "png", "tiff"])
def test_pictures_become_a_page(api: Api, kind: str) -> None:
    assert converted(api, image(kind), kind).startswith(b"%PDF")


def test_every_picture_of_a_tiff_becomes_a_page(api: Api) -> None:
    envelope_id = upload(api, image("tiff", frames=3), "tif").json()["envelopeId"]
    (listed,) = api.get(envelope_id, "/documents")["envelopeDocuments"]
    assert len(listed["pages"]) == 3


def test_anchors_are_found_in_html(api: Api) -> None:
    html = document(content=b'<p style="color:white">**signature_1**</p>', fileExtension="html")
    people = [signer(1, tabs={"signHereTabs": [{"anchorString": "**signature_1**"}]})]
    envelope_id = api.envelope(documents=[html], recipients={"signers": people})
    assert len(api.get(envelope_id, "/recipients/1/tabs")["signHereTabs"]) == 1


def test_an_html_definition_is_a_document(api: Api) -> None:
    source = {"documentId": "1", "name": "Page", "htmlDefinition": {"source": "<p>Responsive</p>"}}
    envelope_id = api.envelope(documents=[source], recipients={"signers": [signer(1, tabs={})]}, status="created")
    assert "Responsive" in text_of(api.call("GET", f"/envelopes/{envelope_id}/documents/1").content)


@pytest.mark.parametrize(
    ("content", "extension", "said"),
    [
        ("<p>😀</p>".encode(), "html", "😀"),
        (b"<p>&#128512;</p>", "html", "😀"),
        ("😀".encode(), "txt", "😀"),
        ("<p>कृष्णा</p>".encode(), "html", "Devanagari"),
        (b"whatever", "exe", "exe"),
        (b"no picture", "png", ""),
        (b"PK\x03\x04 no archive", "docx", ""),
    ],
)
def test_what_cannot_be_printed_is_refused(api: Api, content: bytes, extension: str, said: str) -> None:
    response = upload(api, content, extension)
    assert (response.status_code, response.json()["errorCode"]) == (400, "UNABLE_TO_CONVERT_DOCUMENT")
    assert said in response.json()["message"]


@pytest.mark.parametrize(
    ("make", "extension"),
    [
        (lambda: word("<w:p/>" + " " * 120_000_000), "docx"),
        (lambda: word(paragraph("&l9;"), laughs()), "docx"),
        (lambda: b"<div>" * 3_000, "html"),
        (lambda: b"<table><tr><td>" * 300, "html"),
        (lambda: b"<style>" + b"a b c d e f{color:red}" * 40_000 + b"</style>x", "html"),
        (lambda: image("png", (12_000, 12_000)), "png"),
    ],
    ids=["zip bomb", "billion laughs", "deep html", "nested tables", "endless style", "huge picture"],
)
def test_hostile_uploads_are_refused_within_seconds(api: Api, make: Callable[[], bytes], extension: str) -> None:
    content = make()
    started = time.monotonic()
    response = upload(api, content, extension)
    assert (response.status_code, response.json()["errorCode"]) == (400, "UNABLE_TO_CONVERT_DOCUMENT")
    assert time.monotonic() - started < MOST_SECONDS


def test_entities_of_a_picture_in_html_do_not_multiply(api: Api) -> None:
    svg = base64.b64encode(f'{laughs()}<svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>'.encode())
    started = time.monotonic()
    upload(api, b'<p>a</p><img src="data:image/svg+xml;base64,' + svg + b'">', "html")
    assert time.monotonic() - started < MOST_SECONDS


class _Listener(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        pass


def test_nothing_is_fetched_for_a_page(api: Api) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    page = (
        f'<html><head><link rel="stylesheet" href="{url}/a.css"><style>@import "{url}/b.css";'
        f"@font-face{{font-family:X;src:url({url}/c.ttf)}}@page{{background-image:url({url}/d.pdf)}}</style></head>"
        f'<body style="background-image:url({url}/e.png)"><img src="{url}/f.png">'
        f'<img src="data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%3E%3Cimage%20href=%22{url}/g%22/%3E">'
        "<p>text</p></body></html>"
    )
    content = converted(api, page.encode(), "html")
    server.shutdown()
    server.server_close()
    assert "text" in text_of(content)
    assert _Listener.asked == []


def test_files_of_the_machine_do_not_get_into_a_page(api: Api) -> None:
    page = (
        b'<p>text</p><img src="/etc/hostname"><img src="file:///etc/passwd"><link rel="stylesheet" href="/etc/passwd">'
    )
    text = text_of(converted(api, page, "html"))
    assert "text" in text
    assert "root" not in text


def test_the_same_upload_is_converted_once(api: Api) -> None:
    page = f"<p>{'word ' * 2000}</p>".encode()
    times = []
    for _ in range(2):
        started = time.monotonic()
        upload(api, page, "html")
        times.append(time.monotonic() - started)
    assert times[1] < times[0] / 2


def test_a_pdf_passes_as_it_is(api: Api) -> None:
    assert "As it is" in text_of(converted(api, draw_pdf("As it is"), "pdf"))


def test_the_name_says_the_format_where_nothing_else_does(api: Api) -> None:
    file = document(content=word(paragraph("By its name")), fileExtension=None, name="Offer.docx")
    response = api.create(documents=[file], recipients={"signers": [signer(1, tabs={})]}, status="created")
    assert response.status_code == 201, response.text
    assert "By its name" in text_of(api.call("GET", f"/envelopes/{response.json()['envelopeId']}/documents/1").content)


def test_a_name_with_a_dot_is_still_a_pdfs(api: Api) -> None:
    file = document(fileExtension=None, name="Terms, version 1.5")
    assert api.create(documents=[file]).status_code == 201
