"""How often one address may do what an honest person does rarely. Counted in the shared cache, within fixed windows.

Two requests at the same moment may count as one: good enough against guessing, too weak to guard a code. Codes count
their own attempts, in their rows.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Limit:
    """`allowed` times in `seconds`, for each `who`."""

    name: str
    allowed: int
    seconds: int

    def is_reached(self, who: str) -> bool:
        return int(cache.get(self._key(who), 0)) >= self.allowed

    def count(self, who: str) -> None:
        key = self._key(who)
        cache.set(key, int(cache.get(key, 0)) + 1, self.seconds)

    def _key(self, who: str) -> str:
        window = int(timezone.now().timestamp()) // self.seconds
        return f"signing:limit:{self.name}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


WRONG_LINKS = Limit("wrong-links", allowed=20, seconds=600)
WRONG_CODES = Limit("wrong-codes", allowed=20, seconds=3600)
FORMS_BEGUN = Limit("forms-begun", allowed=60, seconds=3600)
FORM_CODES_TO_ONE = Limit("form-codes-to-one", allowed=5, seconds=3600)
CODES_SENT = Limit("codes-sent", allowed=20, seconds=3600)
VERIFICATIONS = Limit("verifications", allowed=60, seconds=600)
