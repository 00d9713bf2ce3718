"""Settings come from the environment, where nobody has to say who changes them: what changed is told afterwards.

Names are told, values never: kept are keyed digests, which tell nothing without SECRET_KEY.
"""

import hashlib
import hmac
import json
from typing import Any

from django.conf import global_settings, settings

from . import events
from .models import EnvelopeEvent, PortalKind

ABOUT = "settings"
KEY = "SECRET_KEY"
# Made by the code or at every start, and changed by nobody's environment.
UNWATCHED = frozenset(
    "CACHES CELERY_TASK_QUEUES CELERY_TASK_ROUTES DATABASES INSTALLED_APPS LOCALE_PATHS LOGGING LOGGING_CONFIG "
    "MIDDLEWARE SETTINGS_MODULE STORAGES TEMPLATES UNFOLD".split()
)


def note_changes() -> list[str]:
    """Compare this process's settings with those last noted; record the names of those that differ."""
    last = EnvelopeEvent.objects.of_chain(None).filter(about=ABOUT, kind=PortalKind.SETTINGS_CHANGED)
    before: dict[str, str] = (last.order_by("-number").values_list("data__digests", flat=True).first()) or {}
    now = digests(settings.SECRET_KEY)
    if before and before.get(KEY) != now[KEY]:
        changed = {KEY, *_changed_under_a_former_key(before)}
    else:
        changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    if changed:
        events.record_portal(
            PortalKind.SETTINGS_CHANGED, about=ABOUT, names=sorted(changed) if before else [], digests=now
        )
    return sorted(changed) if before else []


def digests(key: str) -> dict[str, str]:
    """Of every setting that is ours, under one key."""
    names = [name for name in dir(settings) if name.isupper() and not _is_djangos_default(name)]
    return {name: _digest(key, name) for name in sorted(names) if name not in UNWATCHED} | {
        "DATABASE": _keyed(key, "DATABASE", [str(settings.DATABASES["default"].get(one)) for one in DATABASE_KEYS])
    }


DATABASE_KEYS = ("ENGINE", "NAME", "HOST", "PORT", "USER", "PASSWORD")


def _is_djangos_default(name: str) -> bool:
    return hasattr(global_settings, name) and getattr(global_settings, name) == getattr(settings, name)


def _changed_under_a_former_key(before: dict[str, str]) -> set[str]:
    for key in settings.SECRET_KEY_FALLBACKS:
        then = digests(key)
        if _digest(key, KEY, key) == before.get(KEY):
            return {name for name in then if name != KEY and then[name] != before.get(name)}
    return set()


def _digest(key: str, name: str, value: Any = None) -> str:
    return _keyed(key, name, getattr(settings, name) if value is None else value)


def _keyed(key: str, name: str, value: object) -> str:
    text = json.dumps([name, value], default=_spelled, sort_keys=True)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def _spelled(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
