"""The catalogues of all languages hold every text that a signer may read, and none that only staff read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != "en"]
STAFF_TEMPLATES = {"403.html", "consent_return.html"}
STAFF_VIEWS = {"consent.py"}
MARKERS = ("_", "gettext", "gettext_lazy", "ngettext")
LATIN_FREE = {"ar", "he", "ja", "uk"}


def code_files() -> list[Path]:
    alone = [ROOT / "signing" / name for name in ("letters.py", "form_codes.py", "forms/entry.py")]
    views = sorted((ROOT / "signing" / "views").glob("*.py"))
    return [*alone, *(view for view in views if view.name not in STAFF_VIEWS)]


def templates() -> list[Path]:
    folder = ROOT / "templates"
    found = [
        *folder.glob("*.html"),
        *(page for name in ("errors", "mail", "signing", "signing/forms") for page in folder.glob(f"{name}/*.*")),
    ]
    return [page for page in sorted(found) if page.name not in STAFF_TEMPLATES]


def texts_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKERS:
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def texts_of_template(path: Path) -> Iterator[str]:
    """`templatize` turns a template into calls of gettext between the remains of its text."""
    for call in re.findall(
        r"n?gettext\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[, ]|count|n)*\)", templatize(path.read_text())
    ):
        yield from texts_in(call)


def texts() -> set[str]:
    found = {text for path in code_files() for text in texts_in(path.read_text())}
    return found | {text for path in templates() for text in texts_of_template(path)}


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|</?bdi>", text))


def forms_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_text_of_the_signers_and_no_other(language: str) -> None:
    held = {text for entry in catalogue(language) for text in (entry.msgid, entry.msgid_plural) if text}
    assert len(held) > 150
    assert texts() - held == set(), "run `make messages` and translate"
    assert held - texts() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_untranslated_or_in_doubt(language: str) -> None:
    left = [entry.msgid for entry in catalogue(language) if entry.fuzzy or not all(forms_of(entry))]
    assert left == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_there_is_a_form_for_every_number(language: str) -> None:
    translations = catalogue(language)
    match = re.search(r"nplurals=(\d)", translations.metadata["Plural-Forms"])
    assert match
    plurals = [entry for entry in translations if entry.msgid_plural]
    assert plurals
    assert {len(entry.msgstr_plural) for entry in plurals} == {int(match[1])}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_placeholder_is_lost_or_made_up(language: str) -> None:
    """A form for one number alone may do without it: "two pages"."""
    for entry in catalogue(language):
        for form in forms_of(entry):
            expected = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
            assert placeholders(form) <= expected, form
            assert entry.msgid_plural or placeholders(form) == expected, form


@pytest.mark.parametrize("language", sorted(LATIN_FREE))
def test_no_english_sentence_was_left_standing(language: str) -> None:
    for entry in catalogue(language):
        for form in forms_of(entry):
            words = re.sub(r"%\(\w+\)s|</?bdi>|PDF", "", form)
            assert not re.search(r"[A-Za-z]{2,}", words), form
