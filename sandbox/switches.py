"""Behaviour that can be changed while the sandbox runs: every plain value of sandbox/settings.py that is our own."""

from typing import Any

from django.conf import global_settings, settings

from . import settings as written

Value = bool | int | float
FOREIGN = ("WHITENOISE_", "CONTROL_DOOR")
LIMITS = "_LIMIT"  # these have a control of their own


def _is_switch(name: str) -> bool:
    is_ours = (
        name.isupper()
        and not hasattr(global_settings, name)
        and not name.startswith(FOREIGN)
        and not name.endswith(LIMITS)
    )
    return is_ours and isinstance(getattr(written, name), bool | int | float)


DEFAULTS: dict[str, Value] = {name: getattr(written, name) for name in dir(written) if _is_switch(name)}


def current() -> dict[str, Value]:
    return {name: getattr(settings, name) for name in DEFAULTS}


def change(wanted: dict[str, Any]) -> None:
    """All of them or none. Raises ValueError, a sentence saying which one is wrong."""
    for name, value in wanted.items():
        if name not in DEFAULTS:
            raise ValueError(f"{name} is not a setting; there are {', '.join(sorted(DEFAULTS))}")
        is_flag = isinstance(DEFAULTS[name], bool)
        if is_flag and not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false")
        if not is_flag and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**12):
            raise ValueError(f"{name} must be a number of at least 0")
    for name, value in wanted.items():
        setattr(settings, name, value)


def reset() -> None:
    change(DEFAULTS)
