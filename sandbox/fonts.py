"""Fonts for what the sandbox draws: packaged ones, so that no machine's own fonts matter."""

from functools import cache

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TEXT = "NotoSans"
# Handwriting by the name the ceremony's style picker uses.
HANDWRITING = {"caveat": "Caveat", "dancing-script": "DancingScript"}

_FILES = {
    "NotoSans": ("noto-sans", "NotoSans[wdth,wght].ttf"),
    "Caveat": ("caveat", "Caveat[wght].ttf"),
    "DancingScript": ("dancing-script", "DancingScript[wght].ttf"),
}


@cache
def register(name: str) -> TTFont:
    """Make the font known to reportlab, once."""
    folder, filename = _FILES[name]
    font = TTFont(name, str(settings.FONT_DIRS[folder] / filename))
    pdfmetrics.registerFont(font)
    return font


def missing_in(name: str, text: str) -> str:
    """The characters this font has no glyph for, each once."""
    glyphs = register(name).face.charToGlyph
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in glyphs))


def font_for(text: str, wanted: str = TEXT) -> str:
    """`wanted`, or the text font where handwriting lacks a letter."""
    return wanted if not missing_in(wanted, text) else TEXT


def drawable(text: str) -> str:
    """For captions: what cannot be drawn becomes a visible question mark, never an empty box."""
    gaps = missing_in(TEXT, text)
    return "".join("?" if c in gaps else c for c in text)
