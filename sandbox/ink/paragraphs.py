"""Text that flows down a page, in any script: for documents made here, such as the certificate of completion."""

from reportlab.platypus import Flowable

from sandbox import fonts

from .text import ASCENT, LEADING, Style, draw_line, lines_of

SPACING = 1.06  # between lines, beyond what letters need


class Paragraph(Flowable):
    def __init__(self, text: str, style: Style) -> None:
        super().__init__()
        self.text = fonts.drawable(text)
        self.style = style
        self.leading = style.size * LEADING * SPACING
        self.lines: list[str] = []

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.lines = lines_of(self.text, self.style, available_width)
        return available_width, len(self.lines) * self.leading

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        self.wrap(available_width, available_height)
        fitting = int(available_height // self.leading)
        if fitting < 1:
            return []
        parts = (self.lines[:fitting], self.lines[fitting:])
        return [Paragraph("\n".join(lines), self.style) for lines in parts if lines]

    def draw(self) -> None:
        top = len(self.lines) * self.leading
        for number, line in enumerate(self.lines):
            draw_line(self.canv, 0, top - number * self.leading - self.style.size * ASCENT * SPACING, line, self.style)
