"""Which letters can be drawn as a signature: those of the scripts that Docusign's signing pages are offered in.

Its list of languages (definition recipientEmailNotification, supportedLanguage) knows these scripts and no others.
"""

import unicodedata

SCRIPTS = frozenset(
    "LATIN GREEK CYRILLIC ARABIC HEBREW DEVANAGARI THAI CJK IDEOGRAPHIC HIRAGANA KATAKANA HALFWIDTH FULLWIDTH HANGUL "
    "KATAKANA-HIRAGANA MODIFIER COMBINING FEMININE MASCULINE".split()
)
INVISIBLE = "‌‍‎‏"  # joiners and marks of direction, which some names need
MOST_SHOWN = 10


def undrawable(name: str) -> str:
    """The characters that may become empty boxes, each once; emojis and control characters among them."""
    found = dict.fromkeys(character for character in name if not _is_drawable(character))
    return " ".join(_shown(character) for character in list(found)[:MOST_SHOWN])


def _is_drawable(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] in "PZ" or category == "Nd" or character in INVISIBLE:
        return True
    if category[0] not in "LM":
        return False
    return unicodedata.name(character, "").split(" ")[0] in SCRIPTS


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
