"""One hash over many events, and the proof that one of them is among them. Pure, as RFC 6962 hashes its trees.

Leaves are the hashes of events in the order of their writing. A bundle can hold the path of an envelope's last event up
to the root, and so be held against an anchor without anybody else's events.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").hexdigest()  # of no leaves at all


def leaf(event_hash: str) -> bytes:
    return hashlib.sha256(b"\0" + event_hash.encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root(event_hashes: Iterable[str]) -> str:
    """Keeps no more than a hash per level, however many there are."""
    whole: list[tuple[int, bytes]] = []  # full subtrees from left to right: how many leaves, hash
    for event_hash in event_hashes:
        whole.append((1, leaf(event_hash)))
        while len(whole) > 1 and whole[-1][0] == whole[-2][0]:
            size, right = whole.pop()
            whole[-1] = (size * 2, node(whole[-1][1], right))
    if not whole:
        return EMPTY
    top = whole.pop()[1]
    while whole:
        top = node(whole.pop()[1], top)
    return top.hex()


def path(event_hashes: Sequence[str], place: int) -> list[list[str]]:
    """What the leaf at `place` is hashed with on its way up: [["left" or "right", hash], …]."""
    return [[side, other.hex()] for side, other in _path([leaf(one) for one in event_hashes], place)]


def root_by(event_hash: str, steps: Iterable[Sequence[str]]) -> str:
    """The root that a leaf and its path lead to."""
    top = leaf(event_hash)
    for side, other in steps:
        top = node(bytes.fromhex(other), top) if side == "left" else node(top, bytes.fromhex(other))
    return top.hex()


def _path(leaves: Sequence[bytes], place: int) -> list[tuple[str, bytes]]:
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)  # the largest power of two below
    if place < split:
        return [*_path(leaves[:split], place), ("right", _top(leaves[split:]))]
    return [*_path(leaves[split:], place - split), ("left", _top(leaves[:split]))]


def _top(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(_top(leaves[:split]), _top(leaves[split:]))
