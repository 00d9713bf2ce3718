"""Long work that staff ask for from the list: exports, zips, one deed for many envelopes, large hand-overs."""

from .queue import Slice, ask, cancel, prune, run, unfinished

__all__ = ["Slice", "ask", "cancel", "prune", "run", "unfinished"]
