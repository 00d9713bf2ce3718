"""Who changes the environment leaves a word, too: which settings changed, and no value."""

import json

import pytest
from pytest_django.fixtures import Settings

from signing import settings_watch
from signing.models import EnvelopeEvent, PortalKind

pytestmark = pytest.mark.django_db


def told() -> list[list[str]]:
    rows = EnvelopeEvent.objects.filter(kind=PortalKind.SETTINGS_CHANGED).order_by("number")
    return [row.data["names"] for row in rows]


def test_the_first_look_is_noted_and_the_second_finds_nothing() -> None:
    assert settings_watch.note_changes() == []
    assert settings_watch.note_changes() == []
    assert told() == [[]]


def test_a_changed_setting_is_named_once_and_its_value_never(settings: Settings) -> None:
    settings_watch.note_changes()
    settings.EXPIRE_AFTER_DAYS = 77
    settings.DOCUSIGN_PRIVATE_KEY = "a very secret key"
    assert settings_watch.note_changes() == ["DOCUSIGN_PRIVATE_KEY", "EXPIRE_AFTER_DAYS"]
    assert settings_watch.note_changes() == []
    assert "secret key" not in json.dumps(list(EnvelopeEvent.objects.values_list("data", flat=True)))


def test_another_secret_key_hides_no_other_change_while_it_knows_the_former(settings: Settings) -> None:
    settings_watch.note_changes()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    settings.QUIET_HOURS = None
    assert settings_watch.note_changes() == ["QUIET_HOURS", "SECRET_KEY", "SECRET_KEY_FALLBACKS"]


def test_digests_hang_on_the_key_alone(settings: Settings) -> None:
    key = settings.SECRET_KEY
    assert settings_watch.digests(key) == settings_watch.digests(key)
    assert settings_watch.digests(key) != settings_watch.digests("other")
