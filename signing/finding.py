"""Finding envelopes by words: of the subject, the people, the documents; and by the ids they go by.

The words of an envelope are rows of their own, so that any database finds the beginning of a word by an index, in a
million envelopes as in ten. Whoever changes what is found calls `index` in the same transaction.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import and_

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Envelope, EnvelopeStatus, SearchWord
from .models.desk import WORD_MAX_LENGTH

# Scripts without spaces are found by each of their characters.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+")
DOCUSIGN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f-]{0,27})?")
OUR_ID = re.compile(r"#?(\d{1,18})")
MOST_WORDS = 8  # of a question; more make it no clearer
RARE = 1000  # a word with no more envelopes than this decides alone
REACH = 200_000  # how far back common words are looked for, in envelopes


def words_of(texts: Iterable[str]) -> set[str]:
    """Without case and accents, cut to what a row holds."""
    return {word[:WORD_MAX_LENGTH] for text in texts for word in WORD.findall(_plain(text))}


def index(envelope: Envelope) -> None:
    """Bring the words of an envelope to what it says now. Templates are not found here."""
    if envelope.status == EnvelopeStatus.TEMPLATE:
        return
    texts = [envelope.subject, *envelope.documents.values_list("name", flat=True)]
    for name, email in envelope.recipients.values_list("name", "email"):
        texts += [name, email]
    wanted = words_of(texts)
    known = set(envelope.search_words.values_list("word", flat=True))
    if gone := known - wanted:
        envelope.search_words.filter(word__in=gone).delete()
    rows = [SearchWord(envelope=envelope, word=word) for word in sorted(wanted - known)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True)


def matching(text: str) -> Q:
    """Chooses the envelopes that have, for each word of `text`, a word that begins with it; or go by it as an id.

    Reads a few rows to learn which words are rare. A question of common words alone looks through the latest
    REACH envelopes.
    """
    if (by_id := _by_id(text)) is not None:
        return by_id
    words = sorted(words_of([text]), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return Q()
    common = []
    for word in words:
        ids = list(_rows(word).values_list("envelope_id", flat=True)[: RARE + 1])
        if len(ids) <= RARE:
            others = [Q(_has(other)) for other in words if other != word]
            return reduce(and_, others, Q(pk__in=ids))
        common.append(Q(_has(word)))
    newest = Envelope.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return reduce(and_, common, Q(pk__gt=newest - REACH))


def _by_id(text: str) -> Q | None:
    """None when it is no id. A bare number may be a word, too: of a contract, of a year."""
    stripped = text.strip().casefold()
    if DOCUSIGN_ID.fullmatch(stripped) and not stripped.isdecimal():
        return _starts_with("docusign_id", stripped)
    match = OUR_ID.fullmatch(stripped)
    if match is None:
        return None
    if stripped.startswith("#"):
        return Q(pk=int(match[1]))
    ids = list(_rows(stripped).values_list("envelope_id", flat=True)[:RARE])
    return Q(pk__in={int(match[1]), *ids})


def _rows(word: str) -> QuerySet[SearchWord]:
    return SearchWord.objects.filter(_starts_with("word", word))


def _has(word: str) -> Exists:
    return Exists(_rows(word).filter(envelope=OuterRef("pk")))


def _starts_with(column: str, beginning: str) -> Q:
    """SQLite uses its index for a range alone, PostgreSQL (in an order of its own) for LIKE alone."""
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": beginning, f"{column}__lt": beginning + "\U0010ffff"})
    return Q(**{f"{column}__startswith": beginning})


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
