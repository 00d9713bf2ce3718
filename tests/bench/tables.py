"""How the benchmark's figures are printed."""

from collections.abc import Sequence


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]], *notes: str) -> None:
    """A table at once when it is known: the first column to the left, the others to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    print(f"\n{title}")
    for line in lines:
        first, *others = (
            cell.ljust(w) if place == 0 else cell.rjust(w)
            for place, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        print("  " + "  ".join([first, *others]))
    for note in notes:
        print(f"  {note}")
    print(end="", flush=True)
