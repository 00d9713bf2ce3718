"""Addresses whose mail comes back: every one at a domain that begins with `bounce.`, and those ordered by the control
door until the next reset.
"""

import threading

DOMAIN = "bounce."

_lock = threading.Lock()
_ordered: set[str] = set()


def order(email: str) -> None:
    with _lock:
        _ordered.add(email.strip().lower())


def ordered() -> list[str]:
    with _lock:
        return sorted(_ordered)


def forget(email: str = "") -> None:
    """This one, or all."""
    with _lock:
        if email:
            _ordered.discard(email.strip().lower())
        else:
            _ordered.clear()


def comes_back(email: str) -> bool:
    address = email.strip().lower()
    return address.rpartition("@")[2].startswith(DOMAIN) or address in ordered()
