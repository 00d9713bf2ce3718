"""The adopted signature: a name and initials, in a style or drawn."""

import json
import math
from collections.abc import Mapping
from typing import Any

from sandbox import fonts
from sandbox.drawing import STROKE_BOX

MAX_NAME = 100
MAX_INITIALS = 10
MAX_POINTS = 20_000


def signature_in(form: Mapping[str, str]) -> dict[str, Any]:
    """`{name, initials, style, strokes}`, or nothing while none was adopted."""
    name = " ".join(form.get("signature-name", "").split())[:MAX_NAME]
    initials = " ".join(form.get("signature-initials", "").split())[:MAX_INITIALS]
    if not name or not initials:
        return {}
    style = form.get("signature-style", "")
    return {
        "name": name,
        "initials": initials,
        "style": style if style in fonts.HANDWRITING else next(iter(fonts.HANDWRITING)),
        "strokes": _strokes(form.get("signature-strokes", "")),
    }


def is_same(given: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Then what the kept one has beyond a form, its pictures, stays (`signature_image`)."""
    return all((kept.get(name) or "") == (given[name] or "") for name in ("name", "initials", "style", "strokes"))


def initials_of(name: str) -> str:
    return "".join(word[0] for word in name.split()[:3]).upper()[:MAX_INITIALS]


def _strokes(text: str) -> list[list[list[float]]]:
    """`[[[x, y], …], …]` within the pad's 300 × 100 units; anything else counts as not drawn."""
    if not text:
        return []
    try:
        strokes = [
            [[_within(x, STROKE_BOX[0]), _within(y, STROKE_BOX[1])] for x, y in stroke] for stroke in json.loads(text)
        ]
    except (ValueError, TypeError, RecursionError):
        return []
    return [stroke for stroke in strokes if stroke] if sum(map(len, strokes)) <= MAX_POINTS else []


def _within(value: Any, limit: float) -> float:
    number = float(value)
    if math.isnan(number):
        raise ValueError("not a number")
    return round(min(max(number, 0.0), limit), 1)


def svg_path(strokes: Any) -> str:
    """Vector strokes of the signature pad as SVG path data."""
    parts = []
    for stroke in strokes or []:
        points = [f"{x:g} {y:g}" for x, y in stroke]
        parts.append(f"M{points[0]} L{' '.join(points[1:] or points)}")
    return " ".join(parts)
