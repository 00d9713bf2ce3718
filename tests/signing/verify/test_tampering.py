"""Whatever is done to a bundle, the verifier finds it: in a process without Django, and in this one many times over."""

import copy
import hashlib
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.verify import manifest
from signing.verify.bundle import check
from signing.verify.chain import FIRST, digest, event_hash
from signing.verify.manifest import Entry, Manifest

from .bundles import Entries, judge, packed, unpacked

NAME = "envelope:7"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KINDS = ("drafted", "sent", "recipient_status", "document_stored", "status", "downloaded")
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
in_a_process = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def events() -> list[dict[str, Any]]:
    """A sound chain."""
    rows: list[dict[str, Any]] = []
    previous = FIRST
    for number, kind in enumerate(KINDS, start=1):
        details = {"actor": "Ann Bee", "ip": "192.0.2.1", "data": {"n": number}, "salt": f"{number:032x}"}
        event = {
            "number": number,
            "at": f"2026-05-04T10:0{number}:00.000000Z",
            "kind": kind,
            "actor_kind": "recipient",
            "about": "recipient:1",
            "details_digest": digest(details),
        }
        row = {"event": event, "previous_hash": previous, "hash": event_hash(previous, NAME, event), "details": details}
        rows.append(row)
        previous = str(row["hash"])
    return rows


def contents(rows: list[dict[str, Any]]) -> Entries:
    facts: dict[str, Any] = {"signed_documents": [], "envelope": {"subject": "Лист"}}
    return [
        (manifest.README, b"Read me."),
        (manifest.PAGE, b"<!doctype html><title>Proof</title>"),
        (manifest.FACTS, json.dumps(facts).encode()),
        (manifest.EVENTS, json.dumps({"chain": NAME, "events": rows}).encode()),
        (manifest.PUBLIC_KEY, manifest.pem_of(KEY.public_key())),
        ("as sent/01 Vertrag über Äpfel.pdf", b"%PDF-1.7 not looked into: it was not signed"),
    ]


def signed(entries: Entries, rows: list[dict[str, Any]], key: Ed25519PrivateKey = KEY, **said: Any) -> bytes:
    """As the portal would: of whatever is in it, by whoever has the key."""
    usual: dict[str, Any] = {
        "made_at": "2026-05-04T12:00:00Z",
        "portal": "https://sign.example.com",
        "key_id": manifest.key_id_of(key.public_key()),
        "chain_name": NAME,
        "chain_count": len(KINDS),
        "chain_head": events()[-1]["hash"],
        "entries": tuple(Entry(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in entries),
    }
    listed = manifest.write(Manifest(**usual | said))
    return packed([*entries, (manifest.MANIFEST, listed), (manifest.SIGNATURE, manifest.sign(listed, key))])


def sound() -> bytes:
    return signed(contents(events()), events())


SOUND = sound()
ENTRIES = unpacked(SOUND)


def is_valid(bundle: bytes, folder: Path) -> bool:
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    return check(path).is_valid


def flipped(content: bytes, position: int, mask: int) -> bytes:
    changed = bytearray(content)
    changed[position % len(content)] ^= mask
    return bytes(changed)


@st.composite
def with_a_flipped_byte(draw: st.DrawFn) -> bytes:
    entries = list(ENTRIES)
    index = draw(st.integers(0, len(entries) - 1))
    name, content = entries[index]
    entries[index] = (name, flipped(content, draw(st.integers(0, len(content) - 1)), draw(st.integers(1, 255))))
    return packed(entries)


@st.composite
def with_other_entries(draw: st.DrawFn) -> bytes:
    """Dropped, added, renamed, put elsewhere, exchanged."""
    entries = list(ENTRIES)
    index, other = draw(st.permutations(range(len(entries))))[:2]
    deed = draw(st.sampled_from(["drop", "insert", "rename", "move", "exchange", "cut", "extend"]))
    name, content = entries[index]
    if deed == "drop":
        del entries[index]
    elif deed == "insert":
        entries.insert(index, (draw(st.sampled_from(["verify.py", "as sent/02 x.pdf", "manifest.json.bak"])), content))
    elif deed == "rename":
        entries[index] = (f"{name}{draw(st.sampled_from(['x', '.exe', '​']))}", content)
    elif deed == "move":
        entries.insert(other, entries.pop(index))
    elif deed == "exchange":
        entries[index], entries[other] = (name, entries[other][1]), (entries[other][0], content)
    else:
        entries[index] = (name, content[:-1] if deed == "cut" else content + b" ")
    return packed(entries)


@st.composite
def with_other_events(draw: st.DrawFn) -> bytes:
    """The timeline changed by somebody who has the portal's key and signs it all anew, but not the chain."""
    rows = copy.deepcopy(events())
    index, other = draw(st.permutations(range(len(rows))))[:2]
    deed = draw(st.sampled_from(["drop", "repeat", "move", "exchange", "kind", "at", "details", "actor_kind", "about"]))
    row = rows[index]
    if deed == "drop":
        del rows[index]
    elif deed == "repeat":
        rows.insert(other, copy.deepcopy(row))
    elif deed == "move":
        rows.insert(other, rows.pop(index))
    elif deed == "exchange":
        rows[index], rows[other] = rows[other], rows[index]
    elif deed == "details":
        row["details"]["actor"] = "Eve"
    else:
        row["event"][deed] += "x"
    return signed(contents(rows), rows)


def test_the_sound_bundle_is_valid(tmp_path: Path) -> None:
    assert is_valid(SOUND, tmp_path)


@pytest.mark.parametrize("changes", [with_a_flipped_byte, with_other_entries, with_other_events])
def test_any_change_is_found(changes: Callable[[], st.SearchStrategy[bytes]], tmp_path: Path) -> None:
    @often
    @given(changes())
    def found(bundle: bytes) -> None:
        assert bundle == SOUND or not is_valid(bundle, tmp_path)

    found()


@pytest.mark.parametrize("changes", [with_a_flipped_byte, with_other_entries, with_other_events])
def test_any_change_is_found_by_a_process_without_django(
    changes: Callable[[], st.SearchStrategy[bytes]], tmp_path: Path
) -> None:
    @in_a_process
    @given(changes())
    def found(bundle: bytes) -> None:
        path = tmp_path / "bundle.zip"
        path.write_bytes(bundle)
        judgement = judge(path, "--json")
        assert bundle == SOUND or (judgement.code == 1 and judgement.findings and not judgement.error)

    found()


@often
@given(position=st.integers(0, len(SOUND) - 1), mask=st.integers(1, 255))
def test_a_byte_flipped_anywhere_in_the_file_harms_no_content_unseen(
    position: int, mask: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What the zip says of times and systems may change; then every entry is still what it was."""
    folder = tmp_path_factory.getbasetemp()
    changed = flipped(SOUND, position, mask)
    if is_valid(changed, folder):
        assert unpacked(changed) == ENTRIES


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"chain_count": len(KINDS) - 1}, "chain_end"),
        ({"chain_head": "f" * 64}, "chain_end"),
        ({"chain_name": "envelope:8"}, "chain"),
        ({"key_id": "0" * 32}, "signature"),
    ],
)
def test_a_manifest_that_fits_not_is_found(change: dict[str, Any], code: str, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(signed(contents(events()), events(), **change))
    assert code in {found for level, found, _text in check(path).findings if level == "wrong"}


def test_events_cut_off_at_the_end_are_missed(tmp_path: Path) -> None:
    rows = events()[:-2]
    assert not is_valid(signed(contents(rows), rows), tmp_path)


def test_erased_details_are_told_and_harm_nothing(tmp_path: Path) -> None:
    rows = events()
    rows[1]["details"] = None
    path = tmp_path / "bundle.zip"
    path.write_bytes(signed(contents(rows), rows))
    report = check(path)
    assert report.is_valid
    assert "erased" in {code for _level, code, _text in report.findings}


def test_a_bundle_signed_by_a_strangers_key_is_found_once_the_published_key_is_given(tmp_path: Path) -> None:
    entries = [
        (n, manifest.pem_of(OTHER.public_key()) if n == manifest.PUBLIC_KEY else c) for n, c in contents(events())
    ]
    path = tmp_path / "bundle.zip"
    path.write_bytes(signed(entries, events(), OTHER))
    report = check(path)
    assert "key_unchecked" in {code for _level, code, _text in report.findings}
    assert not check(path, [manifest.pem_of(KEY.public_key())]).is_valid


def test_a_number_that_claims_that_millions_are_missing_costs_no_time(tmp_path: Path) -> None:
    rows = events()
    rows[-1]["event"]["number"] = 10**15
    assert not is_valid(signed(contents(rows), rows), tmp_path)


def test_a_signed_document_that_was_deleted_since_is_no_fault(tmp_path: Path) -> None:
    gone = {"signed_documents": [{"kind": "combined", "entry": None}, "rubbish"]}
    entries = [(n, json.dumps(gone).encode() if n == manifest.FACTS else c) for n, c in contents(events())]
    assert is_valid(signed(entries, events()), tmp_path)


def test_a_signed_document_that_is_only_claimed_is_missed(tmp_path: Path) -> None:
    claimed = {"signed_documents": [{"kind": "combined", "entry": "nowhere.pdf"}]}
    entries = [(n, json.dumps(claimed).encode() if n == manifest.FACTS else c) for n, c in contents(events())]
    assert not is_valid(signed(entries, events()), tmp_path)


def test_a_given_key_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(SOUND)
    assert [code for _level, code, _text in check(path, [b"no key"]).findings] == ["key_unreadable"]


# Files that were made to harm the reader


def hostile(name: str, content: bytes = b"x", **traits: Any) -> bytes:
    """The sound bundle with one entry more, of a kind that zip tools make only on purpose."""
    buffer = io.BytesIO(SOUND)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        for trait, value in traits.items():
            setattr(entry, trait, value)
        archive.writestr(entry, content)
    return buffer.getvalue()


def overwritten(bundle: bytes, field: str, value: int) -> bytes:
    """Lies in the directory at the end."""
    at = {"entries": 10, "directory": 12, "offset": 16}[field]
    width = "<H" if field == "entries" else "<L"
    changed = bytearray(bundle)
    struct.pack_into(width, changed, len(changed) - 22 + at, value)
    return bytes(changed)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("manifest.json", "w") as target:
        for _ in range(80):
            target.write(b" " * 1024 * 1024)
    return buffer.getvalue()


def with_a_lying_size() -> bytes:
    """The directory says that an entry is 4 GB."""
    changed = bytearray(SOUND)
    struct.pack_into("<L", changed, SOUND.index(b"PK\x01\x02") + 24, 0xFFFFFFF0)
    return bytes(changed)


def twice(name: str) -> bytes:
    with warnings.catch_warnings(action="ignore"):  # zipfile, of the second of that name
        return hostile(name)


HOSTILE = {
    "nothing": b"",
    "no zip": b"This is a letter, and no zip.",
    "a way out": hostile("../../etc/cron.d/x"),
    "an absolute name": hostile("/etc/passwd"),
    "a drive": hostile("C:\\x"),
    "a folder": hostile("as sent/"),
    "a second name": hostile("README.TXT"),
    "twice the same": twice("README.txt"),
    "a link": hostile("link", b"/etc/passwd", external_attr=0o120777 << 16),
    "a name that runs backwards": hostile("fdp‮.exe"),
    "something in front": b"MZ\x90\x00" + SOUND,
    "something behind": SOUND + b"#!/bin/sh",
    "a remark": SOUND[:-2] + struct.pack("<H", 4) + b"note",
    "too many entries": overwritten(SOUND, "entries", 60_000),
    "a huge directory": overwritten(SOUND, "directory", 2**31),
    "a directory elsewhere": overwritten(SOUND, "offset", 5),
    "a bomb": bomb(),
    "a lying size": with_a_lying_size(),
    "cut in half": SOUND[: len(SOUND) // 2],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    judgement = judge(path, "--json")
    assert (judgement.code, set(judgement.findings), judgement.error) == (1, {"unreadable"}, "")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert judge(tmp_path / "none.zip", "--json").findings


def test_names_out_of_a_bundle_do_not_steer_the_terminal(tmp_path: Path) -> None:
    entries = [*contents(events()), ("as sent/02 \u200b\u0085[2J.pdf", b"x")]
    path = tmp_path / "bundle.zip"
    path.write_bytes(signed(entries, events()))
    assert "\u0085" not in judge(path).out
