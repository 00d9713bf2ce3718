"""The certificate of an erasure: what was erased, when, by whom. It can be checked, and names the address by digest."""

import hashlib
import json
import secrets
from typing import Any

from signing.models import Erasure


def new_salt() -> str:
    return secrets.token_hex(16)


def digest_of(email: str, salt: str) -> str:
    """Who has the address can find it again; who has the certificate alone has to guess."""
    return hashlib.sha256(f"{salt}:{email.strip().casefold()}".encode()).hexdigest()


def canonical(facts: dict[str, Any]) -> str:
    """The text that is hashed, as of events (`signing.verify.chain`)."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(erasure: Erasure) -> dict[str, Any]:
    """What the certificate says; raises ValueError when it is not what was signed off."""
    if sha256_of(erasure.certificate) != erasure.sha256:
        raise ValueError("the certificate was changed")
    facts: dict[str, Any] = json.loads(erasure.certificate)
    return facts


def is_about(erasure: Erasure, email: str) -> bool:
    facts = facts_of(erasure)
    return digest_of(email, facts["subject"]["salt"]) == facts["subject"]["digest"]
