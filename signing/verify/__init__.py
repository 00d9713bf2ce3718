"""Telling whether evidence is intact. Pure Python: no Django, no database, no network."""
