"""A bundle, checked from the outside in: the zip, the signature, every entry, the chain of events, the seals."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from . import chain, manifest, seals
from .container import BrokenError, Container, opened
from .manifest import EVENTS, FACTS, MANIFEST, NEEDED, PUBLIC_KEY, SIGNATURE, Manifest
from .reports import Report

ADVICE = "the address that the bundle names may be made up as well"
MOST_FAULTS = 50
STORED = "document_stored"  # the kind of event that tells the hash of what came back signed


def check(path: Path, trusted: Sequence[bytes] = ()) -> Report:
    """`trusted`: public keys (PEM) that the portal has published. Never raises for what stands in the file."""
    report = Report()
    try:
        given = [manifest.key_id_of(manifest.load_key(pem)) for pem in trusted]
    except BrokenError:
        report.wrong("key_unreadable", "a key that you gave is no Ed25519 public key in PEM form")
        return report
    try:
        with opened(path) as container:
            _check(container, given, report)
    except BrokenError as error:
        report.wrong("unreadable", f"{path.name}: {error}")
    return report


def _check(container: Container, given: Sequence[str], report: Report) -> None:
    listed = _check_signature(container, given, report)
    _check_entries(container, listed, report)
    if not report.is_valid:
        return  # what follows would only say again that something was changed
    facts = manifest.as_object(container.text(FACTS), FACTS)
    events = manifest.as_object(container.text(EVENTS), EVENTS)
    _check_chain(events, listed, report)
    signed = _signed_documents(facts)
    _check_stored(events, signed, listed, report)
    seals.check(container, list(signed.values()), report)


def _check_signature(container: Container, given: Sequence[str], report: Report) -> Manifest:
    content = container.text(MANIFEST)
    listed = manifest.read(content)
    key = manifest.load_key(container.text(PUBLIC_KEY))
    key_id = manifest.key_id_of(key)
    if not manifest.is_signed(content, container.text(SIGNATURE), key) or key_id != listed.key_id:
        report.wrong("signature", f"the signature under {MANIFEST} does not hold")
        return listed
    report.ok("signature", f"{MANIFEST} is signed by key {key_id}, made {listed.made_at} by {listed.portal}")
    if not given:
        text = f"whose key that is was not checked: give the one that the portal publishes by --key ({ADVICE})"
        report.note("key_unchecked", text)
    elif key_id in given:
        report.ok("key", "the key is one of those that you gave")
    else:
        report.wrong("key", f"the key {key_id} is none of those that you gave")
    return listed


def _check_entries(container: Container, listed: Manifest, report: Report) -> None:
    names = manifest.names_of(listed.entries)
    if container.names != names:
        _say_what_differs(container.names, names, report)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        report.wrong("incomplete", f"missing in {MANIFEST}: {', '.join(missing)}")
    for entry in listed.entries:
        if entry.name not in container.names:
            continue
        try:
            measured = container.measure(entry.name)
        except BrokenError as error:
            report.wrong("entry_unreadable", str(error))
            continue
        if measured != (entry.size_bytes, entry.sha256):
            report.wrong("entry_changed", f"{entry.name} was changed")
        else:
            report.ok("entry", f"{entry.name}: SHA-256 {entry.sha256}")


def _say_what_differs(found: list[str], expected: list[str], report: Report) -> None:
    for name in expected:
        if name not in found:
            report.wrong("entry_missing", f"{name} is missing")
    for name in found:
        if name not in expected:
            report.wrong("entry_added", f"{name} was added")
    if sorted(found) == sorted(expected):
        report.wrong("entry_order", "the entries stand in another order")


def _check_chain(events: Mapping[str, Any], listed: Manifest, report: Report) -> None:
    links = _links(events)
    if events.get("chain") != listed.chain_name:
        report.wrong("chain", f"{EVENTS} is of another chain than {MANIFEST} says")
        return
    faults = list(islice(chain.faults(listed.chain_name, links), MOST_FAULTS))  # a number may claim that millions miss
    for fault in faults:
        report.wrong("chain", str(fault))
    if (len(links), links[-1].hash if links else chain.FIRST) != (listed.chain_count, listed.chain_head):
        report.wrong("chain_end", "the chain of events ends elsewhere than the manifest says")
    elif not faults:
        report.ok("chain", f"the chain of {len(links)} events holds")
    if erased := ", ".join(str(link.number) for link in links if link.details is None):
        report.note("erased", f"personal details were erased from event {erased}; that they happened is still proven")


def _links(events: Mapping[str, Any]) -> list[chain.Link]:
    try:
        return [
            chain.Link(
                event={**row["event"], "number": int(row["event"]["number"])},
                previous_hash=str(row["previous_hash"]),
                hash=str(row["hash"]),
                details=None if row["details"] is None else dict(row["details"]),
            )
            for row in events["events"]
        ]
    except (KeyError, TypeError, ValueError):
        raise BrokenError(f"{EVENTS} is not what it should be") from None


def _signed_documents(facts: Mapping[str, Any]) -> dict[str, str]:
    """Kind → name of the entry, of those that are here."""
    told = facts.get("signed_documents")
    rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
    return {str(row.get("kind")): str(row["entry"]) for row in rows if row.get("entry")}


def _check_stored(events: Mapping[str, Any], signed: Mapping[str, str], listed: Manifest, report: Report) -> None:
    """What the timeline says was stored is what is here."""
    hashes = {entry.name: entry.sha256 for entry in listed.entries}
    for link in _links(events):
        data = (link.details or {}).get("data")
        if link.event.get("kind") != STORED or not isinstance(data, dict) or "sha256" not in data:
            continue
        name = signed.get(str(data.get("document")))
        if name is not None and hashes.get(name) != data["sha256"]:
            report.wrong("stored", f"{name} is not the document that the timeline says was stored")
