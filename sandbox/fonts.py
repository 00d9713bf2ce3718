"""Packaged fonts, so that no machine's own ones matter: which draws what, and what none can draw.

No Django here. Coverage is read from the files' own tables, in microseconds and without loading the font; reportlab
reads a font when something is first drawn in it.
"""

import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TEXT, SERIF, MONO = "NotoSans", "NotoSerif", "RobotoMono"
# Handwriting by the name the ceremony's style picker uses.
HANDWRITING = {"caveat": "Caveat", "dancing-script": "DancingScript"}
FILES = {
    TEXT: "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf",  # Latin, Greek, Cyrillic, Devanagari
    "NotoSansArabic": "fontpkg_noto_sans_arabic/files/NotoSansArabic[wdth,wght].ttf",
    "Heebo": "fontpkg_heebo/files/Heebo[wght].ttf",  # Hebrew
    "NotoSansThai": "fontpkg_noto_sans_thai/files/NotoSansThai[wdth,wght].ttf",
    "MicroHei": "paperang_p2_fonts_cjk/fonts/wqy-microhei.ttc",  # Chinese, Japanese, Korean
    SERIF: "fontpkg_noto_serif/files/NotoSerif[wdth,wght].ttf",
    MONO: "fontpkg_roboto_mono/files/RobotoMono[wght].ttf",
    "Caveat": "fontpkg_caveat/files/Caveat[wght].ttf",
    "DancingScript": "fontpkg_dancing_script/files/DancingScript[wght].ttf",
}
# Whoever is asked first draws a letter; together they are all that can be drawn.
SCRIPTS = (TEXT, "NotoSansArabic", "Heebo", "NotoSansThai", "MicroHei")
# Docusign's names of fonts (`font` of a tab) that are not sans serif.
_NAMED = {
    "couriernew": MONO,
    "lucidaconsole": MONO,
    "ocr-a": MONO,
    "garamond": SERIF,
    "georgia": SERIF,
    "msmincho": SERIF,
    "timesnewroman": SERIF,
}
# What the pages of the ceremony load, by the folder they find it in.
WEB_FOLDERS = {
    "noto-sans": TEXT,
    "noto-sans-arabic": "NotoSansArabic",
    "heebo": "Heebo",
    "noto-sans-thai": "NotoSansThai",
    "caveat": "Caveat",
    "dancing-script": "DancingScript",
}

_registering = threading.Lock()


def named(docusign_name: str) -> str:
    """The face for a tab's `font`; what we have no likeness of is drawn sans serif."""
    return _NAMED.get(docusign_name.lower().replace(" ", ""), TEXT)


def register(name: str) -> str:
    """Make the font known to reportlab, once; its name."""
    with _registering:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(path_of(name))))
    return name


def path_of(name: str) -> Path:
    package, _, rest = FILES[name].partition("/")
    return Path(str(resources.files(package))) / rest


def missing(text: str) -> str:
    """The characters that no packaged font can draw, each once."""
    return "".join(dict.fromkeys(c for c in text if not _drawn_by(c, SCRIPTS)))


def drawable(text: str) -> str:
    """What cannot be drawn becomes a visible question mark, never an empty box; lines stay lines."""
    return "".join(c if _drawn_by(c, SCRIPTS) else "?" for c in text.replace("\r\n", "\n"))


def runs(text: str, wanted: str = TEXT) -> list[tuple[str, str]]:
    """The text in pieces of one font each: (font, piece). `wanted` draws what it can, the font of the script the rest.

    Accents and vowel signs stay with their letter; spaces, digits and punctuation with the letters around them.
    """
    order = tuple(dict.fromkeys((wanted, *(HANDWRITING.values() if wanted in HANDWRITING.values() else ()), *SCRIPTS)))
    pieces: list[tuple[str, str]] = []
    waiting = ""  # neutral characters before the first letter
    for cluster in clusters(text):
        last = pieces[-1][0] if pieces else ""
        if not any(c.isalpha() for c in cluster):
            if last and all(_drawn_by(c, (last,)) for c in cluster):
                pieces[-1] = (last, pieces[-1][1] + cluster)
                continue
            if not pieces:
                waiting += cluster
                continue
        font = next((name for name in order if all(_drawn_by(c, (name,)) for c in cluster)), TEXT)
        if waiting and not all(_drawn_by(c, (font,)) for c in waiting):
            pieces.append((TEXT, waiting))
            waiting = ""
        if font == last:
            pieces[-1] = (font, pieces[-1][1] + cluster)
        else:
            pieces.append((font, waiting + cluster))
        waiting = ""
    return [*pieces, (order[0], waiting)] if waiting else pieces


def clusters(text: str) -> Iterator[str]:
    """A letter with the marks and joiners that follow it."""
    cluster = ""
    for c in text:
        if cluster and not (unicodedata.category(c).startswith("M") or is_invisible(c)):
            yield cluster
            cluster = ""
        cluster += c
    if cluster:
        yield cluster


def is_invisible(c: str) -> bool:
    """Steers how its neighbours are drawn, or nothing at all."""
    return unicodedata.category(c) in ("Cf", "Cc") and not c.isspace()


def _drawn_by(c: str, names: tuple[str, ...]) -> bool:
    return c.isspace() or is_invisible(c) or any(ord(c) in _coverage(name) for name in names)


@cache
def _coverage(name: str) -> uharfbuzz.Set:
    """The code points the font has glyphs for. The file is mapped, not read."""
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path_of(name)))).unicodes
