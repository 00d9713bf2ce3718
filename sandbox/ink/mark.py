"""One thing to draw, free of the database: a tab's place and value, and its signer's signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Strokes = Sequence[Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Signature:
    """What a recipient adopted. A drawing wins over an image, an image over typed letters.

    `reference` is printed with it, so that a signature on paper leads back to its recipient.
    """

    name: str = ""
    initials: str = ""
    style: str = ""
    strokes: Strokes = ()
    initials_strokes: Strokes = ()
    image: bytes = b""
    initials_image: bytes = b""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` is the tab's group; places in points from the top left of the page as displayed."""

    kind: str
    page: int
    x: float
    y: float
    width: float
    height: float
    value: str
    data: Mapping[str, Any] = field(default_factory=dict)
    signature: Signature = Signature()
