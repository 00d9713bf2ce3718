"""What can be wrong with an uploaded sheet as a whole."""


class SheetRefusedError(Exception):
    """Its text is a sentence for staff: what is wrong with the file, and what to do."""
