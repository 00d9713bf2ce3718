"""Long work that staff ask for from the list: exports, zips, and one deed for many envelopes."""

from .queue import Slice, ask, cancel, prune, run, unfinished

__all__ = ["Slice", "ask", "cancel", "prune", "run", "unfinished"]
