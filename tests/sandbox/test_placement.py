"""Ink stands where the tab stood, whatever the page's size, rotation and origin."""

import io
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from sandbox.robot import Robot
from tests.pdf_files import draw_pdf

from .api import Api, document, signer

TOLERANCE = 2.0  # points
SIGN_HERE_HEIGHT = 36
ROTATIONS = [0, 90, 180, 270]
ORIGINS = [(0.0, 0.0), (40.0, -25.0)]


def turned_pdf(rotation: int, origin: tuple[float, float], size: tuple[float, float] = (420, 595)) -> bytes:
    """A page with an anchor, whose boxes do not begin at 0/0 and which is displayed turned."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(draw_pdf("Hello\n\n/sn1/ here", pagesize=size))))
    (page,) = writer.pages
    x, y = origin
    page.mediabox = RectangleObject((x, y, x + size[0], y + size[1]))
    page.cropbox = page.mediabox
    page.rotate(rotation)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def upright(content: bytes) -> bytes:
    """The same page as displayed, with its rotation worked into its content."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in writer.pages:
        page.transfer_rotation_to_content()
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def box_of(content: bytes, text: str) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of a text on an upright page, from its top left corner, y downwards."""
    pdf = pypdfium2.PdfDocument(content)
    page = pdf[0]
    text_page = page.get_textpage()
    match = text_page.search(text).get_next()
    assert match is not None, f"{text!r} is not on the page"
    start, count = match
    boxes = [text_page.get_charbox(index) for index in range(start, start + count)]
    x0, _, _, y1 = page.get_cropbox()
    found = (
        min(box[0] for box in boxes) - x0,
        y1 - max(box[3] for box in boxes),
        max(box[2] for box in boxes) - x0,
        y1 - min(box[1] for box in boxes),
    )
    text_page.close()
    page.close()
    pdf.close()
    return found


def signed_pdf(api: Api, content: bytes, **tabs: object) -> tuple[str, bytes]:
    people = [signer(1, tabs=tabs)]
    envelope_id = api.envelope(documents=[document(content=content)], recipients={"signers": people})
    Robot().sign(api.view_url(envelope_id))
    return envelope_id, api.call("GET", f"/envelopes/{envelope_id}/documents/1").content


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_value_is_printed_inside_its_fixed_tab(api: Api, rotation: int, origin: tuple[float, float]) -> None:
    tab = {
        "documentId": "1",
        "pageNumber": "1",
        "xPosition": "150",
        "yPosition": "210",
        "value": "MARK",
        "locked": "true",
    }
    _, signed = signed_pdf(api, turned_pdf(rotation, origin), textTabs=[tab])
    left, top, _, bottom = box_of(upright(signed), "MARK")
    assert abs(left - 150) <= TOLERANCE
    assert top >= 210 - TOLERANCE
    assert bottom <= 210 + 16 + TOLERANCE  # the height of a text tab


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("rotation", ROTATIONS)
def test_an_anchored_tab_stands_on_its_anchor(api: Api, rotation: int, origin: tuple[float, float]) -> None:
    content = turned_pdf(rotation, origin)
    tab = {"anchorString": "/sn1/", "anchorXOffset": "0", "anchorYOffset": "0"}
    envelope_id, _ = signed_pdf(api, content, signHereTabs=[tab])
    (placed,) = api.get(envelope_id, "/recipients/1/tabs")["signHereTabs"]
    upright_box = box_as_displayed(content, "/sn1/", rotation, origin)
    assert abs(float(placed["xPosition"]) - upright_box[0]) <= TOLERANCE
    assert abs(float(placed["yPosition"]) + SIGN_HERE_HEIGHT - upright_box[1]) <= TOLERANCE


def box_as_displayed(content: bytes, text: str, rotation: int, origin: tuple[float, float]) -> tuple[float, float]:
    """Left and lower edge of a text's box on the displayed page, by turning its four corners one by one."""
    pdf = pypdfium2.PdfDocument(content)
    page = pdf[0]
    text_page = page.get_textpage()
    match = text_page.search(text).get_next()
    assert match is not None
    boxes = [text_page.get_charbox(index) for index in range(match[0], match[0] + match[1])]
    width, height = page.get_mediabox()[2] - origin[0], page.get_mediabox()[3] - origin[1]
    corners = [(x - origin[0], y - origin[1]) for box in boxes for x in (box[0], box[2]) for y in (box[1], box[3])]
    turn = {
        0: lambda x, y: (x, height - y),
        90: lambda x, y: (y, x),
        180: lambda x, y: (width - x, y),
        270: lambda x, y: (height - y, width - x),
    }[rotation]
    turned = [turn(x, y) for x, y in corners]
    text_page.close()
    page.close()
    pdf.close()
    return min(x for x, _ in turned), max(y for _, y in turned)


@pytest.mark.parametrize(
    ("units", "offset", "points"),
    [("pixels", "10", 10), ("inches", "0.5", 36), ("mms", "10", 28.35), ("cms", "1", 28.35)],
)
def test_anchor_offsets_are_measured_in_their_units(api: Api, units: str, offset: str, points: float) -> None:
    plain = {"anchorString": "/sn1/"}
    moved = plain | {"anchorUnits": units, "anchorXOffset": offset, "anchorYOffset": offset}
    envelope_id = api.envelope(recipients={"signers": [signer(1, tabs={"signHereTabs": [plain, moved]})]})
    first, second = sorted(
        api.get(envelope_id, "/recipients/1/tabs")["signHereTabs"], key=lambda t: int(t["xPosition"])
    )
    for axis in ("xPosition", "yPosition"):
        assert abs(int(second[axis]) - int(first[axis]) - points) <= 1


TEXT = "Man of mandate\n\nS I G N H E R E\n\nforget-me-not 1cat2 cat\n\nskiing"


def anchored(api: Api, pages: tuple[str, ...] = (TEXT,), **tab: object) -> tuple[str, list[dict[str, str]]]:
    """The errorCode, or the text tabs that the anchor made."""
    documents = [document(number, content=draw_pdf(page)) for number, page in enumerate(pages, start=1)]
    people = [signer(1, tabs={"textTabs": [tab]})]
    response = api.create(documents=documents, recipients={"signers": people}, status="created")
    if response.status_code != 201:
        return response.json()["errorCode"], []
    return "", api.get(response.json()["envelopeId"], "/recipients/1/tabs").get("textTabs", [])


@pytest.mark.parametrize(
    ("anchor", "options", "matches"),
    [
        ("man", {}, 2),
        ("man", {"anchorCaseSensitive": "true"}, 1),
        ("man", {"anchorMatchWholeWord": "true"}, 1),
        ("forget", {"anchorMatchWholeWord": "true"}, 1),
        ("cat", {"anchorMatchWholeWord": "true"}, 1),
        ("cat", {}, 2),
        ("i", {"anchorCaseSensitive": "true"}, 1),
        ("SIGNHERE", {}, 1),
        ("of  mandate", {}, 1),
    ],
)
def test_anchors_are_found_as_docusign_finds_them(api: Api, anchor: str, options: dict[str, Any], matches: int) -> None:
    error, tabs = anchored(api, anchorString=anchor, **options)
    assert (error, len(tabs)) == ("", matches)


@pytest.mark.parametrize(
    ("anchor", "options"),
    [
        ("absent", {}),
        ("   ", {}),
        ("MANDATE", {"anchorCaseSensitive": "true"}),
        ("mandat", {"anchorMatchWholeWord": "true"}),
        ("SIGNHERE", {"anchorAllowWhiteSpaceInCharacters": "false"}),
    ],
)
def test_an_anchor_that_is_not_there_is_refused(api: Api, anchor: str, options: dict[str, Any]) -> None:
    assert anchored(api, anchorString=anchor, **options)[0] == "ANCHOR_TAB_STRING_NOT_FOUND"


def test_an_anchor_that_is_not_there_can_be_ignored(api: Api) -> None:
    assert anchored(api, anchorString="absent", anchorIgnoreIfNotPresent="true") == ("", [])


def test_gaps_inside_words_do_not_make_matches_where_the_anchor_stands_without_them(api: Api) -> None:
    _, tabs = anchored(api, ("often", "fit enough"), anchorString="ten")
    assert [tab["documentId"] for tab in tabs] == ["1"]


def test_an_anchor_is_looked_for_in_every_document(api: Api) -> None:
    _, tabs = anchored(api, ("one /a/", "none", "/a/ three /a/"), anchorString="/a/", documentId="2")
    assert [tab["documentId"] for tab in tabs] == ["1", "3", "3"]


def test_the_right_end_of_an_anchor_can_be_what_counts(api: Api) -> None:
    left = anchored(api, ("Hello there",), anchorString="Hello")[1][0]
    right = anchored(api, ("Hello there",), anchorString="Hello", anchorHorizontalAlignment="right")[1][0]
    assert 20 < int(right["xPosition"]) - int(left["xPosition"]) < 40


@pytest.mark.parametrize(
    "offset", [{"anchorXOffset": "600"}, {"anchorXOffset": "-300"}, {"anchorYOffset": "900"}, {"anchorYOffset": "-900"}]
)
def test_offsets_may_not_carry_a_tab_off_its_page(api: Api, offset: dict[str, Any]) -> None:
    assert anchored(api, anchorString="mandate", **offset)[0] == "TAB_OUT_OF_BOUNDS"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"anchorUnits": "feet"}, "INVALID_REQUEST_PARAMETER"),
        ({"anchorXOffset": "much"}, "INVALID_REQUEST_PARAMETER"),
        ({"anchorXOffset": "nan"}, "INVALID_REQUEST_PARAMETER"),
        ({"width": "-5"}, "INVALID_REQUEST_PARAMETER"),
        ({"height": "1e999"}, "INVALID_REQUEST_PARAMETER"),
    ],
)
def test_numbers_that_are_none_are_refused(api: Api, wrong: dict[str, Any], code: str) -> None:
    assert anchored(api, anchorString="mandate", **wrong)[0] == code


def test_an_anchor_may_not_occur_more_than_3000_times(api: Api) -> None:
    crowded = "\n".join(["e " * 40] * 18)
    assert anchored(api, (crowded,) * 5, anchorString="e")[0] == "INVALID_REQUEST_PARAMETER"


def test_a_box_grows_with_its_font_unless_its_size_is_given(api: Api) -> None:
    _, plain = anchored(api, anchorString="mandate")
    _, large = anchored(api, anchorString="mandate", fontSize="size18")
    _, fixed = anchored(api, anchorString="mandate", fontSize="size18", width="200", height="20")
    assert int(large[0]["height"]) == 2 * int(plain[0]["height"])
    assert (fixed[0]["width"], fixed[0]["height"]) == ("200", "20")
