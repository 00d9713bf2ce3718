"""A root over many events, and the way from one of them up to it."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from signing.verify import merkle

HASHES = st.integers(1, 70).map(lambda n: [hashlib.sha256(str(i).encode()).hexdigest() for i in range(n)])


@given(HASHES, st.data())
def test_every_leaf_finds_its_way_to_the_root(hashes: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(hashes) - 1))
    assert merkle.root_by(hashes[place], merkle.path(hashes, place)) == merkle.root(hashes)


@given(HASHES, st.data())
def test_another_leaf_does_not(hashes: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(hashes) - 1))
    assert merkle.root_by("f" * 64, merkle.path(hashes, place)) != merkle.root(hashes)


@given(HASHES, st.data())
def test_any_change_makes_another_root(hashes: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(hashes) - 1))
    how = data.draw(st.sampled_from(["flip", "drop", "twice", "swap"]))
    changed = list(hashes)
    if how == "flip":
        changed[place] = "f" * 64
    elif how == "drop":
        del changed[place]
    elif how == "twice":
        changed.insert(place, changed[place])
    else:
        changed = changed[place:] + changed[:place]
    assert (merkle.root(changed) == merkle.root(hashes)) == (changed == hashes)
