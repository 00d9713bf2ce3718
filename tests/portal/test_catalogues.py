"""Translations are compiled where they are needed, and when they have changed."""

import gettext
import os
from pathlib import Path

from portal.catalogues import compiled


def write_po(source: Path, translation: str) -> Path:
    po = source / "de" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    po.write_text(f'{header}msgid "Good day"\nmsgstr "{translation}"\n')
    return po


def greeting(source: Path, target: Path) -> str:
    catalogue = compiled(source, target) / "de" / "LC_MESSAGES" / "django.mo"
    with catalogue.open("rb") as file:
        return gettext.GNUTranslations(file).gettext("Good day")


def test_a_catalogue_is_compiled_where_there_was_none(tmp_path: Path) -> None:
    write_po(tmp_path / "locale", "Grüß Gott")
    assert greeting(tmp_path / "locale", tmp_path / "made") == "Grüß Gott"


def test_a_changed_one_is_compiled_again_even_if_it_is_older(tmp_path: Path) -> None:
    write_po(tmp_path / "locale", "Grüß Gott")
    greeting(tmp_path / "locale", tmp_path / "made")
    os.utime(write_po(tmp_path / "locale", "Guten Tag"), (1, 1))
    assert greeting(tmp_path / "locale", tmp_path / "made") == "Guten Tag"


def test_an_unchanged_one_is_left_alone(tmp_path: Path) -> None:
    write_po(tmp_path / "locale", "Grüß Gott")
    greeting(tmp_path / "locale", tmp_path / "made")
    made = tmp_path / "made" / "de" / "LC_MESSAGES" / "django.mo"
    before = made.stat().st_ino
    compiled(tmp_path / "locale", tmp_path / "made")
    assert made.stat().st_ino == before


def test_nothing_but_catalogues_is_left_behind(tmp_path: Path) -> None:
    write_po(tmp_path / "locale", "Grüß Gott")
    compiled(tmp_path / "locale", tmp_path / "made")
    assert [path.name for path in (tmp_path / "made").rglob("*") if path.is_file()] == ["django.mo"]


def test_no_translations_are_no_trouble(tmp_path: Path) -> None:
    assert compiled(tmp_path / "absent", tmp_path / "made") == tmp_path / "made"
