"""Where a document itself asks for something: "Signature ____", "Date:", "Name:", "☐". No Django here.

Suggestions are offered, never placed. Better too few than too many: each one is a decision for a person.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# What the words before a gap ask for; the first that fits. English, and the neighbours' words where they are plain.
WORDS = (
    ("initial_here", r"initials?|paraphe|iniciales|kürzel"),
    ("sign_here", r"sign(ature|ed)?( here)?|unterschrift|firma|assinatura|handtekening|podpis|by|sign here"),
    ("date_signed", r"dated?( signed)?|datum|fecha|data"),
    ("email_address", r"e-?mail( address)?|correo"),
    ("company", r"company|organi[sz]ation|firm|employer|unternehmen|société|empresa|azienda"),
    ("title", r"(job )?title|position|role|funktion|fonction|cargo"),
    ("full_name", r"(print(ed)? |full |your )?name|nom|nombre|nome|naam"),
    ("number", r"amount|number|no\.|total|betrag"),
    ("text", r"address|phone|telephone|city|place|reason|comments?|adresse|ort|lieu"),
)
GAP = r"[_.…‥·]{4,}|_{3,}"
BOX = r"[☐□❏▢]|\[ ?\]"
_ASKING = re.compile(rf"(?P<words>[^\W\d_][^:_☐□❏▢\[\]…]{{0,40}}?)\s*(?:(?P<colon>:)\s*)?(?P<gap>{GAP})")
_OPEN = re.compile(r"(?P<words>[^\W\d_][^:_☐□❏▢\[\]…]{0,40}?)\s*:(?=\s|$)")
_BOX = re.compile(BOX)
_TELLING = re.compile(rf"{GAP}|:(?:\s|$)|{BOX}")
_WORDS = [(kind, re.compile(rf"(?:^|.*\W)(?:{words})\W*$", re.IGNORECASE)) for kind, words in WORDS]

SIZES = {"sign_here": (120, 36), "initial_here": (48, 30), "checkbox": (15, 15), "date_signed": (84, 16)}
HEIGHT, WIDTH = 18, 140
BESIDE = 6  # px between words and what stands beside them
SMALLEST_ROOM = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field that may be wanted here; positions as in `pdf_jobs`."""

    page: int
    kind: str
    x: int
    y: int
    width: int
    height: int
    reason: str  # the words that ask for it


def is_telling(line: str) -> bool:
    """May this line ask for something? Quick, for it is put to every line of the document."""
    return bool(_TELLING.search(line))


def suggest(lines: Iterable[Mapping[str, Any]], page_sizes: Sequence[Sequence[float]]) -> list[dict[str, Any]]:
    """`lines` as `pdf_jobs` tells them. In reading order; what would overlap an earlier one is left out."""
    taken: list[Suggestion] = []
    for line in lines:
        page = int(line["page"])
        if page > len(page_sizes):
            continue
        for suggestion in _of_line(page, line["text"], line["boxes"], page_sizes[page - 1]):
            if not any(_overlap(suggestion, other) for other in taken if other.page == page):
                taken.append(suggestion)
    return [asdict(suggestion) for suggestion in sorted(taken, key=lambda s: (s.page, s.y, s.x))]


def kind_for(words: str) -> str:
    """The kind of field that these words ask for; empty when they ask for nothing known."""
    return next((kind for kind, pattern in _WORDS if pattern.match(words.strip())), "")


def _of_line(page: int, text: str, boxes: Sequence[Any], size: Sequence[float]) -> list[Suggestion]:
    found = []
    for match in _ASKING.finditer(text):
        kind = kind_for(match["words"]) or "text"
        if gap := _common(boxes[match.start("gap") : match.end("gap")]):
            found.append(_on_line(page, kind, gap, match["words"]))
    for match in _BOX.finditer(text):
        if box := _common(boxes[match.start() : match.end()]):
            after = text[match.end() :].strip()
            found.append(_centred(page, box, after[:60]))
    if not found:
        for match in _OPEN.finditer(text):
            words = _common(boxes[match.start() : match.end()])
            kind = kind_for(match["words"])
            if kind and words and (room := _room_after(words, boxes[match.end() :], size[0])) >= SMALLEST_ROOM:
                found.append(_beside(page, kind, words, match["words"], room))
    return found


def _room_after(words: Sequence[float], following: Sequence[Any], page_width: float) -> float:
    """Up to the next letter of the line, or to the edge of the page."""
    end = next((box[0] for box in following if box), page_width - BESIDE)
    return float(end - words[2] - 2 * BESIDE)


def _on_line(page: int, kind: str, gap: Sequence[float], words: str) -> Suggestion:
    """Standing on the gap's line, no wider than it."""
    width, height = SIZES.get(kind, (WIDTH, HEIGHT))
    room = max(round(gap[2] - gap[0]), 30)
    width = min(width, room) if kind in SIZES else room
    if kind in ("sign_here", "initial_here"):
        full_width, full_height = SIZES[kind]
        width = max(width, full_width // 2)
        height = round(full_height * width / full_width)
    return Suggestion(page, kind, round(gap[0]), max(0, round(gap[3]) - height), width, height, words.strip())


def _beside(page: int, kind: str, words: Sequence[float], reason: str, room: float) -> Suggestion:
    width, height = SIZES.get(kind, (WIDTH, HEIGHT))
    x = round(words[2]) + BESIDE
    if kind not in ("sign_here", "initial_here"):
        width = min(width, int(room))
    y = max(0, round((words[1] + words[3]) / 2 - height / 2))
    return Suggestion(page, kind, x, y, width, height, reason.strip())


def _centred(page: int, box: Sequence[float], reason: str) -> Suggestion:
    width, height = SIZES["checkbox"]
    x, y = round((box[0] + box[2] - width) / 2), round((box[1] + box[3] - height) / 2)
    return Suggestion(page, "checkbox", max(0, x), max(0, y), width, height, reason)


def _common(boxes: Iterable[Any]) -> tuple[float, float, float, float] | None:
    known = [box for box in boxes if box]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _overlap(one: Suggestion, other: Suggestion) -> bool:
    apart = (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )
    return not apart
