"""Lines of text in any script: fonts chosen per letter, right-to-left order, shaping, wrapping, shrinking to a box."""

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import shapeStr
from reportlab.pdfgen.canvas import Canvas
from xhtml2pdf.bidi import CONTROL_CHARS, display_order, mirrored

from sandbox import fonts

ASCENT, DESCENT = 0.95, 0.3  # of the size; all our fonts' letters stay within
LEADING = ASCENT + DESCENT
SMALLEST = 2.5
TEXT_INK = HexColor("#101828")
ITALIC_SLANT = 0.2
BOLD_STROKE = 0.025  # of the size; the packaged fonts come in one weight
# Between ideographs a line may break anywhere.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_TOKENS = re.compile(rf"\n|[^\S\n]+|[{_WIDE}]|[^\s{_WIDE}]+")

# Shaping numbers the glyphs it finds inside the font object that all threads share.
_shaping = threading.Lock()


@dataclass(frozen=True, slots=True)
class Style:
    font: str = fonts.TEXT
    size: float = 9.0
    colour: Color = TEXT_INK
    bold: bool = False
    italic: bool = False
    underline: bool = False
    direction: str | None = None  # "L" or "R" of the whole line; by default its first letter's


@dataclass(frozen=True, slots=True)
class Box:
    """On the canvas: left and lower edge, y upwards."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters of one font and one direction, as they are drawn; `width` at size 1."""

    font: str
    text: str
    drawn: str
    width: float


def width_of(text: str, style: Style) -> float:
    return sum(piece.width for piece in _pieces(text, style.font, style.direction)) * style.size


def draw_line(canvas: Canvas, left: float, baseline: float, text: str, style: Style) -> None:
    """The text on one line; what has no glyph must have been replaced before (`fonts.drawable`)."""
    x = left
    for piece in _pieces(text, style.font, style.direction):
        _draw_piece(canvas, x, baseline, piece, style)
        x += piece.width * style.size
    if style.underline and text:
        canvas.setStrokeColor(style.colour)
        canvas.setLineWidth(style.size * 0.06)
        canvas.line(left, baseline - style.size * 0.12, x, baseline - style.size * 0.12)


def draw_in_box(canvas: Canvas, box: Box, text: str, style: Style) -> None:
    """Wrapped, and smaller if need be: one line stands in the middle of the height, several begin at its top."""
    fitted, lines = fit(fonts.drawable(text), style, box.width, box.height)
    leading = fitted.size * LEADING
    is_one_line = len(lines) == 1 and box.height < leading * 2.5
    top = box.bottom + (box.height + leading) / 2 if is_one_line else box.bottom + max(box.height, leading)
    for number, line in enumerate(lines):
        draw_line(canvas, box.left, top - number * leading - fitted.size * ASCENT, line, fitted)


def fit(text: str, style: Style, width: float, height: float) -> tuple[Style, list[str]]:
    """The largest size, up to the wanted one, at which the wrapped lines stay inside the box, and those lines."""
    size = style.size
    while True:
        fitted = replace(style, size=size)
        lines = lines_of(text, fitted, width)
        if size <= SMALLEST or len(lines) * size * LEADING <= height + 1:
            is_narrow_enough = all(width_of(line, fitted) <= width + 0.5 for line in lines)
            if size <= SMALLEST or is_narrow_enough:
                return fitted, lines
        size = max(SMALLEST, size * 0.94)


def lines_of(text: str, style: Style, width: float) -> list[str]:
    """Broken at spaces, between ideographs, and inside a word only when it is wider than a line."""
    lines, line, used = [], "", 0.0
    for token in _tokens_within(text, style, width):
        advance = 0.0 if token == "\n" else width_of(token, style)  # noqa: S105  (no password)
        if token == "\n" or (used + advance > width and line.strip() and not token.isspace()):  # noqa: S105
            lines.append(line.strip())
            line, used = "", 0.0
        if token == "\n" or (token.isspace() and not line):  # noqa: S105
            continue
        line, used = line + token, used + advance
    return [*lines, line.strip()]


def _tokens_within(text: str, style: Style, width: float) -> list[str]:
    tokens: list[str] = []
    for token in _TOKENS.findall(text):
        if token.isspace() or width_of(token, style) <= width:
            tokens.append(token)
        else:
            tokens += _cut(token, style, width)
    return tokens


def _cut(word: str, style: Style, width: float) -> list[str]:
    parts, part, used = [], "", 0.0
    for cluster in fonts.clusters(word):
        advance = width_of(cluster, style)
        if part and used + advance > width:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + cluster, used + advance
    return [*parts, part]


@lru_cache(maxsize=8192)
def _pieces(text: str, font: str, direction: str | None) -> tuple[_Piece, ...]:
    """In the order they stand on the line, from the left."""
    order, levels = display_order(text, direction)
    rank = {index: position for position, index in enumerate(order)}
    parts: list[tuple[int, list[_Piece]]] = []
    index = 0
    for name, run in fonts.runs(text, font):
        for part in _of_one_level(run, levels[index : index + len(run)]):
            leftmost = min(rank[i] for i in range(index, index + len(part)))
            parts.append((leftmost, _pieces_of(name, part, levels[index])))
            index += len(part)
    return tuple(piece for _, pieces in sorted(parts, key=lambda part: part[0]) for piece in pieces)


def _of_one_level(run: str, levels: Sequence[int]) -> list[str]:
    parts, start = [], 0
    for index in range(1, len(run) + 1):
        if index == len(run) or levels[index] != levels[start]:
            parts.append(run[start:index])
            start = index
    return parts


def _pieces_of(font: str, text: str, level: int) -> list[_Piece]:
    """Right-to-left letters, and those with marks, need the font's own rules; others are drawn one by one."""
    fonts.register(font)
    visible = "".join(c for c in text if c not in CONTROL_CHARS)
    if any(unicodedata.bidirectional(c) in ("R", "AL") or unicodedata.category(c)[0] == "M" for c in visible):
        return _shaped(font, visible, by_letter=level % 2 == 1)
    plain = "".join(" " if c.isspace() else c for c in visible if not fonts.is_invisible(c))
    if level % 2:
        plain = "".join(mirrored(c, level) for c in reversed(plain))
    return [_Piece(font, plain, plain, pdfmetrics.stringWidth(plain, font, 1))]


def _shaped(font: str, text: str, *, by_letter: bool) -> list[_Piece]:
    """By letter where the line runs from the right: readers of PDFs expect that, and turn the letters round."""
    with _shaping:
        drawn = shapeStr(text, font, 1, force=True)
    glyphs = drawn.__shapeData__
    starts = sorted({glyph.cluster for glyph in glyphs}) if by_letter else [0]
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    pieces, first = [], 0
    for index in range(1, len(glyphs) + 1):
        if index == len(glyphs) or (by_letter and glyphs[index].cluster != glyphs[first].cluster):
            start = glyphs[first].cluster if by_letter else 0
            width = sum(glyph.x_advance for glyph in glyphs[first:index]) / 1000
            pieces.append(_Piece(font, text[start : ends[start]], drawn[first:index], width))
            first = index
    return pieces


def _draw_piece(canvas: Canvas, x: float, baseline: float, piece: _Piece, style: Style) -> None:
    """Shaped glyphs carry the letters they stand for, so that the text can be found and copied."""
    line = canvas.beginText(x, baseline)
    line.setFont(piece.font, style.size)
    line.setFillColor(style.colour)
    if style.italic:
        line.setTextTransform(1, 0, ITALIC_SLANT, 1, x, baseline)
    if style.bold:
        canvas.setLineWidth(style.size * BOLD_STROKE)
        line.setStrokeColor(style.colour)
        line.setTextRenderMode(2)
    line.textOut(piece.drawn)
    if style.bold:
        line.setTextRenderMode(0)
    if unicodedata.normalize("NFKC", piece.drawn) != unicodedata.normalize("NFKC", piece.text):
        canvas.addLiteral(f"/Span <</ActualText <FEFF{piece.text.encode('utf-16-be').hex()}>>> BDC")
        canvas.drawText(line)
        canvas.addLiteral("EMC")
    else:
        canvas.drawText(line)
