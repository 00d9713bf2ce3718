"""What an anchor states, and how it is hashed over the anchor before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .chain import digest, instant

CHAIN = "anchors"
HEAD_CHARACTERS = 16  # of a hash: enough to tell two apart by no accident


@dataclass(frozen=True, slots=True)
class Statement:
    """Events with ids after `after_event` and up to `last_event`: how many, and the root over their hashes.

    `heads`: of each chain among them its last number then, and the first characters of that event's hash.
    """

    number: int
    at: datetime
    after_event: int
    last_event: int
    count: int
    root: str
    heads: Mapping[str, str]

    def hashed(self, previous_hash: str) -> str:
        return digest([previous_hash, CHAIN, self.as_json()])

    def as_json(self) -> dict[str, Any]:
        """Of `heads` the digest alone: an anchor that is published tells nobody's business."""
        return {
            "number": self.number,
            "at": instant(self.at),
            "after_event": self.after_event,
            "last_event": self.last_event,
            "count": self.count,
            "root": self.root,
            "heads_digest": digest(dict(self.heads)),
        }


def head(number: int, event_hash: str) -> str:
    return f"{number}:{event_hash[:HEAD_CHARACTERS]}"


def number_of(head: str) -> int:
    return int(head.partition(":")[0])
