"""The proof bundle of an envelope, written while it is read: everything that is needed to prove it without the portal.

What stands in it and how it is checked is `signing.verify`'s to say; here it is written.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from . import proof_facts, proof_keys
from .models import Envelope, EnvelopeStatus, Proof, Verification
from .proof_events import links_of
from .proof_facts import Paper
from .verify import chain, manifest
from .verify.manifest import Entry, Manifest
from .zips import CHUNK_BYTES, Sink, add, safe


@dataclass(slots=True)
class _Writer:
    """Adds entries and remembers what they are."""

    sink: Sink = field(default_factory=Sink)
    entries: list[Entry] = field(default_factory=list)
    archive: zipfile.ZipFile = field(init=False)

    def __post_init__(self) -> None:
        self.archive = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_STORED)

    def add(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        digest, count = hashlib.sha256(), 0

        def counted() -> Iterator[bytes]:
            nonlocal count
            for chunk in chunks:
                digest.update(chunk)
                count += len(chunk)
                yield chunk

        yield from add(self.archive, self.sink, name, counted())
        self.entries.append(Entry(name, count, digest.hexdigest()))


def can_be_proven(envelope: Envelope) -> bool:
    """It has ended, and what was signed is here, or will never be."""
    is_settled = envelope.documents_stored_at is not None or envelope.documents_purged
    return envelope.is_terminal and (is_settled or envelope.status != EnvelopeStatus.COMPLETED)


def filename_of(envelope: Envelope) -> str:
    return f"{safe(envelope.subject) or 'envelope'} - proof.zip"


def stream(envelope: Envelope) -> Iterator[bytes]:
    """The zip, piece by piece. What the timeline says until now is in it."""
    proof, _made = Proof.objects.get_or_create(envelope=envelope)
    key, private = proof_keys.current()
    facts = proof_facts.facts(envelope, proof)
    links = links_of(envelope)
    made_at = timezone.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    shown = {"facts": facts, "made_at": made_at, "key": key, "organisation": settings.ORGANISATION_NAME}
    writer = _Writer()
    yield from writer.add(manifest.README, [render_to_string("proof/README.txt", shown | _portal()).encode()])
    yield from writer.add(manifest.PAGE, [_page(envelope, shown, links).encode()])
    yield from writer.add(manifest.FACTS, [_json(facts)])
    yield from writer.add(manifest.EVENTS, [_json(_events(envelope, links))])
    yield from writer.add(manifest.PUBLIC_KEY, [key.public_key.encode()])
    for paper in (*proof_facts.signed_papers(envelope), *proof_facts.sent_papers(envelope)):
        if paper.is_here:
            yield from writer.add(paper.name, _content(paper))
    listed = manifest.write(
        Manifest(
            made_at=made_at,
            portal=settings.PORTAL_BASE_URL,
            key_id=key.key_id,
            chain_name=chain.chain_name(envelope.pk),
            chain_count=len(links),
            chain_head=links[-1].hash if links else chain.FIRST,
            entries=tuple(writer.entries),
        )
    )
    yield from writer.add(manifest.MANIFEST, [listed])
    yield from writer.add(manifest.SIGNATURE, [manifest.sign(listed, private)])
    writer.archive.close()
    yield writer.sink.take()


def _content(paper: Paper) -> Iterator[bytes]:
    with paper.file.open("rb") as source:
        yield from iter(lambda: source.read(CHUNK_BYTES), b"")


def _events(envelope: Envelope, links: list[chain.Link]) -> dict[str, Any]:
    rows = [
        {
            "event": dict(link.event),
            "previous_hash": link.previous_hash,
            "hash": link.hash,
            "details": None if link.details is None else dict(link.details),
        }
        for link in links
    ]
    return {"chain": chain.chain_name(envelope.pk), "events": rows}


def _page(envelope: Envelope, shown: dict[str, Any], links: list[chain.Link]) -> str:
    address = shown["facts"]["proof"]["address"]
    svg = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2, light="#fff", omitsize=True)
    people, words = envelope.recipients.prefetch_related("email_codes"), proof_facts.hosts_words(envelope)
    more = {
        "qr": svg,
        "status": EnvelopeStatus(envelope.status).label,
        "people": [(person, words.get(person.number, [])) for person in people],
        "email_code": Verification.EMAIL_CODE,
        "events": len(links),
        "head": links[-1].hash if links else chain.FIRST,
        "envelope": envelope,
    }
    return render_to_string("proof/page.html", shown | more | _portal())


def _portal() -> dict[str, str]:
    return {"portal": settings.PORTAL_BASE_URL}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
